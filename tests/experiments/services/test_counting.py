"""From exposures and events to numbers, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from accounts.models import Organization
from experiments.engine.design import read
from experiments.models import (
    Experiment,
    ExperimentEvent,
    ExperimentMoments,
    ExperimentParticipation,
    ExperimentUnitValue,
)
from experiments.services import refreshing
from tests.experiments.world import run

pytestmark = [pytest.mark.django_db, pytest.mark.api]

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
METRICS = [
    {"name": "done", "event": "bought", "role": "goal"},
    {"name": "sum", "event": "bought", "kind": "mean", "role": "secondary"},
    {"name": "times", "event": "bought", "kind": "count", "role": "secondary"},
    {"name": "soon", "event": "bought", "window_hours": 24.0, "role": "secondary"},
    {"name": "share", "event": "bought", "per": "seen", "kind": "ratio"},
    {"name": "median", "event": "bought", "kind": "quantile", "level": 0.5},
    {"name": "before", "event": "bought", "kind": "mean", "covariate": True},
    {"name": "capped", "event": "bought", "kind": "mean", "cap_percentile": 0.9},
    {"name": "way", "kind": "funnel", "steps": ["seen", "bought"], "role": "secondary"},
]


@pytest.fixture
def experiment(organization: Organization) -> Experiment:
    """An experiment that has run for ten days."""
    row = run(organization.id, metrics=METRICS)
    Experiment.objects.filter(id=row.id).update(started_at=START)
    row.refresh_from_db()
    return row


def fill(row: Experiment, units: int = 60, days: int = 5) -> None:
    """Leave made-up units and events behind."""
    random = np.random.default_rng(7)
    for number in range(units):
        first = START + timedelta(days=float(random.uniform(0, days)))
        unit = f"{number:032d}"
        ExperimentParticipation.objects.create(
            organization_id=row.organization_id,
            experiment=row,
            unit=unit,
            phase=1,
            variant=("control", "short")[number % 2],
            left_out={9: "bot", 3: "forced"}.get(number % 10, ""),
            saw_others=number % 20 == 8,
            segment=("mobile", "desktop")[number % 3 == 0],
            first_at=first,
        )
        for event in range(int(random.integers(0, 4))):
            at = first + timedelta(hours=float(random.uniform(-10, 60)))
            ExperimentEvent.objects.create(
                organization_id=row.organization_id,
                experiment=row,
                unit=unit,
                name=("bought", "seen")[event % 2],
                value=float(random.integers(1, 50)),
                at=at,
                received_at=max(at, first),
                key=f"{number}:{event}",
            )


def numbers(row: Experiment, **wanted: Any) -> list[dict[str, Any]]:
    """Return what was counted, without ids."""
    found = ExperimentMoments.objects.filter(
        organization_id=row.organization_id, experiment=row, **wanted
    )
    fields = ["phase", "day", "population", "metric", "variant", "segment"]
    sums = ["n", "mean", "m2", "beside_mean", "beside_m2", "cross", "extra"]
    return list(found.order_by(*fields).values(*fields, *sums))


def same(some: list[dict[str, Any]], others: list[dict[str, Any]]) -> bool:
    """Say whether numbers are the same, but for the last digit of a sum of floats."""
    floats = ["n", "mean", "m2", "beside_mean", "beside_m2", "cross"]
    for one, other in zip(some, others, strict=True):
        if {k: one[k] for k in one.keys() - set(floats)} != {
            k: other[k] for k in other.keys() - set(floats)
        }:
            return False
        if [one[k] for k in floats] != pytest.approx([other[k] for k in floats], 1e-12):
            return False
    return True


def refresh(row: Experiment, until: datetime) -> int:
    """Count up to a moment."""
    return refreshing.refresh(
        organization_id=row.organization_id, experiment_id=row.id, now=until
    )


def expected(row: Experiment, name: str, variant: str, until: datetime) -> Any:
    """Return a metric's values of all people of an arm, by the definition."""
    metric = next(one for one in read(row.design).metrics if one.name == name)
    found = []
    parts = ExperimentParticipation.objects.filter(
        experiment=row, variant=variant, left_out="", saw_others=False
    )
    window = timedelta(hours=metric.window_hours)
    for part in parts:
        if part.first_at > until - window:
            continue
        events = ExperimentEvent.objects.filter(
            experiment=row, unit=part.unit, received_at__lte=until
        )
        inside = [
            e
            for e in events
            if e.at >= part.first_at and (not window or e.at <= part.first_at + window)
        ]
        mine = [e.value for e in inside if e.name == metric.event]
        beside = [e.value for e in inside if e.name == metric.per]
        if metric.covariate:
            beside = [
                e.value
                for e in events
                if e.name == metric.event and e.at < part.first_at
            ]
        value = {"proportion": float(bool(mine)), "count": float(len(mine))}.get(
            metric.kind, sum(mine)
        )
        found.append([value, sum(beside)])
    return np.array(found)


