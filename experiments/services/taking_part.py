"""Who sees which variant, and that they saw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, Case, F, Q, Value, When
from django.utils import timezone

from flags.facade import context_of

from .. import metrics, selectors
from ..engine.assignment import Asked, Assignment, Why, assign
from ..models import (
    LONGEST_SEGMENT,
    Experiment,
    ExperimentParticipation,
    LeftOut,
    State,
)
from ..serving import Running, compiled, shelf

# From nought on: the first of a process would be none to `rate` otherwise.
for _why in Why:
    metrics.SHOWN.labels(_why.value)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is shown a variant.

    Attributes
    ----------
    respondent, session
        Units, as digests; at least one.
    attributes
        What audiences ask about.
    is_bot
        Whether it said so of itself, before any arm was shown.
    is_test
        Whether this is a look, and no answer: it is in no result.
    forced
        Variants that somebody wants to see, by experiment.
    """

    respondent: str = ""
    session: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)
    is_bot: bool = False
    is_test: bool = False
    forced: Mapping[str, str] = field(default_factory=dict)

    def unit_in(self, running: Running) -> str:
        """Return as which unit an experiment knows them."""
        if running.design.unit == "session":
            return self.session or self.respondent
        return self.respondent or self.session


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visitor sees of an experiment, and why."""

    experiment: str
    variant: str
    payload: Mapping[str, Any]
    why: Why
    takes_part: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A visitor's place in one experiment."""

    running: Running
    unit: str
    assignment: Assignment

    @property
    def shown(self) -> Shown:
        """Return what callers get to see."""
        given = self.assignment
        return Shown(
            self.running.name,
            given.variant.name,
            given.variant.payload,
            given.why,
            given.takes_part,
        )


def show_all(*, organization_id: UUID, visitor: Visitor) -> list[Shown]:
    """Put a visitor into every experiment that runs for them; record what they see."""
    running = shelf.of(organization_id)
    return _show(organization_id, running, visitor, exposes=True) if running else []


def show(
    *, organization_id: UUID, name: str, visitor: Visitor, exposes: bool = True
) -> Shown:
    """Return what a visitor sees of one experiment.

    Never fails for want of an experiment: what there is not, or does not run, shows the
    control, and `why` says so. `exposes` records that it was seen.
    """
    running = next((r for r in shelf.of(organization_id) if r.name == name), None)
    if running is not None:
        return _show(organization_id, [running], visitor, exposes=exposes)[0]
    row = Experiment.objects.of(organization_id).filter(name=name).first()
    if row is None:
        metrics.count_shown(Why.UNKNOWN_EXPERIMENT)
        return Shown(name, "control", {}, Why.UNKNOWN_EXPERIMENT, takes_part=False)
    return _not_running(row, visitor)


def _not_running(row: Experiment, visitor: Visitor) -> Shown:
    """Return the control, or a draft's variant for who wants to look at it."""
    design = compiled(row).design
    asked_for = visitor.forced.get(row.name)
    found = next((one for one in design.variants if one.name == asked_for), None)
    if found is not None and row.state == State.DRAFT:
        return Shown(row.name, found.name, found.payload, Why.FORCED, takes_part=False)
    control = design.control
    metrics.count_shown(Why.NOT_RUNNING)
    return Shown(
        row.name, control.name, control.payload, Why.NOT_RUNNING, takes_part=False
    )


def _show(
    organization_id: UUID,
    running: Sequence[Running],
    visitor: Visitor,
    *,
    exposes: bool,
) -> list[Shown]:
    """Assign, record, and return what is shown."""
    units = {one.id: visitor.unit_in(one) for one in running}
    held = _held(organization_id, units)
    context = context_of(organization_id, visitor.respondent, **visitor.attributes)
    places = []
    for one in running:
        asked = Asked(
            unit=units[one.id],
            in_audience=one.is_meant(context),
            held=held.get((one.id, units[one.id])),
            forced=visitor.forced.get(one.name),
        )
        given = assign(one.design, one.seed, asked)
        metrics.count_shown(given.why)
        places.append(_Place(one, units[one.id], given))
    if exposes:
        _record(organization_id, places, visitor)
    return [place.shown for place in places]


def _held(
    organization_id: UUID, units: Mapping[UUID, str]
) -> dict[tuple[UUID, str], str]:
    """Return the variants that units were in before."""
    rows = selectors.participations(
        organization_id=organization_id, units=set(units.values())
    )
    return {
        (experiment_id, unit): variant
        for experiment_id, unit, variant in rows.values_list(
            "experiment_id", "unit", "variant"
        )
    }


@transaction.atomic
def _record(organization_id: UUID, places: Sequence[_Place], visitor: Visitor) -> None:
    """Record one exposure of each place, in one order: nobody waits in a ring."""
    seen = sorted(
        (place for place in places if place.assignment.takes_part),
        key=lambda place: (place.running.id, place.unit),
    )
    rows = [_row(organization_id, place, visitor) for place in seen]
    ExperimentParticipation.objects.bulk_create(rows, ignore_conflicts=True)
    now = timezone.now()
    for place in seen:
        other = Case(
            When(~Q(variant=place.assignment.variant.name), then=Value(value=True)),
            default=F("saw_others"),
            output_field=BooleanField(),
        )
        ExperimentParticipation.objects.filter(
            organization_id=organization_id,
            experiment_id=place.running.id,
            unit=place.unit,
        ).update(exposures=F("exposures") + 1, last_at=now, saw_others=other)


def _row(
    organization_id: UUID, place: _Place, visitor: Visitor
) -> ExperimentParticipation:
    """Return the row of a newcomer, whose exposure is counted afterwards.

    Declared programs take part in whichever arm they draw, so that no rule about them
    knows an arm; results are shown with and without them.
    """
    left_out = LeftOut.NOT
    if visitor.is_test or place.assignment.why is Why.FORCED:
        left_out = LeftOut.FORCED
    elif visitor.is_bot:
        left_out = LeftOut.BOT
    return ExperimentParticipation(
        organization_id=organization_id,
        experiment_id=place.running.id,
        unit=place.unit,
        phase=place.running.phase,
        variant=place.assignment.variant.name,
        left_out=left_out,
        exposures=0,
        segment=_segment(place.running, visitor),
    )


def _segment(running: Running, visitor: Visitor) -> str:
    """Return what results are shown apart by."""
    said = visitor.attributes.get(running.design.segment_by)
    plain = isinstance(said, str | int | bool)
    return str(said)[:LONGEST_SEGMENT].replace("\0", "") if plain else ""
