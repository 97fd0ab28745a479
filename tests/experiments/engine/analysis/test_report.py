"""From figures to a sentence that is right."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from experiments.engine.analysis import Figure, Figures, Report, analyse
from experiments.engine.design import Design, Metric, Variant

DAY = 739_557
GOAL = Metric("completion", event="completed")
GUARD = Metric(
    "fraud", event="automated", role="guardrail", better="lower", margin=0.25
)
DESIGN = Design(
    variants=(Variant("control"), Variant("short")),
    metrics=(GOAL, GUARD),
    planned_units=28_000,
)


def proportion(n: int, share: float) -> Figure:
    """Return the figure of a share."""
    done = round(n * share)
    mean = done / n if n else 0.0
    return Figure(n=n, mean=mean, m2=n * mean * (1 - mean))


def grown(
    shares: Mapping[str, Sequence[float]],
    days: int = 28,
    a_day: Sequence[int] = (500, 500),
    variants: Sequence[str] = ("control", "short"),
    **extra: Any,
) -> Figures:
    """Return figures that grow by so many units a day."""
    found: dict[tuple[int, str, str], Figure] = {}
    for number in range(days):
        day = DAY + number
        for at, name in enumerate(variants):
            n = a_day[at] * (number + 1)
            found[day, "", name] = Figure(n=n, extra=extra)
            for metric, arms in shares.items():
                found[day, metric, name] = proportion(n, arms[at])
    return Figures([DAY + n for n in range(days)], found)


def verdict(report: Report) -> tuple[str, str]:
    """Return what to do, and the rule."""
    return report.verdict.advice, report.verdict.rule


@pytest.mark.parametrize(
    ("shares", "days", "expected"),
    [
        ({"completion": (0.6, 0.64), "fraud": (0.05, 0.05)}, 28, ("ship", "goal_won")),
        (
            {"completion": (0.6, 0.56), "fraud": (0.05, 0.05)},
            28,
            ("roll_back", "goal_worse"),
        ),
        (
            {"completion": (0.6, 0.64), "fraud": (0.05, 0.09)},
            28,
            ("roll_back", "guardrail_worse"),
        ),
        (
            {"completion": (0.6, 0.605), "fraud": (0.05, 0.05)},
            10,
            ("keep_running", "no_goal_yet"),
        ),
        (
            {"completion": (0.6, 0.603), "fraud": (0.05, 0.05)},
            28,
            ("no_difference", "plan_ended"),
        ),
        (
            {"completion": (0.6, 0.9), "fraud": (0.05, 0.05)},
            3,
            ("keep_running", "guardrail_unproven"),
        ),
        (
            {"completion": (0.6, 0.9), "fraud": (0.5, 0.5)},
            5,
            ("keep_running", "too_few_days"),
        ),
    ],
)
def test_verdict_follows_its_rule(
    shares: dict[str, Sequence[float]], days: int, expected: tuple[str, str]
) -> None:
    """One advice, and the rule that fired."""
    assert verdict(analyse(DESIGN, grown(shares, days))) == expected


def test_broken_experiment_gets_no_verdict() -> None:
    """However large its effect is."""
    figures = grown({"completion": (0.6, 0.9), "fraud": (0.05, 0.05)}, a_day=(500, 420))
    report = analyse(DESIGN, figures)
    assert verdict(report) == ("broken", "sample_ratio")
    assert report.health.ratio_over_time[-1] < 0.001
    assert report.health.expected == (460 * 28, 460 * 28)


def test_days_left_come_from_the_pace() -> None:
    """At a thousand a day 28,000 take 18 days more after ten."""
    report = analyse(DESIGN, grown({"completion": (0.6, 0.605)}, 10))
    assert report.verdict.days_left == 18
    assert report.units_per_day == 1000
    assert report.information == pytest.approx(10 / 28)


@pytest.mark.parametrize("days", [0, 1])
def test_nobody_yet_is_no_result(days: int) -> None:
    """Neither before the first day, nor on one without units."""
    report = analyse(DESIGN, grown({}, days, a_day=(0, 0)))
    assert verdict(report) == ("not_started", "no_units")
    for one in report.metrics:
        assert one.outcomes[0].difference.point is None
        assert one.outcomes[0].why == "no_units"


def test_first_sure_look_holds() -> None:
    """Though later days bring it back: that is what looking on the way means."""
    figures = grown({"completion": (0.6, 0.75), "fraud": (0.05, 0.05)}, 14)
    found = dict(figures.found)
    for number in range(8, 14):
        day = figures.days[number]
        for name in ("control", "short"):
            found[day, "completion", name] = proportion(500 * (number + 1), 0.6)
    report = analyse(DESIGN, replace(figures, found=found))
    [goal, _guard] = report.metrics
    assert goal.outcomes[0].stand == "better"
    assert goal.outcomes[0].crossed_on is not None
    assert goal.outcomes[0].crossed_on < 8


def test_looking_widens_the_interval() -> None:
    """Early most; at the end hardly."""
    figures = grown({"completion": (0.6, 0.61), "fraud": (0.05, 0.05)})
    outcome = analyse(DESIGN, figures).metrics[0].outcomes[0]
    once = outcome.once.high - outcome.once.low  # type: ignore[operator]  # both known
    ratios = [
        (one.high - one.low) / once * np.sqrt((at + 1) / 28)  # type: ignore[operator]  # both known
        for at, one in enumerate(outcome.series)
    ]
    assert all(a > b for a, b in pairwise(ratios[2:]))
    assert 1.0 < ratios[-1] < 1.2


def test_day_without_news_is_no_look() -> None:
    """A week-end without anybody spends nothing, and changes nothing."""
    figures = grown({"completion": (0.6, 0.64), "fraud": (0.05, 0.05)}, 10)
    last = figures.days[-1]
    idle = [last + n for n in (1, 2)]
    found = dict(figures.found)
    for day in idle:
        for (when, metric, variant), one in figures.found.items():
            if when == last:
                found[day, metric, variant] = one
    later = Figures([*figures.days, *idle], found)
    before = analyse(DESIGN, figures).metrics[0].outcomes[0]
    after = analyse(DESIGN, later).metrics[0].outcomes[0]
    assert after.difference == before.difference
    assert after.crossed_on == before.crossed_on


def test_few_events_are_tested_exactly() -> None:
    """None of 200 against five of 210, which others call no difference."""
    found = {
        (DAY, "", "control"): Figure(n=200),
        (DAY, "", "short"): Figure(n=210),
        (DAY, "completion", "control"): proportion(200, 0.0),
        (DAY, "completion", "short"): proportion(210, 5 / 210),
    }
    design = replace_design(metrics=(GOAL,))
    outcome = analyse(design, Figures([DAY], found)).metrics[0].outcomes[0]
    assert outcome.method == "exact"
    assert outcome.p == pytest.approx(0.061, abs=0.001)
    assert (outcome.once.low, outcome.once.high) == pytest.approx(
        (0.0006, 0.0545), abs=1e-4
    )
    assert outcome.chance == pytest.approx(0.983, abs=0.005)
    assert outcome.lift.point is None
    assert outcome.why_lift == "no_baseline"


def test_goals_share_alpha_and_are_told_adjusted() -> None:
    """Two goals are two chances of a false find; each gets half."""
    two = replace_design(metrics=(GOAL, Metric("second", event="completed")))
    shares = {"completion": (0.6, 0.62), "second": (0.6, 0.62)}
    both = analyse(two, grown(shares)).metrics[0].outcomes[0]
    one = analyse(replace_design(metrics=(GOAL,)), grown(shares)).metrics[0].outcomes[0]
    assert both.p == one.p
    assert both.p_adjusted == pytest.approx(2 * one.p)  # type: ignore[operator]  # known
    assert both.difference.low < one.difference.low  # type: ignore[operator]  # known


def test_several_treatments_one_verdict() -> None:
    """The one that may ship; a lost one does not hold it up."""
    design = replace_design(
        variants=(Variant("control"), Variant("a"), Variant("b")), metrics=(GOAL,)
    )
    figures = grown(
        {"completion": (0.6, 0.5, 0.68)},
        a_day=(300, 300, 300),
        variants=("control", "a", "b"),
    )
    report = analyse(design, figures)
    assert (report.verdict.advice, report.verdict.variant) == ("ship", "b")


@pytest.mark.parametrize("looking", ["always_valid", "once"])
def test_other_ways_of_looking(looking: Any) -> None:
    """Sequences may end it on any day; a single look only at the end of the plan."""
    design = replace_design(looking=looking, metrics=(GOAL,))
    figures = grown({"completion": (0.6, 0.7)}, 20)
    advice = analyse(design, figures).verdict.advice
    assert advice == ("ship" if looking == "always_valid" else "keep_running")
    ended = grown({"completion": (0.6, 0.7)}, 30)
    assert analyse(design, ended).verdict.advice == "ship"


def test_units_in_several_arms_are_warned_of() -> None:
    """At one in a hundred, and ten at least."""
    figures = grown({"completion": (0.6, 0.6)}, 10, saw_others=60)
    health = analyse(DESIGN, figures).health
    assert "in_several" in health.warnings
    assert health.in_several == (60, 60)


def test_arm_without_weight_that_has_units_leaks() -> None:
    """Its units are told, and are no mismatch."""
    design = replace_design(
        variants=(Variant("control"), Variant("a"), Variant("b", weight=0.0)),
        metrics=(GOAL,),
    )
    figures = grown(
        {"completion": (0.6, 0.6, 0.6)},
        a_day=(300, 300, 5),
        variants=("control", "a", "b"),
    )
    health = analyse(design, figures).health
    assert health.leaks == ("b",)
    assert health.alarms == ()


def replace_design(**changes: Any) -> Design:
    """Return the design with other fields."""
    from msgspec.structs import replace as changed  # noqa: PLC0415

    return changed(DESIGN, **changes)
