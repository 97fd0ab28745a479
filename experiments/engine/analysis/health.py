"""Whether an experiment can be believed at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .. import statistics as stats
from ..figures import Figure
from ..statistics import ALARM_BELOW, Array

# GrowthBook's: fewer in an arm prove nothing; more units in several arms than this are
# worth a warning.
LEAST_PER_ARM: Final = 8
MOST_IN_SEVERAL: Final = 0.01
LEAST_IN_SEVERAL: Final = 10


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of the units themselves.

    Attributes
    ----------
    ratio_p, ratio_log10_p
        Chi-square of units against weights, of today alone.
    ratio_over_time
        The sequential test's p-value of each day, which may be looked at each day.
    expected
        Units that each arm should have.
    leaks
        Arms without weight that have units nevertheless.
    in_several
        Units that saw several arms, by first arm; they are in no result.
    bots
        Declared programs, by arm.
    alarms
        Codes of what makes results worthless.
    warnings
        Codes of what makes them worse.
    """

    units: tuple[int, ...]
    expected: tuple[float, ...]
    ratio_p: float
    ratio_log10_p: float
    ratio_over_time: tuple[float, ...]
    leaks: tuple[str, ...]
    in_several: tuple[int, ...]
    bots: tuple[int, ...]
    alarms: tuple[str, ...]
    warnings: tuple[str, ...]


def examine(
    variants: Sequence[str],
    weights: Sequence[float],
    units: Array,
    newest: Sequence[Figure],
) -> Health:
    """Return what is wrong with the units, shape `(days, variants)`."""
    today = units[-1] if len(units) else np.zeros(len(variants))
    test = stats.chi_square(today, weights)
    over_time = stats.sequential(units, weights) if len(units) else np.ones(0)
    leaks = [
        name
        for name, weight, number in zip(variants, weights, today, strict=True)
        if weight == 0 and number > 0
    ]
    several = tuple(int(one.extra.get("saw_others", 0)) for one in newest)
    alarms, warnings = [], []
    if len(over_time) and over_time[-1] < ALARM_BELOW:
        alarms.append("sample_ratio")
    elif test.p < ALARM_BELOW and min(_used(test.expected)) >= LEAST_PER_ARM:
        # Of today alone: looked at daily it is wrong in 0.8 % of experiments.
        warnings.append("sample_ratio_today")
    share = sum(several) / max(sum(several) + float(today.sum()), 1.0)
    if share > MOST_IN_SEVERAL and sum(several) >= LEAST_IN_SEVERAL:
        warnings.append("in_several")
    if leaks:
        warnings.append("leak")
    return Health(
        units=tuple(int(one) for one in today),
        expected=test.expected,
        ratio_p=test.p,
        ratio_log10_p=test.log10_p,
        ratio_over_time=tuple(over_time.tolist()),
        leaks=tuple(leaks),
        in_several=several,
        bots=tuple(int(one.extra.get("bot", 0)) for one in newest),
        alarms=tuple(alarms),
        warnings=tuple(warnings),
    )


def _used(expected: Sequence[float]) -> list[float]:
    """Return what arms with a weight should have."""
    return [one for one in expected if one > 0] or [0.0]
