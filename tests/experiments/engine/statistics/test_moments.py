"""What is kept of many units, and that nothing is lost by merging."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, strategies as st

from experiments.engine.statistics import Moments, mean, merge_all

ROWS = st.lists(
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3)), min_size=0, max_size=30
)


def of(rows: list[tuple[float, float]]) -> Moments:
    """Return the moments of rows of two variables."""
    return Moments.of(np.asarray(rows, dtype=float).reshape(-1, 2))


@given(st.lists(ROWS, min_size=1, max_size=6))
def test_merged_groups_are_the_whole(groups: list[list[tuple[float, float]]]) -> None:
    """Whatever the groups are, empty ones too."""
    merged, whole = merge_all([of(g) for g in groups]), of(list(chain(*groups)))
    scale = np.abs(whole.comoment).max() + 1e6
    np.testing.assert_allclose(merged.n, whole.n)
    np.testing.assert_allclose(merged.mean, whole.mean, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(merged.comoment, whole.comoment, atol=1e-9 * scale)


def test_large_values_keep_their_variance() -> None:
    """Sums of squares said -178,241 here."""
    noise = np.random.default_rng(1).normal(size=10_000)
    kept = merge_all([Moments.of(1e9 + part) for part in np.split(noise, 10)])
    assert kept.covariance().item() == pytest.approx(noise.var(ddof=1), rel=1e-6)


def test_counts_are_moments() -> None:
    """As of the ones and noughts that they are."""
    counted, written = Moments.of_counts(5, 2), Moments.of([1.0, 1.0, 0.0, 0.0, 0.0])
    assert counted.mean.item() == written.mean.item()
    assert counted.comoment.item() == pytest.approx(written.comoment.item())


def test_sums_are_moments() -> None:
    """For numbers that somebody else kept so."""
    rows = np.array([[1.0, 5.0], [2.0, 3.0], [4.0, 4.0]])
    kept = Moments.of_sums(3, rows.sum(axis=0), rows.T @ rows)
    np.testing.assert_allclose(kept.comoment, Moments.of(rows).comoment)


def test_nothing_is_not_merged() -> None:
    """How many variables it has is not known."""
    with pytest.raises(ValueError, match="nothing to merge"):
        merge_all([])


def test_one_unit_has_a_mean_and_no_test() -> None:
    """Its variance is not known, and not 0."""
    one = mean(Moments.of([3.0]))
    assert np.isnan(one.point)
    assert np.isnan(one.variance)
