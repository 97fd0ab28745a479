"""How rough a hand is, and how smooth a formula."""

from collections.abc import Callable
from math import sin
from random import Random

import pytest

from detection.engine import Outcome, Reading, SessionState
from detection.engine.events import MouseDown, MouseMove
from detection.engine.registry import BY_CODE

FRAME_MS = 16.7
Place = Callable[[int], tuple[float, float]]


def curve(step: int) -> tuple[float, float]:
    """Bend, and change the speed, as a computed path does."""
    return 10.0 * step + 40 * sin(step / 9), 300 + 200 * sin(step / 25)


def hand(step: int) -> tuple[float, float]:
    """Go the same way in whole pixels, with a tremor of a pixel."""
    coin = Random(step)  # noqa: S311 - a test's
    x, y = curve(step)
    return round(x + coin.gauss(0, 1)), round(y + coin.gauss(0, 1))


def read(place: Place, *, cuts: int = 1, gap_ms: float = FRAME_MS) -> Reading:
    """Return what is said of a hundred reports, sent in several batches."""
    moves = [
        MouseMove(t=gap_ms * step, x=place(step)[0], y=place(step)[1])
        for step in range(100)
    ]
    state = SessionState.new()
    for seq in range(cuts):
        part = moves[len(moves) * seq // cuts : len(moves) * (seq + 1) // cuts]
        state.absorb(seq, part)
    return BY_CODE["pointer.too_smooth"].ask(state.features())


def test_formula_is_too_smooth() -> None:
    """However it bends."""
    reading = read(curve)
    assert reading.outcome is Outcome.FIRED
    assert reading.evidence["steps"] == 97


def test_hand_is_rough() -> None:
    """Even in its fastest and straightest movements."""
    assert read(hand).outcome is Outcome.CLEAR


def test_whole_pixels_are_rough_enough() -> None:
    """A steady hand on a mouse that counts pixels is no formula."""
    assert read(
        lambda step: (round(curve(step)[0]), round(curve(step)[1]))
    ).outcome is (Outcome.CLEAR)


@pytest.mark.parametrize("cuts", [2, 7, 33, 50, 100])
def test_borders_lose_nothing(cuts: int) -> None:
    """Batches of one report each say the same as one batch."""
    assert read(hand, cuts=cuts) == read(hand)


def test_order_of_batches_does_not_matter() -> None:
    """What lies across a gap is counted when the gap closes."""
    moves = [MouseMove(t=FRAME_MS * i, x=hand(i)[0], y=hand(i)[1]) for i in range(100)]
    state = SessionState.new()
    for seq in (3, 0, 4, 1, 2):
        state.absorb(seq, moves[20 * seq : 20 * seq + 20])
    assert BY_CODE["pointer.too_smooth"].ask(state.features()) == read(hand)


def test_slow_and_rare_reports_are_unknown() -> None:
    """A pixel in a frame is no curve, and a report in a while no movement."""
    slow = read(lambda step: (0.5 * step, 300.0))
    rare = read(curve, gap_ms=109)
    assert {slow.outcome, rare.outcome} == {Outcome.UNKNOWN}


def test_fingers_are_not_asked() -> None:
    """Browsers smooth what fingers draw."""
    state = SessionState.new()
    moves = [MouseMove(t=FRAME_MS * i, x=curve(i)[0], y=curve(i)[1]) for i in range(99)]
    state.absorb(0, [*moves, MouseDown(t=2_000, x=1, y=1, pointer="touch")])
    reading = BY_CODE["pointer.too_smooth"].ask(state.features())
    assert reading.outcome is Outcome.UNKNOWN
