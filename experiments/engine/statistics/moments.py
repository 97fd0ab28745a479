"""What is kept of many units: how many, their means, and how they vary together.

Sums of squares lose every digit when values are large and alike: at 1,000,000 plus
noise of 1 a variance came out as 1.015 instead of 0.999, at 1,000,000,000 as -178,241.
Sums of squared *deviations* do not, and two groups of them can be merged (Chan, Golub,
LeVeque 1979).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Array, floats


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of `k` variables of each unit, of any number of groups at once.

    Attributes
    ----------
    n
        Units, shape `(...)`.
    mean
        Means, shape `(..., k)`. The first variable is the metric's value; what the
        others are, the estimator says (a denominator, a value of before).
    comoment
        Sums of products of deviations from the means, shape `(..., k, k)`; its
        diagonal is what is called M2.
    """

    n: Array
    mean: Array
    comoment: Array

    @classmethod
    def of(cls, values: ArrayLike) -> Self:
        """Return the moments of units, shape `(n, k)`, or `(n,)` for one variable.

        >>> Moments.of([1.0, 2.0, 3.0]).comoment.item()
        2.0
        """
        rows = floats(values)
        rows = rows[:, None] if rows.ndim == 1 else rows
        mean = rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1])
        deviations = rows - mean
        return cls(floats(len(rows)), mean, deviations.T @ deviations)

    @classmethod
    def of_counts(cls, n: ArrayLike, successes: ArrayLike) -> Self:
        """Return the moments of units that did something or did not."""
        n, successes = np.broadcast_arrays(floats(n), floats(successes))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(n > 0, successes / n, 0.0)
        return cls(n, mean[..., None], (n * mean * (1 - mean))[..., None, None])

    @classmethod
    def of_sums(cls, n: ArrayLike, sums: ArrayLike, products: ArrayLike) -> Self:
        """Return the moments of sums, `(..., k)`, and sums of products, `(..., k, k)`.

        For numbers that somebody else kept so. It loses digits, see above.
        """
        n, sums, products = floats(n), floats(sums), floats(products)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(n[..., None] > 0, sums / n[..., None], 0.0)
        outer = mean[..., :, None] * mean[..., None, :]
        return cls(n, mean, products - n[..., None, None] * outer)

    def covariance(self) -> Array:
        """Return variances and covariances of one unit, with n - 1 beneath.

        NaN where there are fewer than two units.
        """
        beneath = np.where(self.n > 1, self.n - 1, np.nan)
        return self.comoment / beneath[..., None, None]

    def merge(self, other: Self) -> Self:
        """Return the moments of both groups together.

        >>> both = Moments.of([1.0, 2.0]).merge(Moments.of([6.0]))
        >>> both.mean.item(), both.comoment.item()
        (3.0, 14.0)
        """
        n = self.n + other.n
        away = other.mean - self.mean
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(n > 0, other.n / n, 0.0)
        mean = self.mean + away * share[..., None]
        outer = away[..., :, None] * away[..., None, :]
        between = (self.n * share)[..., None, None] * outer
        return type(self)(n, mean, self.comoment + other.comoment + between)


def merge_all(groups: Sequence[Moments]) -> Moments:
    """Return the moments of all groups together, pair by pair, which loses least.

    Raises
    ------
    ValueError
        There is no group: how many variables it would have is not known.
    """
    if not groups:
        message = "There is nothing to merge."
        raise ValueError(message)
    left = list(groups)
    while len(left) > 1:
        pairs = zip(left[::2], left[1::2], strict=False)
        odd = left[-1:] if len(left) % 2 else []
        left = [a.merge(b) for a, b in pairs] + odd
    return left[0]
