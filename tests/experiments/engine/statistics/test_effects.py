"""Differences and lifts, against others' and against their definitions."""

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st
from scipy import stats as scipy_stats

from experiments.engine.statistics import (
    Lift,
    Moments,
    Reason,
    absolute,
    adjusted_contrast,
    contrast,
    fixed,
    lift,
    mean,
    proportion,
    quantile,
    ratio,
)

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=30)


def values(seed: int, size: int, shift: float = 0.0) -> np.ndarray:
    """Return made-up values."""
    return np.random.default_rng(seed).gamma(2.0, 3.0, size) + shift


@given(VALUES, VALUES)
def test_welch_is_scipys(a: list[float], b: list[float]) -> None:
    """Difference, interval, degrees of freedom and p-value."""
    assume(np.var(a) > 1e-6 and np.var(b) > 1e-6)
    found = contrast(mean(Moments.of(a)), mean(Moments.of(b)))
    effect = absolute(found, fixed(found.dof, 0.05))
    theirs = scipy_stats.ttest_ind(b, a, equal_var=False)
    assert effect.p == pytest.approx(theirs.pvalue, rel=1e-6)
    assert found.dof == pytest.approx(theirs.df, rel=1e-6)
    interval = theirs.confidence_interval(0.95)
    assert (effect.low, effect.high) == pytest.approx(
        (interval.low, interval.high), rel=1e-6, abs=1e-6
    )


@given(st.floats(0.2, 50), st.floats(0.05, 3), st.floats(-20, 60), st.floats(0.05, 3))
def test_fieller_bounds_are_where_the_test_turns(
    c: float, c_error: float, t: float, t_error: float
) -> None:
    """At a bound b, treatment - (1 + b) control is `critical` errors from nothing."""
    n = 1000
    arms = [_arm(n, one, error) for one, error in ((c, c_error), (t, t_error))]
    found = contrast(*arms)
    effect = lift(found, 1.96)
    if c / c_error <= 1.96:
        assert effect.why == Reason.UNBOUNDED
        return
    for bound in (effect.low, effect.high):
        away = t - (1 + bound) * c
        error = np.hypot(t_error, (1 + bound) * c_error)
        assert abs(away) / error == pytest.approx(1.96, rel=1e-6)
    assert effect.low <= effect.point <= effect.high


def _arm(n: int, point: float, error: float):  # type: ignore[no-untyped-def]  # local
    half = np.sqrt((n - 1) * error**2 / 2 * n)
    moments = Moments(np.array(float(n)), np.array([point]), np.array([[2 * half**2]]))
    return mean(moments)


def test_below_nothing_more_is_upwards() -> None:
    """From -5 to -4 is a fifth more, not less; the interval does not turn around."""
    found = contrast(
        mean(Moments.of([-5.0, -6.0, -4.0, -5.0])),
        mean(Moments.of([-4.0, -5.0, -3.0, -4.0])),
    )
    for method in Lift:
        effect = lift(found, 1.0, method)
        assert effect.point == pytest.approx(0.2)
        assert effect.low < effect.point < effect.high


def test_logarithm_is_katz() -> None:
    """The usual interval of a risk ratio."""
    found = contrast(proportion(1000, 100), proportion(1000, 120))
    effect = lift(found, 1.959963984540054, Lift.LOG_RATIO)
    width = 1.959963984540054 * np.sqrt(1 / 120 - 1 / 1000 + 1 / 100 - 1 / 1000)
    assert effect.low == pytest.approx(1.2 * np.exp(-width) - 1)
    assert effect.high == pytest.approx(1.2 * np.exp(width) - 1)


