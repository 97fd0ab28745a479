"""Proportions with few or no events, where a normal distribution says nothing.

0 of 200 against 5 of 210 is an everyday count of frauds; other engines answer
"no difference, p = 1" or fail.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Array, floats

# Nodes of the integral: 160 of them agree with 1,000 to 1e-12.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)
# Looked at to find where the integrand is large; and how many of its widths are taken.
_GRID: Final = 2001
_WIDTHS: Final = 12.0


def wilson(
    n: ArrayLike, successes: ArrayLike, critical: ArrayLike
) -> tuple[Array, Array]:
    """Return the interval of one proportion (Wilson 1927).

    >>> low, high = wilson(150, 0, 1.96)
    >>> (low.item(), round(high.item(), 4))
    (0.0, 0.025)
    """
    units, z2 = floats(n), floats(critical) ** 2
    p = floats(successes) / units
    middle = p + z2 / (2 * units)
    root = np.sqrt(z2 * (p * (1 - p) / units + z2 / (4 * units**2)))
    low, high = (middle - root) / (1 + z2 / units), (middle + root) / (1 + z2 / units)
    return np.where(p == 0, 0.0, low), np.where(p == 1, 1.0, high)


def newcombe(
    control: tuple[ArrayLike, ArrayLike],
    treatment: tuple[ArrayLike, ArrayLike],
    critical: ArrayLike,
) -> tuple[Array, Array]:
    """Return the interval of treatment - control (Newcombe 1998, method 10).

    Parameters
    ----------
    control, treatment
        Units and successes.
    critical
        Standard errors, of the normal distribution.
    """
    low_c, high_c = wilson(*control, critical)
    low_t, high_t = wilson(*treatment, critical)
    p_c = floats(control[1]) / floats(control[0])
    p_t = floats(treatment[1]) / floats(treatment[0])
    low = p_t - p_c - np.hypot(p_t - low_t, high_c - p_c)
    return low, p_t - p_c + np.hypot(high_t - p_t, p_c - low_c)


def fisher(
    control: tuple[ArrayLike, ArrayLike], treatment: tuple[ArrayLike, ArrayLike]
) -> Array:
    """Return the p-value of Fisher's exact test, two-sided (Fisher 1935).

    All tables with the same margins that are as rare as this one, or rarer.
    """
    counts = np.broadcast_arrays(*(floats(x) for x in (*control, *treatment)))
    flat = zip(*(one.ravel() for one in counts), strict=True)
    found = [_fisher(*(int(x) for x in row)) for row in flat]
    return floats(found).reshape(counts[0].shape)


def log_ratio_adjusted(
    control: tuple[ArrayLike, ArrayLike],
    treatment: tuple[ArrayLike, ArrayLike],
    critical: ArrayLike,
) -> tuple[Array, Array]:
    """Return the interval of treatment / control - 1; always finite (Walter 1975).

    Half an event and half a unit are added to each arm.
    """
    n_c, x_c = floats(control[0]) + 0.5, floats(control[1]) + 0.5
    n_t, x_t = floats(treatment[0]) + 0.5, floats(treatment[1]) + 0.5
    width = floats(critical) * np.sqrt(1 / x_t - 1 / n_t + 1 / x_c - 1 / n_c)
    ratio = (x_t / n_t) / (x_c / n_c)
    return ratio * np.exp(-width) - 1, ratio * np.exp(width) - 1


def chance_higher(
    control: tuple[ArrayLike, ArrayLike],
    treatment: tuple[ArrayLike, ArrayLike],
    prior: tuple[float, float] = (1.0, 1.0),
) -> Array:
    """Return the probability that the treatment's true share is above the control's.

    Parameters
    ----------
    control, treatment
        Units and successes.
    prior
        Successes and failures that were seen before; (1, 1) is uniform, (0.5, 0.5)
        Jeffreys'.

    Notes
    -----
    Both posteriors are Beta. The smaller of the two probabilities is integrated, so
    that it keeps its digits where it is 1e-100.

    >>> round(chance_higher((12, 2), (11, 5)).item(), 2)
    0.92
    """
    counts = np.broadcast_arrays(*(floats(x) for x in (*control, *treatment)))
    flat = zip(*(one.ravel() for one in counts), strict=True)
    found = [
        _chance(
            (prior[0] + x_c, prior[1] + n_c - x_c),
            (prior[0] + x_t, prior[1] + n_t - x_t),
        )
        for n_c, x_c, n_t, x_t in flat
    ]
    return floats(found).reshape(counts[0].shape)


_Beta = tuple[float, float]


def _chance(control: _Beta, treatment: _Beta) -> float:
    """Return P(treatment > control) of two Betas."""
    if sum(treatment) * control[0] < sum(control) * treatment[0]:
        return 1 - _below(treatment, control)
    return _below(control, treatment)


def _below(lower: _Beta, upper: _Beta) -> float:
    """Return P(upper > lower), where that is the less likely.

    The integral runs over the angle φ with x = sin² φ: there Beta densities have no
    poles, and nearly the same width wherever they lie.
    """

    def log_integrand(angle: Array) -> Array:
        x = np.sin(angle) ** 2
        a, b = lower
        with np.errstate(divide="ignore", invalid="ignore"):
            density = special.xlogy(2 * a - 1, np.sin(angle)) + special.xlogy(
                2 * b - 1, np.cos(angle)
            )
            return floats(
                density
                + np.log(2.0)
                - special.betaln(a, b)
                + np.log(special.betaincc(*upper, x))
            )

    edges = np.sort([_angle(lower), _angle(upper)])
    wide = _WIDTHS * 2 / np.sqrt(min(sum(lower), sum(upper)) + 1)
    inside = (max(edges[0] - wide, 1e-12), min(edges[1] + wide, np.pi / 2 - 1e-12))
    grid = np.linspace(*inside, _GRID)
    coarse = log_integrand(grid)
    near = grid[coarse > coarse.max() - 60]
    step = grid[1] - grid[0]
    low, high = max(near[0] - step, 0.0), min(near[-1] + step, np.pi / 2)
    angles = (high + low) / 2 + (high - low) / 2 * _NODES
    logs = log_integrand(angles)
    return float(
        np.exp(logs.max()) * (high - low) / 2 * (_WEIGHTS @ np.exp(logs - logs.max()))
    )


def _angle(beta: _Beta) -> float:
    """Return where a Beta's mean lies."""
    return float(np.arcsin(np.sqrt(beta[0] / sum(beta))))


def _fisher(n_c: int, x_c: int, n_t: int, x_t: int) -> float:
    """Return the p-value of one table."""
    total, done = n_c + n_t, x_c + x_t
    possible = np.arange(max(0, done - n_c), min(n_t, done) + 1, dtype=np.float64)
    logs = _log_choose(n_t, possible) + _log_choose(n_c, done - possible)
    logs -= _log_choose(total, done)
    here = logs[int(x_t - possible[0])]
    # Tables that are equally rare differ in the last digits.
    return min(1.0, float(np.exp(logs[logs <= here + 1e-7]).sum()))


def _log_choose(n: int, k: ArrayLike) -> Array:
    """Return the logarithm of n over k."""
    chosen = floats(k)
    return floats(-special.betaln(1 + n - chosen, 1 + chosen) - np.log1p(n))
