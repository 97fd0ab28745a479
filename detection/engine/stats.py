"""Sums that can be added up in any order: moments and histograms."""

from bisect import bisect_left, bisect_right
from itertools import accumulate
from math import floor, log2, sqrt
from operator import sub
from typing import Final, Self

from msgspec import Struct, field

# Four bins an octave: a bin is 19 % wide, finer than any threshold used here.
BINS_PER_OCTAVE: Final = 4

# The first bin ends here; below a 64th of a millisecond (or of a ratio) nothing
# a browser reports can be told apart.
SMALLEST: Final = 2.0**-6

# The last bin starts at 2^18 ms, above four minutes; what is longer is "long".
BINS: Final = 24 * BINS_PER_OCTAVE


class Moments(Struct, array_like=True):
    """Count, sum and sum of squares of what was added.

    Examples
    --------
    >>> moments = Moments()
    >>> for value in (2.0, 4.0, 6.0):
    ...     moments.add(value)
    >>> moments.mean(), round(moments.deviation(), 3)
    (4.0, 1.633)
    """

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """Take one value in."""
        self.count += 1
        self.total += value
        self.squares += value * value

    def merge(self, other: Self) -> None:
        """Take in everything that `other` has seen."""
        self.count += other.count
        self.total += other.total
        self.squares += other.squares

    def mean(self) -> float | None:
        """Return the mean, None when nothing was added."""
        return self.total / self.count if self.count else None

    def deviation(self) -> float | None:
        """Return the standard deviation of the population, None when empty.

        Notes
        -----
        sqrt(sum(x^2) / n - mean^2), never below 0 for rounding.
        """
        if not self.count:
            return None
        mean = self.total / self.count
        return sqrt(max(0.0, self.squares / self.count - mean * mean))

    def variation(self) -> float | None:
        """Return deviation / mean, None when empty or when the mean is not positive."""
        if not self.count or self.total <= 0:
            return None
        deviation = self.deviation()
        return None if deviation is None else deviation * self.count / self.total


class Histogram(Struct, array_like=True):
    """Counts in fixed bins that grow by 2^(1/4): quantiles within 19 %.

    Values of 0 or less fall into the first bin.

    Examples
    --------
    >>> histogram = Histogram()
    >>> for value in (10.0, 100.0, 1000.0):
    ...     histogram.add(value)
    >>> 85 < histogram.quantile(0.5) < 120
    True
    """

    # Grows to the highest bin that was hit; BINS at most.
    counts: list[int] = field(default_factory=list)

    def add(self, value: float) -> None:
        """Take one value in."""
        index = _bin(value)
        counts = self.counts
        if index >= len(counts):
            counts.extend([0] * (index + 1 - len(counts)))
        counts[index] += 1

    def merge(self, other: Self) -> None:
        """Take in everything that `other` has seen."""
        counts = self.counts
        if len(other.counts) > len(counts):
            counts.extend([0] * (len(other.counts) - len(counts)))
        for index, number in enumerate(other.counts):
            counts[index] += number

    def count(self) -> int:
        """Return how many values were added."""
        return sum(self.counts)

    def quantile(self, share: float) -> float | None:
        """Return the value that `share` of the values do not exceed, None when empty.

        Notes
        -----
        Linear within a bin, on the logarithmic scale.

        References
        ----------
        Hyndman and Fan (1996), Sample quantiles in statistical packages.
        """
        count = self.count()
        if not count:
            return None
        rank = share * count
        upto = list(accumulate(self.counts))
        # The first bin that holds something, and reaches the rank.
        index = bisect_left(upto, rank) if rank > 0 else bisect_right(upto, 0)
        number = self.counts[index]
        return _edge(index + (rank - upto[index] + number) / number)

    def share_below(self, limit: float) -> float | None:
        """Return which share lies in bins that end at or before `limit`."""
        count = self.count()
        if not count:
            return None
        return sum(self.counts[: _bin(limit)]) / count

    def densest_share(self, width: int = 2) -> float | None:
        """Return the largest share that any `width` neighbouring bins hold.

        A timer's values sit in one bin or straddle two; a person's do not. Unlike a
        deviation it does not mind a few long pauses.
        """
        count = self.count()
        if not count:
            return None
        upto = [0, *accumulate(self.counts)]
        return max(map(sub, upto[width:], upto), default=count) / count


def _bin(value: float) -> int:
    """Return the bin of a value."""
    if value <= SMALLEST:
        return 0
    index = floor(log2(value / SMALLEST) * BINS_PER_OCTAVE) + 1
    return index if index < BINS else BINS - 1


def _edge(position: float) -> float:
    """Return the value at a position among the bins."""
    return SMALLEST * 2.0 ** ((position - 1) / BINS_PER_OCTAVE) if position > 0 else 0.0
