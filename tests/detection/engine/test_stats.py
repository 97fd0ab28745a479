"""Sums that can be added up in any order."""

from math import isclose

import pytest
from hypothesis import given, strategies as st

from detection.engine.stats import BINS, Histogram, Moments

VALUES = st.lists(st.floats(0, 1e6), max_size=60)


def moments_of(values: list[float]) -> Moments:
    """Return the moments of values."""
    moments = Moments()
    for value in values:
        moments.add(value)
    return moments


def histogram_of(values: list[float]) -> Histogram:
    """Return the histogram of values."""
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    return histogram


def test_nothing_has_no_mean_no_spread_and_no_quantile() -> None:
    """What was never seen is not known, rather than 0."""
    moments, histogram = Moments(), Histogram()
    assert moments.mean() is None
    assert moments.deviation() is None
    assert moments.variation() is None
    assert histogram.quantile(0.5) is None
    assert histogram.densest_share() is None
    assert histogram.share_below(10) is None


def test_moments_know_mean_deviation_and_variation() -> None:
    """The textbook's numbers come out."""
    moments = moments_of([2, 4, 4, 4, 5, 5, 7, 9])
    assert moments.mean() == 5
    assert moments.deviation() == pytest.approx(2)
    assert moments.variation() == pytest.approx(0.4)


def test_zeros_have_no_variation() -> None:
    """A spread cannot be compared with a mean of nothing."""
    assert moments_of([0, 0]).variation() is None


def test_equal_values_do_not_spread() -> None:
    """Rounding never makes a square root of less than nothing."""
    assert moments_of([0.1] * 7).deviation() == pytest.approx(0, abs=1e-8)


@given(VALUES, VALUES)
def test_merged_moments_are_those_of_all_values(
    left: list[float], right: list[float]
) -> None:
    """Two halves add up to the whole."""
    whole, part = moments_of(left + right), moments_of(left)
    part.merge(moments_of(right))
    assert part.count == whole.count
    assert isclose(part.total, whole.total, abs_tol=1e-6)


@given(VALUES, VALUES)
def test_merged_histograms_are_those_of_all_values(
    left: list[float], right: list[float]
) -> None:
    """Two halves add up to the whole, bin by bin."""
    part = histogram_of(left)
    part.merge(histogram_of(right))
    assert part == histogram_of(left + right)


@given(st.lists(st.floats(0.1, 100_000), min_size=1, max_size=60))
def test_a_median_is_within_a_bin_of_the_true_one(values: list[float]) -> None:
    """A bin is 19 % wide, and the median lies in it."""
    found = histogram_of(values).quantile(0.5)
    true = sorted(values)[(len(values) - 1) // 2]
    assert found is not None
    assert true / 1.2 <= found <= true * 1.2


def test_the_largest_values_share_the_last_bin() -> None:
    """However long someone was away, the histogram does not grow."""
    histogram = histogram_of([1e9, 1e12, 1e15])
    assert len(histogram.counts) == BINS
    assert histogram.count() == 3


def test_values_of_nothing_fall_into_the_first_bin() -> None:
    """Two events of one moment have a gap of 0."""
    histogram = histogram_of([0, 0, -1])
    assert histogram.counts == [3]
    assert histogram.quantile(0.5) is not None


def test_a_timer_is_dense_and_a_hand_is_not() -> None:
    """Even gaps sit in two bins though one pause is long."""
    timer = histogram_of([50, 51, 49, 50, 52, 5_000])
    hand = histogram_of([40, 70, 120, 200, 330, 600])
    assert timer.densest_share() == pytest.approx(5 / 6)
    assert hand.densest_share() == pytest.approx(1 / 6)


def test_the_share_below_a_limit_counts_whole_bins() -> None:
    """Bins that end at the limit or before are below it."""
    assert histogram_of([1, 2, 100, 200]).share_below(50) == 0.5


def test_quantiles_at_the_ends_are_the_ends() -> None:
    """The largest quantile is in the bin of the largest value."""
    found = histogram_of([1, 1_000]).quantile(1)
    assert found is not None
    assert 840 <= found <= 1_200
