"""Looks on the way: bounds that spend alpha, and sequences that always hold."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from experiments.engine.statistics import (
    always_valid_p,
    bounds,
    critical_always,
    crossing,
    spent,
)

LOOKS = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8, unique=True).map(
    lambda shares: tuple(sorted(shares))
)


@settings(max_examples=40)
@given(LOOKS, st.sampled_from([0.01, 0.05, 0.1]))
def test_bounds_spend_what_is_planned(looks: tuple[float, ...], alpha: float) -> None:
    """Whenever one looks: never more than alpha t² up to a look."""
    found = crossing(looks, bounds(looks, alpha))
    so_far = np.cumsum(np.add(found.above, found.below))
    planned = np.array([spent(share, alpha) for share in looks])
    assert (so_far <= planned + 1e-6).all()
    if np.isfinite(bounds(looks, alpha)[-1]):
        assert so_far[-1] == pytest.approx(planned[-1], abs=1e-6)


@given(LOOKS)
def test_later_looks_do_not_move_earlier_bounds(looks: tuple[float, ...]) -> None:
    """How many there will be need not be known."""
    assert (
        bounds(looks, 0.05)[: len(looks) - 1]
        == bounds(looks[:-1] or looks, 0.05)[: len(looks) - 1]
    )


def test_one_look_at_the_end_is_no_sequence() -> None:
    """It is the usual test."""
    assert bounds((1.0,), 0.05) == pytest.approx((1.959964,), abs=1e-6)


def test_looking_after_the_end_spends_nothing() -> None:
    """What was found by then holds; the end itself may come a little late."""
    found = bounds((0.5, 1.03, 1.2, 1.5), 0.05)
    assert found[:2] == bounds((0.5, 1.0), 0.05)
    assert found[2:] == (np.inf, np.inf)


def test_a_look_too_near_the_last_spends_nothing() -> None:
    """Between the two nothing was learned."""
    found = bounds((0.5, 0.5 + 1e-6, 1.0), 0.05)
    assert found[1] == np.inf
    assert found[2] == pytest.approx(bounds((0.5, 1.0), 0.05)[1], abs=1e-9)


@pytest.mark.parametrize("looks", [(0.5, 0.5), (0.5, 0.2), (0.0, 1.0), (-1.0,)])
def test_looks_do_not_go_back(looks: tuple[float, ...]) -> None:
    """That is a mistake of the caller."""
    with pytest.raises(ValueError, match="rise"):
        bounds(looks, 0.05)


@pytest.mark.parametrize("drift", [0.0, 2.0, -3.0])
def test_crossing_is_what_a_simulation_sees(drift: float) -> None:
    """At each look and on each side; 200,000 paths, five standard errors."""
    shares = np.array([0.2, 0.45, 0.7, 1.0])
    limits = np.array(bounds(tuple(shares), 0.05))
    random = np.random.default_rng(5)
    steps = np.diff(shares, prepend=0.0)
    moves = random.normal(size=(200_000, 4)) * np.sqrt(steps) + drift * steps
    z = np.cumsum(moves, axis=1) / np.sqrt(shares)
    first = np.argmax(np.abs(z) >= limits, axis=1)
    crossed = (np.abs(z) >= limits).any(axis=1)
    at = z[np.arange(len(z)), first]
    found = crossing(shares.tolist(), limits.tolist(), drift)
    for look in range(4):
        for side, chances in ((1, found.above), (-1, found.below)):
            seen = np.mean(crossed & (first == look) & (np.sign(at) == side))
            error = np.sqrt(chances[look] / 200_000) + 1e-5
            assert abs(seen - chances[look]) < 5 * error


def test_sequence_and_its_p_value_say_the_same() -> None:
    """An effect at the border of its interval has p = alpha."""
    units = np.array([50.0, 1000.0, 5000.0, 1e6])
    edge = critical_always(units, 0.05)
    assert always_valid_p(edge, units, 0.05) == pytest.approx(np.full(4, 0.05))
    assert (edge > 1.96).all()
    assert always_valid_p(0.0, 100, 0.05) == 1.0


def test_no_units_have_no_interval() -> None:
    """Before anybody came everything is possible."""
    assert critical_always(0, 0.05) == np.inf or np.isnan(critical_always(0, 0.05))