@pytest.mark.parametrize(
    ("control", "treatment", "why"),
    [
        (proportion(0, 0), proportion(9, 1), Reason.NO_UNITS),
        (proportion(1, 1), proportion(9, 1), Reason.ONE_UNIT),
        (proportion(9, 0), proportion(9, 0), Reason.NO_VARIATION),
        (mean(Moments.of([2.0])), mean(Moments.of([1.0, 2.0])), Reason.ONE_UNIT),
        (
            mean(Moments.of([2.0, 2.0])),
            mean(Moments.of([2.0, 2.0])),
            Reason.NO_VARIATION,
        ),
        (
            ratio(Moments.of([[1.0, 0.0], [2.0, 0.0]])),
            ratio(Moments.of([[1.0, 1.0], [2.0, 3.0]])),
            Reason.NO_DENOMINATOR,
        ),
        (
            quantile(150, 150, 0.99, point=88, low=70, high=120),
            quantile(1600, 1600, 0.99, point=80, low=66, high=110),
            Reason.SAMPLE_TOO_SMALL,
        ),
    ],
)
def test_what_cannot_be_computed_says_why(
    control: object, treatment: object, why: Reason
) -> None:
    """And is no number: neither 0 nor 1."""
    found = contrast(control, treatment)  # type: ignore[arg-type]  # of two kinds
    effect = absolute(found, 1.96)
    assert effect.why == why
    assert np.isnan([effect.point, effect.low, effect.high, effect.p]).all()


def test_lift_of_nothing_is_no_number() -> None:
    """While the difference is one."""
    found = contrast(proportion(200, 0), proportion(210, 5))
    assert absolute(found, 1.96).why == Reason.COMPUTED
    for method in Lift:
        assert lift(found, 1.96, method).why == Reason.NO_BASELINE


def test_all_gone_has_no_logarithm() -> None:
    """Fieller knows what to say."""
    found = contrast(proportion(200, 100), proportion(210, 0))
    assert lift(found, 1.96, Lift.LOG_RATIO).why == Reason.NO_LOGARITHM
    assert lift(found, 1.96).point == -1.0


def test_many_at_once_are_each_by_itself() -> None:
    """One call for a thousand comparisons."""
    random = np.random.default_rng(2)
    n = random.integers(0, 50, (2, 40)).astype(float)
    x = np.floor(n * random.random((2, 40)))
    together = contrast(proportion(n[0], x[0]), proportion(n[1], x[1]))
    effects = lift(together, fixed(together.dof, 0.05))
    for at in range(40):
        alone = contrast(proportion(n[0, at], x[0, at]), proportion(n[1, at], x[1, at]))
        effect = lift(alone, fixed(alone.dof, 0.05))
        for name in ("point", "low", "high", "p", "why"):
            np.testing.assert_allclose(
                getattr(effects, name)[at], getattr(effect, name), rtol=1e-12
            )


def test_adjustment_removes_what_was_known() -> None:
    """A covariate that says half of the value takes half of the variance."""
    random = np.random.default_rng(3)
    before = random.normal(10, 2, (2, 4000))
    after = before + random.normal(0, 2, before.shape) + np.array([[0.0], [0.1]])
    arms = [
        Moments.of(np.stack([a, b], axis=1)) for a, b in zip(after, before, strict=True)
    ]
    plain = contrast(mean(arms[0]), mean(arms[1]))
    adjusted = adjusted_contrast(*arms)
    assert adjusted.variance / plain.variance == pytest.approx(0.5, abs=0.03)
    assert abs(adjusted.difference - 0.1) < abs(plain.difference - 0.1) + 0.05
    assert adjusted.baseline == plain.baseline


def test_covariate_that_says_nothing_changes_nothing() -> None:
    """As of people who were never here before."""
    arms = [
        Moments.of(np.stack([values(seed, 50), np.zeros(50)], axis=1))
        for seed in (4, 5)
    ]
    plain, adjusted = contrast(mean(arms[0]), mean(arms[1])), adjusted_contrast(*arms)
    for name in ("difference", "variance", "dof", "covariance"):
        assert getattr(adjusted, name) == pytest.approx(getattr(plain, name))