@pytest.mark.parametrize("name", ["done", "sum", "times", "soon", "share", "before"])
def test_numbers_are_those_of_the_definition(experiment: Experiment, name: str) -> None:
    """Counted day by day, in SQL; and at once, in Python."""
    fill(experiment)
    until = START + timedelta(days=6)
    assert refresh(experiment, until) == 7
    for variant in ("control", "short"):
        [row] = numbers(
            experiment,
            day=until.date(),
            population="people",
            metric=name,
            variant=variant,
            segment="",
        )
        values = expected(experiment, name, variant, until)
        assert row["n"] == len(values)
        mean = values.mean(axis=0)
        away = values - mean
        assert [row["mean"], row["beside_mean"]] == pytest.approx(mean)
        assert row["m2"] == pytest.approx((away[:, 0] ** 2).sum())
        assert row["beside_m2"] == pytest.approx((away[:, 1] ** 2).sum())
        assert row["cross"] == pytest.approx((away[:, 0] * away[:, 1]).sum(), abs=1e-6)


def test_day_by_day_is_as_at_once(experiment: Experiment) -> None:
    """However often somebody counted on the way."""
    fill(experiment)
    until = START + timedelta(days=6)
    for hours in range(1, 6 * 24, 7):
        refresh(experiment, START + timedelta(hours=hours))
    refresh(experiment, until)
    often = numbers(experiment)
    ExperimentMoments.objects.all().delete()
    ExperimentUnitValue.objects.all().delete()
    Experiment.objects.update(counted_until=None)
    refresh(experiment, until)
    assert same(numbers(experiment), often)


def test_late_event_counts_from_when_it_was_known(experiment: Experiment) -> None:
    """Of a day that is over the numbers stay."""
    fill(experiment)
    until = START + timedelta(days=6)
    refresh(experiment, until)
    before = numbers(experiment)
    part = ExperimentParticipation.objects.filter(
        variant="control", left_out="", saw_others=False
    ).earliest("first_at")
    ExperimentEvent.objects.create(
        organization_id=experiment.organization_id,
        experiment=experiment,
        unit=part.unit,
        name="bought",
        value=1e6,
        at=part.first_at,
        received_at=until + timedelta(hours=20),
        key="late",
    )
    refresh(experiment, until + timedelta(days=1))
    after = numbers(experiment)
    assert [row for row in after if row["day"] < until.date()] == [
        row for row in before if row["day"] < until.date()
    ]
    [row] = [
        row
        for row in after
        if row["day"] == (until + timedelta(days=1)).date()
        and (row["metric"], row["variant"]) == ("sum", "control")
        and (row["population"], row["segment"]) == ("people", "")
    ]
    assert row["mean"] * row["n"] > 1e6


def test_populations_and_segments_add_up(experiment: Experiment) -> None:
    """All units are people and declared programs; segments are everybody."""
    fill(experiment)
    until = START + timedelta(days=6)
    refresh(experiment, until)
    rows = numbers(experiment, day=until.date(), metric="", variant="short")
    found = {(row["population"], row["segment"]): row["n"] for row in rows}
    for population in ("people", "all"):
        parts = [found[population, one] for one in ("mobile", "desktop")]
        assert sum(parts) == found[population, ""]
    people, programs = (
        ExperimentParticipation.objects.filter(
            experiment=experiment, variant="short", saw_others=False, left_out=why
        ).count()
        for why in ("", "bot")
    )
    # Who was only shown a variant for a look is in neither.
    assert (found["people", ""], found["all", ""]) == (people, people + programs)
    for metric in ("done", "sum"):
        counted = numbers(
            experiment, day=until.date(), metric=metric, variant="short", segment=""
        )
        told = {row["population"]: row["mean"] * row["n"] for row in counted}
        by_hand = _sums(experiment, metric, until)
        assert told == {name: pytest.approx(one) for name, one in by_hand.items()}
    [whole] = [r for r in rows if (r["population"], r["segment"]) == ("people", "")]
    assert whole["extra"] == {"bot": programs, "forced": 6}
    [control] = numbers(
        experiment,
        day=until.date(),
        metric="",
        variant="control",
        segment="",
        population="people",
    )
    assert control["extra"] == {"saw_others": 3}


