"""Probabilities far out, where floating point ends at 1e-308.

An experiment of a million people can have a p-value of 1e-8688. It is told by its
logarithm, since a p-value of 0 claims more than any sample can.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Array, floats

# Below this a probability is taken from its own logarithm: the smallest number that
# floats hold with all digits is 2.2e-308.
TINY: Final = 1e-290
_LN10: Final = np.log(10.0)
# Continued fractions are followed this far; where they are used, 30 steps do.
_STEPS: Final = 300


def two_sided_t(statistic: ArrayLike, dof: ArrayLike) -> tuple[Array, Array]:
    """Return P(|T| >= |t|) of Student's t, and its logarithm to base 10."""
    t, nu = np.broadcast_arrays(np.abs(floats(statistic)), floats(dof))
    p = floats(2 * special.stdtr(nu, -t))
    far = (p < TINY) & np.isfinite(t)
    log10 = _log10(p)
    if far.any():
        x = nu[far] / (nu[far] + t[far] ** 2)
        log10 = np.array(log10)
        log10[far] = _log_beta_tail(nu[far] / 2, 0.5, x) / _LN10
    return p, log10


def upper_chi_square(statistic: ArrayLike, dof: ArrayLike) -> tuple[Array, Array]:
    """Return P(X >= x) of chi-square, and its logarithm to base 10."""
    x, nu = np.broadcast_arrays(floats(statistic), floats(dof))
    p = floats(special.chdtrc(nu, x))
    far = (p < TINY) & np.isfinite(x)
    log10 = _log10(p)
    if far.any():
        log10 = np.array(log10)
        log10[far] = _log_gamma_tail(nu[far] / 2, x[far] / 2) / _LN10
    return p, log10


def _log10(p: Array) -> Array:
    """Return the logarithm; minus infinity of nothing."""
    with np.errstate(divide="ignore"):
        return floats(np.log10(p))


def _log_beta_tail(a: Array, b: float, x: Array) -> Array:
    """Return ln I_x(a, b) for x below its mean: DLMF 8.17.22."""
    front = a * np.log(x) + b * np.log1p(-x) - np.log(a) - special.betaln(a, b)

    def term(step: int) -> Array:
        m, odd = divmod(step, 2)
        if odd:
            above = -(a + m) * (a + b + m) * x
            return above / ((a + 2 * m) * (a + 2 * m + 1))
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

    fraction = np.ones_like(x)
    for step in range(_STEPS, 0, -1):
        fraction = 1 + term(step) / fraction
    return floats(front - np.log(fraction))


def _log_gamma_tail(a: Array, x: Array) -> Array:
    """Return ln Q(a, x) for x far above a: DLMF 8.9.2."""
    fraction = x + 2 * _STEPS + 1 - a
    for step in range(_STEPS, 0, -1):
        fraction = x + 2 * step - 1 - a - step * (step - a) / fraction
    return floats(a * np.log(x) - x - special.gammaln(a) - np.log(fraction))
