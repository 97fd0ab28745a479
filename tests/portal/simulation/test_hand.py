"""The hand moves as people's hands were measured to move."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from random import Random
from statistics import fmean, median, pstdev
from typing import Final

import pytest

from portal.simulation import hand as hands
from portal.simulation.hand import Box, Hand, Move, Point, aim, stroke

FRAME: Final = 2
STROKES: Final = 200


def strokes(hand: Hand, seed: int = 1) -> list[tuple[Box, Sequence[Move]]]:
    """Return strokes between random places of a page."""
    chance = Random(seed)  # noqa: S311 - a model
    found = []
    for _stroke in range(STROKES):
        start = Point(chance.uniform(0, 1300), chance.uniform(0, 700))
        box = Box(chance.uniform(0, 1100), chance.uniform(0, 700), 180, 40)
        goal = aim(box, chance)
        found.append((box, stroke(start, goal, box.smaller, hand, chance)))
    return found


def steps(moves: Sequence[Move]) -> list[tuple[float, float]]:
    """Return length and speed of each frame's step."""
    frames = moves[::FRAME]
    pairs = pairwise(frames)
    ways = [(hypot(b.x - a.x, b.y - a.y), b.at_ms - a.at_ms) for a, b in pairs]
    return [(way, way / took) for way, took in ways]


def variation(moves: Sequence[Move]) -> float:
    """Return how much the speed varies along a stroke."""
    speeds = [speed for _way, speed in steps(moves)]
    return pstdev(speeds) / fmean(speeds)


def efficiency(moves: Sequence[Move]) -> float:
    """Return the straight way's share of the way that was gone."""
    straight = hypot(moves[-1].x - moves[0].x, moves[-1].y - moves[0].y)
    return straight / sum(way for way, _speed in steps(moves))


def test_speed_varies_as_peoples_does() -> None:
    """People's median is 0.9 to 1.2, their 5th percentile 0.5."""
    found = sorted(variation(moves) for _box, moves in strokes(hands.ORDINARY))
    assert 0.8 < median(found) < 1.2
    assert found[STROKES // 20] > 0.5


def test_ways_are_as_straight_as_peoples() -> None:
    """People's are 0.86 to 0.96."""
    found = [efficiency(moves) for _box, moves in strokes(hands.ORDINARY)]
    assert 0.86 < median(found) < 0.98


@pytest.mark.parametrize(
    "hand", [hands.ORDINARY, hands.QUICK, hands.SLOW, hands.TREMBLING]
)
def test_targets_are_hit(hand: Hand) -> None:
    """Nearly always: at the edge a tremor may carry the pointer outside."""
    hit = 0
    for box, moves in strokes(hand):
        x, y = moves[-1].x - box.left, moves[-1].y - box.top
        hit += 0 <= x <= box.width and 0 <= y <= box.height
    assert hit >= 0.97 * STROKES


def test_presses_are_off_the_centre() -> None:
    """Nobody hits the middle pixel each time."""
    chance = Random(2)  # noqa: S311 - a model
    box = Box(100, 100, 180, 40)
    middle = Point(190, 120)
    goals = [aim(box, chance) for _press in range(STROKES)]
    near = [g for g in goals if abs(g.x - middle.x) <= 1 and abs(g.y - middle.y) <= 1]
    assert len(near) < 0.05 * STROKES


def test_slower_hands_take_longer() -> None:
    """And tremble more, when they tremble."""
    lasts = {
        hand: median(moves[-1].at_ms for _box, moves in strokes(hand))
        for hand in (hands.QUICK, hands.ORDINARY, hands.SLOW)
    }
    quick, ordinary, slow = lasts.values()
    assert quick < ordinary < slow
    shaken = median(efficiency(moves) for _box, moves in strokes(hands.TREMBLING))
    calm = median(efficiency(moves) for _box, moves in strokes(hands.ORDINARY))
    assert shaken < calm - 0.1


def test_same_seed_is_the_same_person() -> None:
    """And another one moves otherwise."""
    assert strokes(hands.ORDINARY, 3) == strokes(hands.ORDINARY, 3)
    assert strokes(hands.ORDINARY, 3) != strokes(hands.ORDINARY, 4)


def test_percentiles_of_presses_are_those_that_were_measured() -> None:
    """The 5th, 50th and 95th."""
    chance = Random(5)  # noqa: S311 - a model
    found = sorted(hands.ORDINARY.hold(chance) for _press in range(4000))
    assert found[200] == pytest.approx(55, rel=0.1)
    assert found[2000] == pytest.approx(112, rel=0.1)
    assert found[3800] == pytest.approx(419, rel=0.15)
