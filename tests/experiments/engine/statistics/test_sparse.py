"""Shares with few events, against statsmodels, scipy and 30 digits."""

import mpmath  # type: ignore[import-untyped]  # publishes no types
import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats as scipy_stats
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
)

from experiments.engine.statistics import (
    chance_higher,
    fisher,
    log_ratio_adjusted,
    newcombe,
    wilson,
)
from experiments.engine.statistics.tails import (
    two_sided_t,
    upper_chi_square,
)

Z = 1.959963984540054
COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@given(COUNTS, COUNTS)
def test_newcombe_is_statsmodels(c: tuple[int, int], t: tuple[int, int]) -> None:
    """Also with no event at all."""
    theirs = confint_proportions_2indep(t[1], t[0], c[1], c[0], method="newcomb")
    assert newcombe(c, t, Z) == pytest.approx(theirs, abs=1e-9)


@given(COUNTS)
def test_wilson_is_statsmodels(c: tuple[int, int]) -> None:
    """And stays between 0 and 1."""
    theirs = proportion_confint(c[1], c[0], method="wilson")
    assert wilson(*c, Z) == pytest.approx(theirs, abs=1e-9)


@given(COUNTS, COUNTS)
def test_ratio_is_always_finite(c: tuple[int, int], t: tuple[int, int]) -> None:
    """And what statsmodels computes where it does."""
    low, high = log_ratio_adjusted(c, t, Z)
    assert -1 <= low <= high < np.inf
    if min(c[1], t[1]) > 0:
        theirs = confint_proportions_2indep(
            t[1], t[0], c[1], c[0], method="log-adjusted", compare="ratio"
        )
        assert (low + 1, high + 1) == pytest.approx(theirs)


@given(COUNTS, COUNTS)
def test_fisher_is_scipys(c: tuple[int, int], t: tuple[int, int]) -> None:
    """Two-sided, by the rarity of tables."""
    table = [[c[1], c[0] - c[1]], [t[1], t[0] - t[1]]]
    theirs = scipy_stats.fisher_exact(table).pvalue
    assert fisher(c, t) == pytest.approx(theirs, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize(
    ("c", "t", "prior"),
    [
        ((12, 2), (11, 5), 1.0),
        ((104, 25), (11, 0), 0.5),
        ((69, 28), (37, 1), 3.0),
        ((150, 0), (149, 0), 0.5),
        ((200, 200), (200, 180), 0.5),
        ((3, 1), (280, 270), 1.0),
    ],
)
def test_chance_is_that_of_thirty_digits(
    c: tuple[int, int], t: tuple[int, int], prior: float
) -> None:
    """Whichever arm has more, and however much more."""
    found = chance_higher(c, t, (prior, prior)).item()
    exact = _exact(c, t, prior)
    assert found == pytest.approx(float(exact), rel=1e-9, abs=1e-13)


def _exact(c: tuple[int, int], t: tuple[int, int], prior: float) -> mpmath.mpf:
    """Return P(treatment > control) by quadrature."""
    with mpmath.workdps(30):
        a, b = mpmath.mpf(prior) + c[1], mpmath.mpf(prior) + c[0] - c[1]
        d, e = mpmath.mpf(prior) + t[1], mpmath.mpf(prior) + t[0] - t[1]

        def density(x: mpmath.mpf) -> mpmath.mpf:
            own = x ** (a - 1) * (1 - x) ** (b - 1)
            return own * mpmath.betainc(d, e, x, 1, regularized=True)

        return mpmath.quad(density, mpmath.linspace(0, 1, 41)) / mpmath.beta(a, b)


def test_chance_keeps_its_digits_far_out() -> None:
    """Ten to the minus 78; others' quadrature missed the peak and said minus 91."""
    found = chance_higher((40_000, 8000), (40_000, 6000)).item()
    assert np.log10(found) == pytest.approx(-77.083, abs=0.01)


@pytest.mark.parametrize(("t", "nu"), [(60, 1e7), (1e6, 30.5), (500, 120), (45, 1e4)])
def test_t_tail_has_a_logarithm(t: float, nu: float) -> None:
    """Where a float ends."""
    with mpmath.workdps(40):
        tail = mpmath.betainc(
            mpmath.mpf(nu) / 2, 0.5, 0, nu / (nu + mpmath.mpf(t) ** 2), regularized=True
        )
        exact = float(mpmath.log10(tail))
    assert two_sided_t(t, nu)[1] == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize(("x", "nu"), [(40_000, 1), (2000, 5), (1500, 3), (10, 2)])
def test_chi_square_tail_has_a_logarithm(x: float, nu: float) -> None:
    """The same."""
    with mpmath.workdps(40):
        tail = mpmath.gammainc(mpmath.mpf(nu) / 2, mpmath.mpf(x) / 2, regularized=True)
        exact = float(mpmath.log10(tail))
    assert upper_chi_square(x, nu)[1] == pytest.approx(exact, rel=1e-9)
