"""How many units an effect needs, which effect some units show, and how likely.

All three are one equation, solved for another of its terms. For looks on the way the
chance of crossing a bound is computed, not simulated: see `group_sequential`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

import numpy as np
from scipy import optimize, special

from .always_valid import TIGHTEST_AT, critical_always
from .group_sequential import bounds, crossing

# A lift below it is none: a thousandth of a millionth.
SMALLEST: Final = 1e-9


# Standard errors beyond a bound at which it is crossed for certain: P(Z > 9) is 1e-19.
CERTAIN: Final = 9.0


class ImpossibleError(ValueError):
    """No number of units, or no effect, would do; the code says why.

    ``power``, ``no_effect``, ``too_small``, ``not_a_share``, ``too_few_units``; its
    sentence is in `experiments/texts.py`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Looking(StrEnum):
    """When results are looked at."""

    ONCE = "once"
    GROUP_SEQUENTIAL = "group_sequential"
    ALWAYS_VALID = "always_valid"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a metric is without any treatment.

    Attributes
    ----------
    value
        Its mean, or share.
    deviation
        Standard deviation of one unit; None of a share, which has its own.
    """

    value: float
    deviation: float | None = None

    def variance(self, lift: float) -> float:
        """Return the variance of one unit whose mean is so much higher."""
        if self.deviation is not None:
            return self.deviation**2
        share = self.value * (1 + lift)
        return share * (1 - share)


@dataclass(frozen=True, slots=True)
class Plan:
    """A comparison of one treatment with its control.

    Attributes
    ----------
    baseline
        The metric.
    alpha
        The chance of finding an effect of nothing, of both sides together.
    treatment_per_control
        Units of the treatment for each of the control.
    looking
        When results are looked at.
    looks
        How often until the end, at equal distances; 1 with `ONCE`.
    tightest_at
        As for `critical_always`.
    of_lift
        Whether the lift's own error decides (`Lift.DELTA`), as in GrowthBook; its
        smallest effects are a twentieth larger.
    """

    baseline: Baseline
    alpha: float = 0.05
    treatment_per_control: float = 1.0
    looking: Looking = Looking.ONCE
    looks: int = 1
    tightest_at: float = TIGHTEST_AT
    of_lift: bool = False


def power_of(plan: Plan, lift: float, control_units: float) -> float:
    """Return the chance that something is found; the wrong direction counts, as usual.

    >>> plan = Plan(Baseline(0.1))
    >>> round(power_of(plan, 0.1, 5000), 4)
    0.3714
    """
    drift = _drift(plan, lift, control_units)
    if plan.looking is Looking.ONCE:
        edge = special.ndtri(plan.alpha / 2)
        return float(special.ndtr(edge + drift) + special.ndtr(edge - drift))
    shares = tuple((look + 1) / plan.looks for look in range(plan.looks))
    if plan.looking is Looking.GROUP_SEQUENTIAL:
        return _power_planned(shares, plan.alpha, drift)
    units = control_units * (1 + plan.treatment_per_control)
    limits = critical_always(units * np.asarray(shares), plan.alpha, plan.tightest_at)
    if drift - limits[-1] > CERTAIN:
        return 1.0
    return crossing(shares, limits.tolist(), drift).total


def units_for(plan: Plan, lift: float, power: float) -> float:
    """Return how many units the control needs to find an effect so often.

    >>> round(units_for(Plan(Baseline(0.02)), 0.05, 0.9), 1)
    421967.6

    Raises
    ------
    ImpossibleError
        No number of units does: there is no effect, or no share can be so large.
    """
    _check(plan, lift, power)
    if plan.looking is not Looking.ALWAYS_VALID:
        return (_needed_drift(plan, power) / _drift(plan, lift, 1.0)) ** 2

    def missing(log_units: float) -> float:
        return power_of(plan, lift, np.exp(log_units)) - power

    once = units_for(replace(plan, looking=Looking.ONCE), lift, power)
    start = np.log(once)
    # A millionth of the units is none.
    return float(np.exp(_root(missing, start - 8, start + 8, within=1e-6)))


def detectable(
    plan: Plan, control_units: float, power: float, *, falling: bool = False
) -> float:
    """Return the smallest lift that is found so often; negative if `falling`.

    Raises
    ------
    ImpossibleError
        None is: even all of the units, or none, would not be enough.
    """
    _check_power(plan, power)
    sign = -1.0 if falling else 1.0
    largest = _largest(plan.baseline, falling=falling)
    needed = 0.0 if plan.looking is Looking.ALWAYS_VALID else _needed_drift(plan, power)

    def missing(size: float) -> float:
        if plan.looking is Looking.ALWAYS_VALID:
            return power_of(plan, sign * size, control_units) - power
        return _drift(plan, sign * size, control_units) - needed

    if missing(largest) < 0:
        code = "too_few_units"
        raise ImpossibleError(code)
    return sign * _root(missing, SMALLEST, largest)


def _root(
    missing: Callable[[float], float], low: float, high: float, within: float = 1e-10
) -> float:
    """Return where a rising function is 0; an end, if it is all on one side."""
    if missing(low) >= 0:
        return low
    if missing(high) <= 0:
        return high
    return float(optimize.brentq(missing, low, high, xtol=within, rtol=1e-9))


def _largest(baseline: Baseline, *, falling: bool) -> float:
    """Return the largest lift, without its sign, that the metric can have."""
    if baseline.deviation is not None:
        return 1e6
    return 1 - 1e-9 if falling else (1 - baseline.value) / baseline.value * (1 - 1e-9)


def _drift(plan: Plan, lift: float, control_units: float) -> float:
    """Return the effect in standard errors."""
    base = plan.baseline
    of_control = base.variance(0.0) * ((1 + lift) ** 2 if plan.of_lift else 1)
    of_treatment = base.variance(lift) / plan.treatment_per_control
    variance = (of_control + of_treatment) / control_units
    return float(abs(lift * base.value) / np.sqrt(variance))


def _needed_drift(plan: Plan, power: float) -> float:
    """Return how many standard errors the effect has to be at the end."""
    once = special.ndtri(1 - plan.alpha / 2) + special.ndtri(power)
    if plan.looking is Looking.ONCE:
        return float(once)
    shares = tuple((look + 1) / plan.looks for look in range(plan.looks))

    def missing(drift: float) -> float:
        return _power_planned(shares, plan.alpha, drift) - power

    return _root(missing, 0.0, float(once) + 3)


@lru_cache(maxsize=4096)
def _power_planned(shares: tuple[float, ...], alpha: float, drift: float) -> float:
    """Return the chance of crossing a group sequential bound."""
    return crossing(shares, bounds(shares, alpha), drift).total


def _check(plan: Plan, lift: float, power: float) -> None:
    """Refuse what no number of units can show."""
    _check_power(plan, power)
    base = plan.baseline
    code = ""
    if lift * base.value == 0:
        code = "no_effect"
    elif abs(lift) < SMALLEST:
        code = "too_small"
    elif base.deviation is None and not 0 < base.value * (1 + lift) < 1:
        code = "not_a_share"
    if code:
        raise ImpossibleError(code)


def _check_power(plan: Plan, power: float) -> None:
    """Refuse to find an effect less often than nothing is found."""
    if not plan.alpha < power < 1:
        code = "power"
        raise ImpossibleError(code)
