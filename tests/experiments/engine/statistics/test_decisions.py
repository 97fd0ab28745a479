"""Beliefs, shares, many comparisons, guardrails and plans."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import integrate, stats as scipy_stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import power_proportions_2indep

from experiments.engine.statistics import (
    Baseline,
    Lift,
    Looking,
    Plan,
    Prior,
    benjamini_hochberg,
    chi_square,
    contrast,
    detectable,
    fixed,
    guard,
    holm,
    normal_posterior,
    power_of,
    proportion,
    sequential,
    units_for,
)

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(P_VALUES)
def test_corrections_are_statsmodels(p_values: list[float]) -> None:
    """In the order that they came in."""
    for ours, name in ((holm, "holm"), (benjamini_hochberg, "fdr_bh")):
        theirs = multipletests(p_values, method=name)[1]
        np.testing.assert_allclose(ours(p_values), theirs, rtol=1e-12)


def test_what_was_no_test_does_not_count() -> None:
    """It stays what it is."""
    assert holm([0.02, np.nan, 0.03])[[0, 2]].tolist() == [0.04, 0.04]
    assert np.isnan(holm([0.02, np.nan])[1])


@pytest.mark.parametrize("z", [-40.0, -26.0, -24.0, -3.0, 0.0, 2.0, 30.0])
def test_expected_losses_are_integrals(z: float) -> None:
    """Also where their difference cancels."""
    found = normal_posterior(z, 1.0, 0.05)
    start, end = max(0.0, z - 12), max(0.0, z) + 12
    gain = integrate.quad(
        lambda x: x * scipy_stats.norm.pdf(x, z), start, end, epsabs=0
    )[0]
    assert found.gain == pytest.approx(gain, rel=1e-6)
    assert found.gain - found.loss == pytest.approx(z)


def test_prior_draws_to_what_was_believed() -> None:
    """With the weight of its precision."""
    found = normal_posterior(0.2, 0.1, 0.05, Prior(0.0, 0.01))
    assert found.mean == pytest.approx(0.1)
    assert found.error == pytest.approx(np.sqrt(0.005))


def test_arm_without_weight_is_no_arm() -> None:
    """Others count it as a degree of freedom, and say 0.135."""
    found = chi_square([5100, 4900, 12], [0.5, 0.5, 0.0])
    assert found.p == pytest.approx(0.0455, abs=1e-4)
    assert found.expected == (5000.0, 5000.0, 0.0)


@pytest.mark.parametrize(("counts", "weights"), [([0, 0], [1, 1]), ([9, 0], [1, 0])])
def test_nobody_is_no_mismatch(counts: list[int], weights: list[int]) -> None:
    """Nor are all who came where there is one arm."""
    assert chi_square(counts, weights).p == 1.0


def test_alarm_over_time_does_not_take_itself_back() -> None:
    """The smallest of all looks counts; and the shares may be of any sum."""
    counts = np.cumsum([[150, 50], [50, 150], [100, 100]], axis=0)
    found = sequential(counts, [2, 2])
    assert (np.diff(found) <= 0).all()
    assert found[0] < 0.001


@given(st.integers(20, 2000), st.floats(0.05, 0.6), st.floats(0.05, 0.6), st.booleans())
def test_guardrail_and_its_bound_agree(
    n: int,
    c: float,
    t: float,
    should_fall: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    """It holds at alpha exactly if the worst that may be is bearable."""
    arms = [proportion(n, np.round(n * share)) for share in (c, t)]
    found = contrast(*arms)
    held = guard(found, 0.2, fixed(found.dof, 0.1), should_fall=should_fall)
    if held.why == 0 and abs(held.p - 0.05) > 1e-9:
        bearable = held.worst < 0.2 if should_fall else held.worst > -0.2
        assert bearable == (held.p < 0.05)


def test_guardrail_at_its_margin_is_let_through_as_often_as_planned() -> None:
    """In 5 of 100 experiments; by the delta method in 7."""
    random = np.random.default_rng(6)
    n = 3000
    arms = [proportion(n, random.binomial(n, p, 20_000)) for p in (0.04, 0.052)]
    found = contrast(*arms)
    passed = {
        method: np.mean(
            guard(found, 0.3, fixed(found.dof, 0.1), should_fall=True, method=method).p
            < 0.05
        )
        for method in (Lift.FIELLER, Lift.DELTA)
    }
    assert passed[Lift.FIELLER] == pytest.approx(0.05, abs=0.006)
    assert passed[Lift.DELTA] > 0.06


PLANS = [
    Plan(Baseline(0.1)),
    Plan(Baseline(0.1), looking=Looking.GROUP_SEQUENTIAL, looks=14),
    Plan(Baseline(0.1), looking=Looking.ALWAYS_VALID, looks=14),
    Plan(Baseline(40.0, 12.0), alpha=0.01, treatment_per_control=0.5),
    Plan(Baseline(0.3), of_lift=True),
]


@settings(max_examples=30)
@given(st.sampled_from(PLANS), st.floats(-0.4, 0.4), st.floats(0.5, 0.95))
def test_plans_are_solved_both_ways(plan: Plan, lift: float, power: float) -> None:
    """Units, power and effect are one equation."""
    if abs(lift) < 0.02:
        return
    units = units_for(plan, lift, power)
    # Finds in the wrong direction are the difference; at half power they count most.
    assert power_of(plan, lift, units) == pytest.approx(power, abs=2e-4)
    back = detectable(plan, units, power, falling=lift < 0)
    assert back == pytest.approx(lift, rel=1e-4)


def test_power_is_statsmodels() -> None:
    """Of two shares."""
    theirs = power_proportions_2indep(0.01, 0.1, 5000, return_results=False)
    assert power_of(Plan(Baseline(0.1)), 0.1, 5000) == pytest.approx(theirs, abs=2e-4)


def test_looking_costs_units() -> None:
    """A tenth where looks are planned; nearly twice where they are not."""
    plan = Plan(Baseline(0.1), looks=28)
    once, planned, always = (
        units_for(replace(plan, looking=looking), 0.1, 0.8) for looking in Looking
    )
    assert 1.05 < planned / once < 1.15
    assert 1.5 < always / once < 2.2


@pytest.mark.parametrize(
    ("value", "lift", "power"), [(0.1, 0.0, 0.8), (0.6, 0.9, 0.8), (0.1, 0.1, 1.0)]
)
def test_impossible_plans_are_refused(value: float, lift: float, power: float) -> None:
    """No effect, a share above 1, certainty."""
    with pytest.raises(ValueError, match=r"[a-z]"):
        units_for(Plan(Baseline(value)), lift, power)


def test_too_few_units_show_nothing() -> None:
    """Not even that all do it."""
    with pytest.raises(ValueError, match="too_few_units"):
        detectable(Plan(Baseline(0.9)), 5, 0.99)
