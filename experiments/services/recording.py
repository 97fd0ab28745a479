"""What units did, each event once."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import FieldError, InvalidInputError
from common.ids import new_id

from .. import metrics, selectors
from ..engine.checking import is_name
from ..engine.design import AUTOMATIC
from ..identity import LONGEST_UNIT
from ..models import Experiment, ExperimentEvent, State
from .identifying import unit_of_session

# Clocks of callers differ; what is further ahead is a mistake.
MOST_AHEAD: Final = timedelta(minutes=5)
# The longest conversion window.
MOST_LATE: Final = timedelta(days=90)
LARGEST_VALUE: Final = 1e15


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a unit did.

    Attributes
    ----------
    value
        In the unit of its metric; 1 of what just happens.
    at
        When; now if it is not said.
    key
        What makes a repeat the same event. Without one, a repeat with `at` is the same.
    """

    name: str
    value: float = 1.0
    at: datetime | None = None
    key: str = ""


def track(
    *, organization_id: UUID, name: str, unit: str, events: Sequence[Event]
) -> int:
    """Record what a unit did in an experiment; return how many events were new.

    Raises
    ------
    NotFoundError
        There is no such experiment.
    InvalidInputError
        An event cannot be; each error names its place. Nothing was recorded.
    """
    row = selectors.experiment(organization_id=organization_id, name=name)
    now = timezone.now()
    errors = [
        FieldError(f"/events/{at}/{field}", told)
        for at, event in enumerate(events)
        for field, told in _faults(event, now)
    ]
    if errors:
        raise InvalidInputError(errors[0].detail, errors)
    if row.state not in {State.RUNNING, State.STOPPED}:
        return 0
    rows = [_row(row, unit, event, now) for event in events]
    added = _add(rows)
    metrics.count_events("tracked", added)
    return added


def record_session(
    *,
    organization_id: UUID,
    session_id: UUID,
    events: Mapping[str, float],
    tracked: Sequence[tuple[str, float]] = (),
    at: datetime,
) -> int:
    """Record what happened in a session, in every experiment that it is part of.

    `events` are ours, each once; `tracked` is what the page told of itself, in its
    order. Doing it again changes nothing. Returns how many events were new.
    """
    unit = unit_of_session(organization_id=organization_id, session_id=session_id)
    parts = selectors.participations(organization_id=organization_id, units=[unit])
    alive = Experiment.objects.of(organization_id).filter(
        id__in=parts.values("experiment_id"), state__in=[State.RUNNING, State.STOPPED]
    )
    found = [
        Event(name, value, at, f"{session_id}:{name}") for name, value in events.items()
    ]
    found += [
        Event(name, value, at, f"{session_id}:{number}:{name}")
        for number, (name, value) in enumerate(tracked)
        if is_name(name) and name not in AUTOMATIC
    ]
    rows = [_row(row, unit, event, at) for row in alive for event in found]
    added = _add(rows)
    metrics.count_events("automatic", added)
    return added


def _add(rows: Sequence[ExperimentEvent]) -> int:
    """Add events that are not there yet; return how many."""
    if not rows:
        return 0
    mine = {one.key for one in rows}
    experiment_ids = {one.experiment_id for one in rows}
    there = ExperimentEvent.objects.filter(
        organization_id=rows[0].organization_id,
        experiment_id__in=experiment_ids,
        key__in=mine,
    )
    known = set(there.values_list("experiment_id", "key"))
    fresh = [one for one in rows if (one.experiment_id, one.key) not in known]
    ExperimentEvent.objects.bulk_create(fresh, ignore_conflicts=True)
    return len({(one.experiment_id, one.key) for one in fresh})


def _row(
    experiment: Experiment, unit: str, event: Event, now: datetime
) -> ExperimentEvent:
    """Return an event's row."""
    return ExperimentEvent(
        organization_id=experiment.organization_id,
        experiment_id=experiment.id,
        unit=unit,
        name=event.name,
        value=event.value,
        at=event.at or now,
        key=_key(unit, event),
    )


def _key(unit: str, event: Event) -> str:
    """Return what tells an event from every other one of its experiment."""
    if event.key:
        told = f"key:{unit}:{event.key}"
    elif event.at:
        told = f"at:{unit}:{event.name}:{event.at.timestamp()}"
    else:
        told = f"new:{new_id()}"
    return hashlib.sha256(told.encode()).hexdigest()[:LONGEST_UNIT]


def _faults(event: Event, now: datetime) -> list[tuple[str, str]]:
    """Return what is wrong with an event: the field, and a sentence."""
    found = []
    if not is_name(event.name):
        found.append(("name", _("This is not the name of an event.")))
    elif event.name in AUTOMATIC:
        told = _("Bonafide records this event itself: give yours another name.")
        found.append(("name", told))
    if not math.isfinite(event.value) or abs(event.value) > LARGEST_VALUE:
        found.append(("value", _("This is not a number that can be added up.")))
    if event.at and not now - MOST_LATE <= event.at <= now + MOST_AHEAD:
        told = _("This lies in the future, or more than 90 days back.")
        found.append(("at", told))
    return found
