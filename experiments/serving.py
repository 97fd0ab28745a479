"""Experiments that run, kept in the process: each request asks for them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from common.errors import InvalidInputError
from flags.facade import Audience, Context, audience_of

from .engine.design import Design, read
from .models import Experiment, State

log = structlog.get_logger(__name__)

# What is stopped is still shown for so long elsewhere; asking costs one small query.
KEPT_S: Final = 5.0
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


class Shelf:
    """What runs, by organization."""

    def __init__(self) -> None:
        self._held: dict[UUID, tuple[float, Sequence[Running]]] = {}

    def of(self, organization_id: UUID) -> Sequence[Running]:
        """Return what runs, not much older than `KEPT_S`."""
        now = time.monotonic()
        held = self._held.get(organization_id)
        if held is not None and now - held[0] < KEPT_S:
            return held[1]
        found = _read(organization_id)
        if len(self._held) >= _MOST:
            self._held.clear()
        self._held[organization_id] = (now, found)
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


def _read(organization_id: UUID) -> Sequence[Running]:
    """Return what runs, in the order in which it was made."""
    rows = Experiment.objects.of(organization_id).filter(state=State.RUNNING)
    return [compiled(row) for row in rows.order_by("id")]
