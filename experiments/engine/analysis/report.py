"""The analysis of an experiment: counted figures in, a report out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, isfinite
from typing import Final

import numpy as np

from .. import statistics as stats
from ..deciding import Course, Stand, Standing, Verdict, decide
from ..design import Design, Metric
from ..figures import Figure, Figures
from ..statistics import Array, Contrast, Effect, Reason
from .comparing import Compared, compare, units_of
from .health import Health, examine
from .looking import Looked, look

# With fewer events, or fewer units without one, in an arm, exact tests are shown.
FEW_EVENTS: Final = 5
# The pace of the last days says how long the rest will take.
PACE_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Bounds:
    """An effect with an interval; None is "cannot be computed", or no bound."""

    point: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One treatment against the control in one metric, today.

    Attributes
    ----------
    difference, lift
        With the interval that holds however often one looked.
    once, lift_once
        Both with the interval of a single look.
    p, log10_p
        Of a single look at the difference; `p_adjusted` allows for how many there are.
    crossed_on
        The first day on which the effect was sure; None if none was.
    chance
        That the treatment is better in the direction that is wanted.
    method
        `normal`, or `exact` where there are few events.
    why, why_lift
        Why there is no number; empty if there is one.
    series
        The difference and its interval on each day.
    """

    variant: str
    difference: Bounds
    lift: Bounds
    once: Bounds
    lift_once: Bounds
    p: float | None
    log10_p: float | None
    p_adjusted: float | None
    stand: Stand
    crossed_on: int | None
    chance: float | None
    worst_lift: float | None
    guard_p: float | None
    method: str
    why: str
    why_lift: str
    series: tuple[Bounds, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric: its figures in each arm, and its outcomes."""

    metric: Metric
    figures: tuple[Figure, ...]
    values: tuple[float | None, ...]
    outcomes: tuple[Outcome, ...]
    information: float | None
    detectable: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What an experiment shows."""

    verdict: Verdict
    health: Health
    metrics: tuple[Measured, ...]
    information: float | None
    units_per_day: float


@dataclass(frozen=True, slots=True)
class _Known:
    """What every metric is seen with."""

    design: Design
    figures: Figures
    variants: tuple[str, ...]
    comparisons: int

    def alpha_of(self, metric: Metric) -> float:
        """Return a metric's part of alpha: goals share it (Bonferroni)."""
        shared = self.comparisons if metric.role == "goal" else 1
        return self.design.alpha / max(shared, 1)


def analyse(design: Design, figures: Figures) -> Report:
    """Return what a population's figures show of an experiment.

    Pure: the same figures give the same report, whenever it is asked for.
    """
    variants = tuple(one.name for one in design.variants)
    goals = sum(1 for metric in design.metrics if metric.role == "goal")
    known = _Known(design, figures, variants, goals * (len(variants) - 1))
    units = units_of(figures, variants)
    newest = figures.of("", variants)[-1:] or [[Figure()] * len(variants)]
    weights = [one.weight for one in design.variants]
    health = examine(variants, weights, units, newest[0])
    measured = tuple(
        _measured(known, metric) for metric in design.metrics if len(figures.days)
    )
    measured = tuple(_adjusted(measured))
    pace = _pace(units)
    course = _course(design, figures, units, pace)
    standings = [
        (name, _standings(measured, at)) for at, name in enumerate(variants[1:])
    ]
    total = float(units[-1].sum()) if len(units) else 0.0
    planned = design.planned_units
    return Report(
        verdict=decide(health.alarms, standings, course),
        health=health,
        metrics=measured,
        information=total / planned if planned else None,
        units_per_day=pace,
    )


def _measured(known: _Known, metric: Metric) -> Measured:
    """Return one metric."""
    rows = known.figures.of(metric.name, known.variants)
    if metric.kind == "funnel":
        return Measured(metric, tuple(rows[-1]), (), (), None, None)
    compared = compare(metric, rows)
    units = np.array([sum(one.n for one in row) for row in rows], dtype=float)
    looked = look(known.design, compared.contrast, units, known.alpha_of(metric))
    outcomes = tuple(_outcomes(known, compared, looked, rows[-1]))
    information = float(looked.information[-1])
    return Measured(
        metric=metric,
        figures=tuple(rows[-1]),
        values=tuple(number(one) for one in compared.values.point[-1]),
        outcomes=outcomes,
        information=information if isfinite(information) else None,
        detectable=_detectable(known, metric, compared),
    )


def _outcomes(
    known: _Known, compared: Compared, looked: Looked, newest: Sequence[Figure]
) -> Iterator[Outcome]:
    """Yield a metric's outcome for each treatment."""
    metric, contrast = compared.metric, compared.contrast
    alpha = known.alpha_of(metric)
    held = stats.absolute(contrast, looked.critical)
    dof = np.nan_to_num(contrast.dof, nan=1.0)
    single = stats.fixed(dof, alpha)
    once = stats.absolute(contrast, single)
    lift_once = stats.lift(contrast, single)
    lift = stats.lift(contrast, looked.critical)
    guards = _guards(metric, contrast, dof, known.design.alpha)
    for at, name in enumerate(known.variants[1:]):
        crossed = _crossed(metric, held, looked, at)
        few = metric.kind == "proportion" and _is_sparse(newest[0], newest[at + 1])
        exact = _exact(newest[0], newest[at + 1], alpha) if few else None
        yield Outcome(
            variant=name,
            difference=bounds_at(held, at),
            lift=bounds_at(lift, at),
            once=exact[0] if exact else bounds_at(once, at),
            lift_once=bounds_at(lift_once, at),
            p=exact[1] if exact else number(once.p[-1, at]),
            log10_p=None if exact else number(once.log10_p[-1, at]),
            p_adjusted=None,
            stand=_guard_stand(metric, guards, at) if guards else crossed[0],
            crossed_on=crossed[1],
            chance=_chance(metric, lift, newest, at, alpha),
            worst_lift=guards and number(guards[1][-1, at]),
            guard_p=guards and number(guards[0][-1, at]),
            method="exact" if exact else "normal",
            why=reason_name(contrast.why[-1, at]),
            why_lift=reason_name(lift.why[-1, at]),
            series=tuple(bounds_at(held, at, day) for day in range(len(held.point))),
        )


def _crossed(
    metric: Metric, held: Effect, looked: Looked, at: int
) -> tuple[Stand, int | None]:
    """Return where an effect stands by the first look that was sure, and its day."""
    sure = np.sign(held.low[:, at]) * (
        np.sign(held.low[:, at]) == np.sign(held.high[:, at])
    )
    sure = np.where(looked.decides[:, at], np.nan_to_num(sure), 0.0)
    days = np.flatnonzero(sure)
    if not len(days):
        return "unclear", None
    wanted = 1.0 if metric.better == "higher" else -1.0
    return ("better" if sure[days[0]] == wanted else "worse"), int(days[0])


def _guards(
    metric: Metric, contrast: Contrast, dof: Array, alpha: float
) -> tuple[Array, Array, Array] | None:
    """Return a guardrail's p-values of being bearable, worst lifts, best lifts."""
    if metric.role != "guardrail":
        return None
    should_fall = metric.better == "lower"
    critical = stats.fixed(dof, 2 * alpha)
    found = stats.guard(contrast, metric.margin, critical, should_fall=should_fall)
    # The other side of the same: whether it is certain to be worse than bearable.
    lift = stats.lift(contrast, critical)
    best = -lift.low if should_fall else lift.high
    return found.p, -found.worst if should_fall else found.worst, best


def _guard_stand(metric: Metric, guards: tuple[Array, Array, Array], at: int) -> Stand:
    """Return `better` for bearable, `worse` for surely not."""
    _p, worst, best = (one[-1, at] for one in guards)
    if worst > -metric.margin:
        return "better"
    return "worse" if best < -metric.margin else "unclear"


def _is_sparse(*arms: Figure) -> bool:
    """Say whether an arm has few units with an event, or few without."""
    counts = [(one.n * one.mean, one.n * (1 - one.mean)) for one in arms]
    return any(min(pair) < FEW_EVENTS for pair in counts) and all(o.n for o in arms)


def _exact(control: Figure, treatment: Figure, alpha: float) -> tuple[Bounds, float]:
    """Return Newcombe's interval and Fisher's p-value."""
    arms = [(one.n, round(one.n * one.mean)) for one in (control, treatment)]
    critical = stats.fixed(np.inf, alpha)
    low, high = stats.newcombe(arms[0], arms[1], critical)
    difference = treatment.mean - control.mean
    p = float(stats.fisher(arms[0], arms[1]))
    return Bounds(difference, float(low), float(high)), p


def _chance(
    metric: Metric, lift: Effect, newest: Sequence[Figure], at: int, alpha: float
) -> float | None:
    """Return the chance that a treatment is better, given what was believed before."""
    if metric.kind == "proportion" and not metric.prior_deviation:
        control, treatment = newest[0], newest[at + 1]
        if not (control.n and treatment.n):
            return None
        arms = [(one.n, round(one.n * one.mean)) for one in (control, treatment)]
        chance = float(stats.chance_higher(arms[0], arms[1]))
    else:
        prior = stats.Prior(0.0, metric.prior_deviation**2 or float("inf"))
        with np.errstate(invalid="ignore", divide="ignore"):
            found = stats.normal_posterior(
                lift.point[-1, at], lift.error[-1, at], alpha, prior
            )
        chance = float(found.chance)
    if not isfinite(chance):
        return None
    return chance if metric.better == "higher" else 1 - chance


def _adjusted(measured: Sequence[Measured]) -> Iterator[Measured]:
    """Yield metrics with p-values that allow for how many there are of their role.

    Goals by Holm: any false find costs. Secondary ones by Benjamini and Hochberg: they
    are where to look next.
    """
    rules = {"goal": stats.holm, "secondary": stats.benjamini_hochberg}
    adjusted: dict[tuple[str, str], float] = {}
    for role, rule in rules.items():
        found = [
            (one.metric.name, outcome.variant, outcome.p)
            for one in measured
            if one.metric.role == role
            for outcome in one.outcomes
            if outcome.p is not None
        ]
        if found:
            after = rule([p for _metric, _variant, p in found])
            adjusted |= {
                (m, v): float(p) for (m, v, _p), p in zip(found, after, strict=True)
            }
    for one in measured:
        outcomes = tuple(
            replace(
                outcome, p_adjusted=adjusted.get((one.metric.name, outcome.variant))
            )
            for outcome in one.outcomes
        )
        yield replace(one, outcomes=outcomes)


def _standings(measured: Sequence[Measured], at: int) -> list[Standing]:
    """Return where each metric of a treatment stands."""
    return [
        Standing(one.metric.name, one.metric.role, one.outcomes[at].stand)
        for one in measured
        if one.outcomes
    ]


def _pace(units: Array) -> float:
    """Return how many units came a day lately."""
    totals = units.sum(axis=1)
    if len(totals) < 2:  # noqa: PLR2004 - one day is not over
        return float(totals.sum())
    days = min(PACE_DAYS, len(totals) - 1)
    return float((totals[-1] - totals[-1 - days]) / days)


def _course(design: Design, figures: Figures, units: Array, pace: float) -> Course:
    """Return how far an experiment is."""
    total = float(units[-1].sum()) if len(units) else 0.0
    planned = design.planned_units
    left = None
    if planned and pace > 0:
        left = max(ceil((planned - total) / pace), 0)
    days = figures.days[-1] - figures.days[0] + 1 if figures.days else 0
    return Course(
        days=days,
        min_days=design.min_days,
        is_over=bool(planned) and total >= planned,
        days_left=left,
        has_units=total > 0,
    )


def _detectable(known: _Known, metric: Metric, compared: Compared) -> float | None:
    """Return the smallest lift that this many units show; None if none would."""
    value = float(compared.values.point[-1, 0])
    deviation = float(np.sqrt(compared.values.variance[-1, 0]))
    units = compared.values.n[-1]
    if not (isfinite(value) and isfinite(deviation) and value > 0 and min(units) > 1):
        return None
    if metric.kind == "proportion" and not 0 < value < 1:
        return None
    base = stats.Baseline(value, None if metric.kind == "proportion" else deviation)
    plan = stats.Plan(base, known.alpha_of(metric), float(units[1] / units[0]))
    try:
        return stats.detectable(plan, float(units[0]), known.design.power)
    except stats.ImpossibleError:
        return None


def bounds_at(effect: Effect, at: int, day: int = -1) -> Bounds:
    """Return one treatment's effect of one day."""
    return Bounds(
        number(effect.point[day, at]),
        number(effect.low[day, at]),
        number(effect.high[day, at]),
    )


def number(value: float) -> float | None:
    """Return a number, or None for what is none."""
    return float(value) if isfinite(value) else None


def reason_name(code: int) -> str:
    """Return a reason's name in lower case; nothing for what was computed."""
    return "" if code == Reason.COMPUTED else Reason(int(code)).name.lower()
