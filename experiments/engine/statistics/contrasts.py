"""A treatment against its control: the difference, and all that a test needs of it."""

from dataclasses import dataclass

import numpy as np

from .arrays import Array, Reason, Reasons, first_reason, reasons, where_computed
from .estimates import Estimate, mean
from .moments import Moments


@dataclass(frozen=True, slots=True)
class Contrast:
    """Differences of treatments and controls; all arrays of shape `(...)`.

    Attributes
    ----------
    difference
        Treatment - control, in the metric's unit.
    variance
        Of the difference.
    dof
        Degrees of freedom of that variance (Welch-Satterthwaite).
    baseline
        The control's value, as it is: no adjustment changes it.
    baseline_variance
        Of the baseline.
    covariance
        Of difference and baseline.
    crude_lift
        Treatment / control - 1 without any adjustment.
    units
        Of both arms.
    why
        A `Reason` for each.
    """

    difference: Array
    variance: Array
    dof: Array
    baseline: Array
    baseline_variance: Array
    covariance: Array
    crude_lift: Array
    units: Array
    why: Reasons


def contrast(control: Estimate, treatment: Estimate) -> Contrast:
    """Return the difference of two arms whose units are independent."""
    of_control, of_treatment = _own(control), _own(treatment)
    why = first_reason(control.why, treatment.why, _never_varies(control, treatment))
    with np.errstate(invalid="ignore", divide="ignore"):
        crude = treatment.point / control.point - 1
    return Contrast(
        difference=where_computed(treatment.point - control.point, why),
        variance=where_computed(of_control + of_treatment, why),
        dof=where_computed(_welch(control, treatment), why),
        baseline=control.point,
        baseline_variance=of_control,
        covariance=-of_control,
        crude_lift=crude,
        units=control.n + treatment.n,
        why=why,
    )


def adjusted_contrast(control: Moments, treatment: Moments) -> Contrast:
    """Return the difference of means after what is explained by a covariate is removed.

    Parameters
    ----------
    control, treatment
        Moments of the value and, second, of a covariate that was fixed before exposure.

    Notes
    -----
    CUPED (Deng, Xu, Kohavi, Walker 2013): Y' = Y - θX with θ = cov(Y, X) / var(X) over
    both arms together, 0 where X does not vary. A lift is of the control's own mean.
    """
    theta = pooled_theta(control, treatment)
    own, adjusted = mean(control), _adjusted(control, theta)
    crude = contrast(own, mean(treatment))
    after = contrast(adjusted, _adjusted(treatment, theta))
    with_value = adjusted_covariance(control, theta) / control.n
    return Contrast(
        difference=after.difference,
        variance=after.variance,
        dof=after.dof,
        baseline=own.point,
        baseline_variance=crude.baseline_variance,
        covariance=-with_value,
        crude_lift=crude.crude_lift,
        units=after.units,
        why=after.why,
    )


def pooled_theta(control: Moments, treatment: Moments) -> Array:
    """Return how much of the covariate to take away."""
    spread = control.merge(treatment).comoment
    varies = spread[..., 1, 1] > 0
    beneath = np.where(varies, spread[..., 1, 1], 1.0)
    return np.where(varies, spread[..., 0, 1] / beneath, 0.0)


def adjusted_covariance(moments: Moments, theta: Array) -> Array:
    """Return the covariance of a unit's adjusted value with its own."""
    spread = moments.covariance()
    return spread[..., 0, 0] - theta * spread[..., 0, 1]


def _adjusted(moments: Moments, theta: Array) -> Estimate:
    """Return the mean of the value less theta times the covariate."""
    plain, spread = mean(moments), moments.covariance()
    variance = (
        spread[..., 0, 0] + theta**2 * spread[..., 1, 1] - 2 * theta * spread[..., 0, 1]
    )
    point = plain.point - theta * moments.mean[..., 1]
    return Estimate(plain.n, point, np.maximum(variance, 0.0), plain.why)


def _own(estimate: Estimate) -> Array:
    """Return the variance of an arm's value."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return estimate.variance / estimate.n


def _welch(control: Estimate, treatment: Estimate) -> Array:
    """Return the degrees of freedom of a difference of two variances' means."""
    a, b = _own(control), _own(treatment)
    with np.errstate(invalid="ignore", divide="ignore"):
        beneath = a**2 / (control.n - 1) + b**2 / (treatment.n - 1)
        return (a + b) ** 2 / beneath


def _never_varies(control: Estimate, treatment: Estimate) -> Reasons:
    """Say where no test is possible: one unit, or none that differs from another."""
    fewest = np.minimum(control.n, treatment.n)
    return reasons(
        (fewest < 2, Reason.ONE_UNIT),  # noqa: PLR2004 - one unit does not vary
        (~(control.variance + treatment.variance > 0), Reason.NO_VARIATION),
    )