def _sums(row: Experiment, metric: str, until: datetime) -> dict[str, float]:
    """Return the sum of an arm's values by population, by hand."""
    found = {"people": 0.0, "all": 0.0}
    parts = ExperimentParticipation.objects.filter(
        experiment=row, variant="short", saw_others=False, left_out__in=["", "bot"]
    )
    for part in parts:
        values = ExperimentEvent.objects.filter(
            experiment=row,
            unit=part.unit,
            name="bought",
            at__gte=part.first_at,
            received_at__lte=until,
        ).values_list("value", flat=True)
        value = float(bool(values)) if metric == "done" else sum(values)
        found["all"] += value
        found["people"] += 0.0 if part.left_out else value
    return found


def test_what_was_committed_late_is_counted(experiment: Experiment) -> None:
    """An event that was received before the last count, and stored after it."""
    fill(experiment, units=4)
    until = START + timedelta(days=6)
    refresh(experiment, until)
    part = ExperimentParticipation.objects.filter(left_out="").earliest("first_at")
    ExperimentEvent.objects.create(
        organization_id=experiment.organization_id,
        experiment=experiment,
        unit=part.unit,
        name="bought",
        value=1e6,
        at=part.first_at,
        received_at=until - timedelta(minutes=1),
        key="committed-late",
    )
    refresh(experiment, until + timedelta(hours=1))
    assert ExperimentUnitValue.objects.filter(metric="sum", value__gt=1e5).exists()


def test_cap_is_of_all_arms_together(experiment: Experiment) -> None:
    """And the same in each."""
    fill(experiment)
    until = START + timedelta(days=6)
    refresh(experiment, until)
    rows = numbers(experiment, day=until.date(), metric="capped", segment="")
    caps = {row["extra"]["cap"] for row in rows}
    assert len(caps) == 1
    plain = numbers(experiment, day=until.date(), metric="sum", segment="")
    assert all(a["mean"] <= b["mean"] for a, b in zip(rows, plain, strict=True))
    assert sum(r["mean"] for r in rows) < sum(r["mean"] for r in plain)


def test_quantiles_and_steps_stand_beside(experiment: Experiment) -> None:
    """As order statistics, and as how many reached what."""
    fill(experiment)
    until = START + timedelta(days=6)
    refresh(experiment, until)
    [median] = numbers(
        experiment,
        day=until.date(),
        metric="median",
        variant="short",
        segment="",
        population="people",
    )
    values = expected(experiment, "sum", "short", until)[:, 0]
    bought = np.sort(values[values > 0])
    told = median["extra"]["quantile"]
    assert told["n"] == len(bought)
    assert told["point"] == bought[int(np.ceil(len(bought) / 2)) - 1]
    assert told["low"] <= told["point"] <= told["high"]
    [way] = numbers(
        experiment,
        day=until.date(),
        metric="way",
        variant="short",
        segment="",
        population="people",
    )
    assert way["extra"]["steps"][0] >= way["extra"]["steps"][1] > 0


def test_failing_in_a_day_leaves_nothing(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next one does the same again."""
    fill(experiment)
    until = START + timedelta(days=3)
    refresh(experiment, START + timedelta(days=1))
    before = numbers(experiment)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "_write_day", fail)
        with pytest.raises(MemoryError):
            refresh(experiment, until)
    assert numbers(experiment) == before
    assert refresh(experiment, until) == 3


def test_nothing_new_is_counted_once(experiment: Experiment) -> None:
    """A second refresh of the same moment does nothing."""
    fill(experiment)
    until = START + timedelta(days=2)
    refresh(experiment, until)
    assert refresh(experiment, until) == 0
