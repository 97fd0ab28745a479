"""Metrics that must not get worse by more than is bearable."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Array, Reasons, floats
from .contrasts import Contrast
from .effects import Lift, lift


@dataclass(frozen=True, slots=True)
class Guard:
    """What is known of a guardrail; all arrays of shape `(...)`.

    Attributes
    ----------
    point
        The lift.
    worst
        The worst that the lift may be: the bound on the side that hurts.
    p
        One-sided, of the lift being as bad as the margin or worse. Small is good.
    why
        A `Reason` for each.
    """

    point: Array
    worst: Array
    p: Array
    why: Reasons


def guard(
    contrast: Contrast,
    margin: float,
    critical: ArrayLike,
    *,
    should_fall: bool = False,
    method: Lift = Lift.FIELLER,
) -> Guard:
    """Return whether a lift is better than minus the margin (non-inferiority).

    Parameters
    ----------
    contrast
        Treatment against control.
    margin
        How much worse is still bearable, as a share of the control's value; above 0.
    critical
        Standard errors of a *two-sided* interval at twice alpha: one side counts.
    should_fall
        Whether less is better, as of frauds.
    method
        How the bound is found; the p-value of `DELTA` is its own.

    Notes
    -----
    Tests d ± margin * c, which is linear in both arms, against 0; so it is right at
    small counts as well, and agrees with Fieller's bound.
    """
    effect = lift(contrast, critical, method)
    sign = -1.0 if should_fall else 1.0
    if method is Lift.DELTA:
        z = (sign * effect.point + margin) / effect.error
    else:
        above = sign * contrast.difference + margin * np.abs(contrast.baseline)
        direction = sign * np.sign(contrast.baseline)
        variance = (
            contrast.variance
            + 2 * margin * direction * contrast.covariance
            + margin**2 * contrast.baseline_variance
        )
        z = above / np.sqrt(variance)
    return Guard(
        point=effect.point,
        worst=effect.high if should_fall else effect.low,
        p=floats(special.stdtr(contrast.dof, -z)),
        why=effect.why,
    )
