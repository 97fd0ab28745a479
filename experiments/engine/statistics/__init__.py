"""What the numbers of an experiment say, and how sure that is.

Every number is a numpy array, so that a thousand comparisons cost little more than one.
What cannot be computed is NaN, and `why` says why; no answer is ever made up.

    moments     what is kept of many units
    estimates   a metric's value in one arm
    contrasts   a treatment against its control, adjusted or not
    effects     difference and lift, with interval and p-value
    sparse      the same where events are few
    bayesian    how likely it is to be better
    group_sequential, always_valid
                intervals that may be looked at on the way
    mismatch    whether the arms got their shares
    guardrails  what must not get worse
    corrections for many comparisons
    planning    units, power, smallest effect
"""

from .always_valid import TIGHTEST_AT, always_valid_p, critical_always
from .arrays import Array, Reason, Reasons
from .bayesian import FLAT, Posterior, Prior, normal_posterior
from .contrasts import Contrast, adjusted_contrast, contrast, pooled_theta
from .corrections import benjamini_hochberg, holm
from .effects import Effect, Lift, absolute, fixed, lift
from .estimates import Estimate, mean, proportion, quantile, ratio
from .group_sequential import Crossing, bounds, crossing, spent
from .guardrails import Guard, guard
from .mismatch import ALARM_BELOW, Mismatch, chi_square, sequential
from .moments import Moments, merge_all
from .planning import (
    Baseline,
    ImpossibleError,
    Looking,
    Plan,
    detectable,
    power_of,
    units_for,
)
from .sparse import chance_higher, fisher, log_ratio_adjusted, newcombe, wilson

__all__ = [
    "ALARM_BELOW",
    "FLAT",
    "TIGHTEST_AT",
    "Array",
    "Baseline",
    "Contrast",
    "Crossing",
    "Effect",
    "Estimate",
    "Guard",
    "ImpossibleError",
    "Lift",
    "Looking",
    "Mismatch",
    "Moments",
    "Plan",
    "Posterior",
    "Prior",
    "Reason",
    "Reasons",
    "absolute",
    "adjusted_contrast",
    "always_valid_p",
    "benjamini_hochberg",
    "bounds",
    "chance_higher",
    "chi_square",
    "contrast",
    "critical_always",
    "crossing",
    "detectable",
    "fisher",
    "fixed",
    "guard",
    "holm",
    "lift",
    "log_ratio_adjusted",
    "mean",
    "merge_all",
    "newcombe",
    "normal_posterior",
    "pooled_theta",
    "power_of",
    "proportion",
    "quantile",
    "ratio",
    "sequential",
    "spent",
    "units_for",
    "wilson",
]
