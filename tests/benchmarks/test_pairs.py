"""Intervals of figures that were measured round by round."""

import math
import random

from benchmarks.browsing.pairs import median_of, ratio_of


def test_median_lies_in_its_interval() -> None:
    """And the interval lies within what was measured."""
    values = [12.0, 3.0, 8.0, 9.0, 40.0]
    found = median_of(values)
    assert found.value == 9.0
    assert 3.0 <= found.low <= found.value <= found.high <= 40.0


def test_interval_of_a_median_covers() -> None:
    """Of sixteen samples of ten nearly all intervals hold the true median."""
    chance = random.Random(5)  # noqa: S311 - samples for a test
    samples = [[chance.gauss(10, 3) for _ in range(10)] for _ in range(16)]
    held = sum(found.low <= 10 <= found.high for found in map(median_of, samples))
    assert held >= 13


def test_ratio_draws_rounds_whole() -> None:
    """A slow round slows both, so the ratio stays exact."""
    found = ratio_of([10.0, 20.0, 80.0, 30.0], [5.0, 10.0, 40.0, 15.0])
    assert (found.value, found.low, found.high) == (2.0, 2.0, 2.0)


def test_ratio_to_nothing_is_infinite() -> None:
    """What costs nothing cannot be undercut."""
    assert math.isinf(ratio_of([1.0, 1.0], [0.0, -1.0]).value)
