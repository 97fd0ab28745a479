"""Sample-ratio mismatch: whether the arms got the shares of units that they should.

If not, something keeps units of one arm from being counted, and every effect may be
that. Two tests: chi-square for a badge, and a sequential one for an alarm that may be
looked at every day (chi-square at 0.001, looked at 28 times, is wrong in 0.8 % of
experiments in balance).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Array, floats
from .tails import upper_chi_square

# A badge and an alarm are raised below it. GrowthBook, Statsig and Eppo use it.
ALARM_BELOW: Final = 0.001
# Concentration of the sequential test's prior around the planned shares: Lindon and
# Malek's. 100 notices 52:48 of 50,000 units in 99 of 100 cases.
CONCENTRATION: Final = 100.0


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A test of shares: its p-value, and what each arm should have had."""

    p: float
    log10_p: float
    expected: tuple[float, ...]


def chi_square(observed: ArrayLike, weights: ArrayLike) -> Mismatch:
    """Return the chi-square test of counts against weights.

    Arms without weight are left out: units in one are a leak, not a mismatch.

    Parameters
    ----------
    observed
        Units of each arm.
    weights
        Planned shares; they need not add to 1.

    >>> round(chi_square([5165, 4835], [1, 1]).p, 6)
    0.000967
    """
    counts, shares = floats(observed), floats(weights)
    used = shares > 0
    total = counts[used].sum()
    expected = np.where(used, total * shares / shares[used].sum(), 0.0)
    if total == 0 or used.sum() < 2:  # noqa: PLR2004 - one arm has all
        return Mismatch(1.0, 0.0, tuple(expected.tolist()))
    distance = (counts[used] - expected[used]) ** 2 / expected[used]
    p, log10_p = upper_chi_square(distance.sum(), float(used.sum() - 1))
    return Mismatch(p.item(), log10_p.item(), tuple(expected.tolist()))


def sequential(
    counts: ArrayLike, weights: ArrayLike, concentration: float = CONCENTRATION
) -> Array:
    """Return the p-value of each of a row of looks, valid at all of them.

    Parameters
    ----------
    counts
        Units of each arm up to each look, shape `(..., looks, arms)`.
    weights
        Planned shares, shape `(arms,)`.

    Notes
    -----
    The multinomial test of Lindon and Malek (2022): with θ the shares and k the
    concentration, ln e = ln B(kθ + n) - ln B(kθ) - Σ n ln θ; p is the smallest 1 / e
    of all looks so far.
    """
    shares = floats(weights)
    used = shares > 0
    theta = shares[used] / shares[used].sum()
    seen = floats(counts)[..., used]
    prior = concentration * theta
    log_e = (
        _log_beta(prior + seen) - _log_beta(prior) - (seen * np.log(theta)).sum(axis=-1)
    )
    p = np.exp(-np.maximum(log_e, 0.0))
    return floats(np.minimum.accumulate(p, axis=-1))


def _log_beta(alpha: Array) -> Array:
    """Return the logarithm of the multivariate beta function over the last axis."""
    return floats(
        special.gammaln(alpha).sum(axis=-1) - special.gammaln(alpha.sum(axis=-1))
    )
