"""Experiments that run, kept in the process: each request asks for them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import Q
from django.utils import timezone

from common.errors import InvalidInputError
from flags.facade import Audience, Context, audience_of

from .engine.design import Design, read
from .models import Experiment, State

log = structlog.get_logger(__name__)

# What is stopped is still shown for so long elsewhere; asking costs one small query.
KEPT_S: Final = 5.0
# The longest conversion window: later nothing is counted any more.
LONGEST_WINDOW: Final = timedelta(days=90)
# Organizations; beyond that all are forgotten at once.
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Running:
    """An experiment that runs."""

    id: UUID
    name: str
    seed: str
    phase: int
    design: Design
    is_meant: Audience


@dataclass(frozen=True, slots=True)
class _Held:
    """What an organization has: what runs, and whether anything is still counted."""

    at: float
    running: Sequence[Running]
    is_counting: bool


class Shelf:
    """What runs, by organization."""

    def __init__(self) -> None:
        self._held: dict[UUID, _Held] = {}

    def of(self, organization_id: UUID) -> Sequence[Running]:
        """Return what runs, not much older than `KEPT_S`."""
        return self._fresh(organization_id).running

    def is_counting(self, organization_id: UUID) -> bool:
        """Say whether events are wanted: of what runs, or was stopped lately."""
        return self._fresh(organization_id).is_counting

    def _fresh(self, organization_id: UUID) -> _Held:
        held = self._held.get(organization_id)
        if held is not None and time.monotonic() - held.at < KEPT_S:
            return held
        found = _read(organization_id)
        if len(self._held) >= _MOST:
            self._held.clear()
        self._held[organization_id] = found
        return found

    def forget(self, organization_id: UUID | None = None) -> None:
        """Read anew, of one organization or all."""
        if organization_id is None:
            self._held.clear()
        else:
            self._held.pop(organization_id, None)


shelf: Final = Shelf()


def compiled(row: Experiment) -> Running:
    """Return a stored experiment, ready to be asked."""
    design = read(row.design)
    try:
        is_meant = audience_of(design.audience)
    except InvalidInputError:
        # It was checked when it was stored: another version of the rules wrote it.
        log.exception("experiment.unreadable", experiment_id=str(row.id))
        is_meant = _nobody
    return Running(row.id, row.name, row.seed, row.phase, design, is_meant)


def _nobody(context: Context) -> bool:
    """Let nobody take part."""
    return False


def _read(organization_id: UUID) -> _Held:
    """Return what runs, in the order in which it was made."""
    at = time.monotonic()
    lately = Q(state=State.STOPPED, stopped_at__gt=timezone.now() - LONGEST_WINDOW)
    rows = Experiment.objects.of(organization_id).filter(
        Q(state=State.RUNNING) | lately
    )
    found = list(rows.order_by("id"))
    running = [compiled(row) for row in found if row.state == State.RUNNING]
    return _Held(at, running, is_counting=bool(found))
