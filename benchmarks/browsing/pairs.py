"""Statistics of measurements that were taken in pairs, round by round."""

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

RESAMPLES: Final = 10_000
# The middle 95 % of the resamples.
LOW, HIGH = 0.025, 0.975
SEED: Final = 11


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return it with one decimal, as tables show milliseconds."""
        return f"{self.value:.1f} [{self.low:.1f}, {self.high:.1f}]"


def median_of(values: Sequence[float]) -> Interval:
    """Return the median, with an interval by the bootstrap over rounds.

    Notes
    -----
    With five rounds no interval of a median can be narrower than the second to the
    fourth value; more rounds, not more resamples, make it narrower.

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of
    Statistics 7(1), 1-26.

    Examples
    --------
    >>> print(median_of([4.0, 4.0, 4.0]))
    4.0 [4.0, 4.0]
    """
    return _resampled(
        len(values), lambda rounds: statistics.median(values[i] for i in rounds)
    )


def ratio_of(above: Sequence[float], below: Sequence[float]) -> Interval:
    """Return the ratio of two medians, where both were measured in the same rounds.

    Rounds are drawn whole: what slowed the machine in one round slowed both. The
    ratio is infinite where the lower median is not above zero.

    Examples
    --------
    >>> print(ratio_of([2.0, 4.0, 6.0], [1.0, 2.0, 3.0]).value)
    2.0
    """

    def ratio(rounds: Sequence[int]) -> float:
        under = statistics.median(below[i] for i in rounds)
        over = statistics.median(above[i] for i in rounds)
        return over / under if under > 0 else float("inf")

    return _resampled(len(above), ratio)


def _resampled(n: int, estimate: Callable[[Sequence[int]], float]) -> Interval:
    chance = random.Random(SEED)  # noqa: S311 - a repeatable interval
    found = sorted(
        estimate([chance.randrange(n) for _ in range(n)]) for _ in range(RESAMPLES)
    )
    low, high = (found[int(share * (RESAMPLES - 1))] for share in (LOW, HIGH))
    return Interval(estimate(range(n)), low, high)
