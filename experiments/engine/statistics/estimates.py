"""What one arm's units say about a metric: a value, and how sure it is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Array, Reason, Reasons, floats, reasons, where_computed
from .moments import Moments

# The quantile of the normal distribution that the bounds of a quantile are taken at:
# 95 %, whatever the experiment's alpha is.
_Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric's value in one arm; all arrays of shape `(...)`.

    Attributes
    ----------
    n
        Units.
    point
        The value, in the metric's unit; NaN where `why` has a reason.
    variance
        Of one unit, in the unit squared: the value's own is `variance / n`.
    why
        A `Reason` for each.
    """

    n: Array
    point: Array
    variance: Array
    why: Reasons


def proportion(n: ArrayLike, successes: ArrayLike) -> Estimate:
    """Return the share of units that did something.

    Notes
    -----
    The variance is p(1 - p), with n beneath as is usual for proportions.

    >>> proportion(1000, 120).point.item()
    0.12
    """
    units, done = np.broadcast_arrays(floats(n), floats(successes))
    why = reasons((units < 1, Reason.NO_UNITS))
    with np.errstate(invalid="ignore", divide="ignore"):
        p = where_computed(done / units, why)
    return Estimate(units, p, p * (1 - p), why)


def mean(moments: Moments) -> Estimate:
    """Return the mean of the first variable.

    >>> mean(Moments.of([3.0, 5.0, 4.0, 6.0, 2.0])).variance.item()
    2.5
    """
    why = _enough(moments)
    point = where_computed(moments.mean[..., 0], why)
    return Estimate(moments.n, point, moments.covariance()[..., 0, 0], why)


def ratio(moments: Moments) -> Estimate:
    """Return the sum of the first variable over the sum of the second.

    Notes
    -----
    With R the ratio and D the second's mean, the variance of a unit is
    (V_M - 2 R cov(M, D) + R² V_D) / D² (delta method; Deng, Knoblich, Lu 2018).
    """
    beneath = moments.mean[..., 1]
    why = reasons(
        (moments.n < 1, Reason.NO_UNITS),
        (moments.n < 2, Reason.ONE_UNIT),  # noqa: PLR2004 - one unit does not vary
        (beneath == 0, Reason.NO_DENOMINATOR),
    )
    beneath = where_computed(beneath, why)
    point = moments.mean[..., 0] / beneath
    spread = moments.covariance()
    variance = (
        spread[..., 0, 0] - 2 * point * spread[..., 0, 1] + point**2 * spread[..., 1, 1]
    ) / beneath**2
    return Estimate(moments.n, point, np.maximum(variance, 0.0), why)


def quantile(
    n: ArrayLike,
    values: ArrayLike,
    level: float,
    *,
    point: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
) -> Estimate:
    """Return a quantile, with its variance from the distance of its own bounds.

    Parameters
    ----------
    n
        Units; what varies independently.
    values
        Values that the quantile is of; as many as units, or events of units.
    level
        Which one, e.g. 0.9.
    point, low, high
        The quantile, and the order statistics that bound it at 95 %.

    Notes
    -----
    Refused below z² max(q / (1 - q), (1 - q) / q) units, where the bounds would lie
    outside the sample (Deng, Knoblich, Lu 2018, section 4.2).
    """
    units, q = floats(n), floats(point)
    least = _Z95**2 * max(level / (1 - level), (1 - level) / level)
    why = reasons(
        (units < 1, Reason.NO_UNITS), (units <= least, Reason.SAMPLE_TOO_SMALL)
    )
    width = (floats(high) - floats(low)) / (2 * _Z95)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = floats(values) / units * (units - 1) * width**2
    return Estimate(units, where_computed(q, why), where_computed(variance, why), why)


def _enough(moments: Moments) -> Reasons:
    """Say where there are too few units to have a variance."""
    return reasons(
        (moments.n < 1, Reason.NO_UNITS),
        (moments.n < 2, Reason.ONE_UNIT),  # noqa: PLR2004 - one unit does not vary
    )
