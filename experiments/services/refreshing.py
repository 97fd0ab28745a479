"""Bring an experiment's numbers up to date: what is new, a day at a time.

Each day is one transaction: units' values, the day's numbers, and up to where all is
counted. Whoever is killed in it leaves nothing behind, and the next one does the same.
The numbers of a day that is over are never touched again, so a verdict can be computed
anew from what was known then.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from common.tenancy import scope

from .. import metrics as counters
from ..engine.design import Design, Metric, read
from ..engine.figures import Figure
from ..models import (
    Experiment,
    ExperimentMoments,
    ExperimentUnitValue,
    Population,
    State,
)
from .counting import (
    Counted,
    Group,
    cap_of,
    left_out_by_variant,
    matured_before,
    quantile_of,
    steps_of,
    sums_by_group,
    units,
    units_by_group,
)
from .dialect import hold
from .pooling import pooled, with_units
from .rollup import Span, roll_up

log = structlog.get_logger(__name__)

# What began before it was counted until and was committed after: computing a unit twice
# does no harm, so this may be long. No request of ours takes a minute.
OVERLAP: Final = timedelta(minutes=10)
# Nothing is counted more often.
LEAST_STEP: Final = timedelta(seconds=1)
# A week after the last window is over nothing new comes.
COUNTED_AFTER_STOP: Final = timedelta(days=7)


def refresh(
    *, organization_id: UUID, experiment_id: UUID, now: datetime | None = None
) -> int:
    """Count what is new in an experiment; return how many days were written.

    Raises
    ------
    Experiment.DoesNotExist
        There is no such experiment.
    """
    until, written = now or timezone.now(), 0
    started = time.perf_counter()
    while refresh_day(
        organization_id=organization_id, experiment_id=experiment_id, until=until
    ):
        written += 1
    counters.REFRESHING.observe(time.perf_counter() - started)
    return written


@transaction.atomic
def recount(*, organization_id: UUID, experiment_id: UUID) -> None:
    """Forget what was counted; the next refresh counts every day anew.

    What came late then counts from its own day on.
    """
    row = _held(organization_id, experiment_id)
    whose = {"organization_id": organization_id, "experiment_id": experiment_id}
    ExperimentMoments.objects.filter(**whose).delete()
    ExperimentUnitValue.objects.filter(**whose).delete()
    _note(row, None)


def due() -> list[tuple[UUID, UUID]]:
    """Return the experiments that are to be counted: organization and experiment."""
    with scope.everywhere("experiments.due"):
        rows = Experiment.objects.filter(state__in=[State.RUNNING, State.STOPPED])
        found = list(rows.order_by("counted_until"))
    return [(row.organization_id, row.id) for row in found if not _is_over(row)]


def _is_over(row: Experiment) -> bool:
    """Say whether nothing new will come."""
    if row.stopped_at is None or row.counted_until is None:
        return False
    window = timedelta(hours=read(row.design).longest_window_hours)
    return row.counted_until > row.stopped_at + window + COUNTED_AFTER_STOP


@transaction.atomic
def refresh_day(
    *, organization_id: UUID, experiment_id: UUID, until: datetime | None = None
) -> datetime | None:
    """Count the first day that is not counted; return it, None if there is none.

    The day of `until` (now) is counted up to that moment, and again the next time.
    """
    last = until or timezone.now()
    row = _held(organization_id, experiment_id)
    since = row.counted_until or row.started_at
    # A second more is no day more: who counts until there is none would never end.
    if since is None or (last - since) < LEAST_STEP:
        return None
    end = min(_end_of_day(since), last)
    design = read(row.design)
    first = row.counted_until is None
    roll_up(
        organization_id=organization_id,
        experiment_id=experiment_id,
        design=design,
        span=Span(None if first else since - OVERLAP, end),
    )
    # A moment at midnight belongs to the day that ends with it.
    _write_day(row, design, end, (end - timedelta(microseconds=1)).date())
    _note(row, end)
    return end


def _held(organization_id: UUID, experiment_id: UUID) -> Experiment:
    """Return an experiment that nobody else counts meanwhile."""
    hold(experiment_id)
    return Experiment.objects.of(organization_id).get(id=experiment_id)


def _note(row: Experiment, until: datetime | None) -> None:
    """Note up to where an experiment is counted; last, for this holds its row."""
    Experiment.objects.of(row.organization_id).filter(id=row.id).update(
        counted_until=until
    )


def _end_of_day(moment: datetime) -> datetime:
    """Return the next midnight, UTC."""
    day = moment.astimezone(UTC).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _write_day(row: Experiment, design: Design, until: datetime, day: date) -> None:
    """Write the numbers of a day, in the place of what it had so far."""
    rows = [
        ExperimentMoments(
            organization_id=row.organization_id,
            experiment_id=row.id,
            day=day,
            **fields,
        )
        for fields in _numbers(row, design, until)
    ]
    ExperimentMoments.objects.filter(
        organization_id=row.organization_id, experiment_id=row.id, day=day
    ).delete()
    ExperimentMoments.objects.bulk_create(rows, batch_size=500)


def _numbers(
    row: Experiment, design: Design, until: datetime
) -> Iterator[dict[str, Any]]:
    """Yield what is counted: units, and each metric."""
    everybody = units(row.id, row.organization_id)
    counts = units_by_group(everybody, until)
    left_out = left_out_by_variant(row.id, row.organization_id, until)
    for key, sums in pooled({g: Figure(n) for g, n in counts.items()}):
        extra = left_out.get((key.phase, key.variant), {}) if key.is_whole else {}
        yield {**key.columns, "n": sums.n, "extra": extra}
    for metric in design.metrics:
        before = matured_before(metric, until)
        matured = units_by_group(everybody, before)
        counted = Counted(row.organization_id, row.id, metric.name, before)
        yield from _of_metric(metric, counted, matured)


def _of_metric(
    metric: Metric, counted: Counted, matured: Mapping[Group, int]
) -> Iterator[dict[str, Any]]:
    """Yield a metric's numbers by arm."""
    cap = None
    if metric.cap_percentile:
        cap = cap_of(counted, metric.cap_percentile, sum(matured.values()))
    values = sums_by_group(counted, cap)
    reached = steps_of(counted, len(metric.steps)) if metric.steps else {}
    with_noughts = {
        group: with_units(values.get(group), number)
        for group, number in matured.items()
    }
    for key, sums in pooled(with_noughts):
        extra: dict[str, Any] = {} if cap is None else {"cap": cap}
        is_plain = key.is_whole and key.population == Population.PEOPLE
        if metric.kind == "quantile" and is_plain:
            found = quantile_of(counted, metric.level, key.phase, key.variant)
            extra |= {"quantile": found}
        if reached and is_plain:
            extra |= {"steps": reached.get((key.phase, key.variant), [])}
        yield {
            **key.columns,
            "metric": metric.name,
            "n": sums.n,
            "mean": sums.mean,
            "m2": sums.m2,
            "beside_mean": sums.beside_mean,
            "beside_m2": sums.beside_m2,
            "cross": sums.cross,
            "extra": extra,
        }
