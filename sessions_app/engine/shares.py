"""Whether a share has changed, or only chance was at work."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

# Many surveys are compared at once: at 95 % one in twenty would "change" by chance.
# The normal quantile of 99.9 %, two-sided: one in a thousand.
Z: Final = 3.2905


@dataclass(frozen=True, slots=True)
class Change:
    """Two shares, and the interval of their difference (now less before)."""

    before: float
    now: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """How much more it is now."""
        return self.now - self.before

    @property
    def is_one(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def change_of(
    hits_before: int, count_before: int, hits_now: int, count_now: int
) -> Change:
    """Return how a share changed; both counts have to be positive.

    Notes
    -----
    Newcombe's hybrid interval (method 10), of two Wilson intervals.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent
    proportions. Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> change_of(5, 100, 40, 100).is_one, change_of(5, 100, 9, 100).is_one
    (True, False)
    """
    before, low_before, high_before = _wilson(hits_before, count_before)
    now, low_now, high_now = _wilson(hits_now, count_now)
    difference = now - before
    return Change(
        before,
        now,
        difference - sqrt((now - low_now) ** 2 + (high_before - before) ** 2),
        difference + sqrt((high_now - now) ** 2 + (before - low_before) ** 2),
    )


def _wilson(hits: int, count: int) -> tuple[float, float, float]:
    """Return a share and its interval (Wilson 1927)."""
    share, square = hits / count, Z * Z
    middle = (hits + square / 2) / (count + square)
    reach = Z / (count + square) * sqrt(hits * (count - hits) / count + square / 4)
    return share, middle - reach, middle + reach
