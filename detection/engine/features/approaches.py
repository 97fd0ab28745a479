"""How the pointer comes to a press: by which moves, how far, and how fast."""

from collections.abc import Sequence
from math import hypot
from typing import Final, Protocol

from msgspec import Struct

from ..stats import Histogram
from .strokes import PAUSE_MS, Spot

# The pointer was elsewhere: 99 % of people's presses are within 1 px of the last
# move, and 0.1 % above 100 px (E3).
DISPLACED_PX: Final = 60

# One step that makes this share of the way is a jump with an alibi.
JUMP_SHARE: Final = 0.9

# A hand needs time to stop: 5 % of desktop people press within 13 ms of the last
# move (survey_de), scripts within 3 ms.
AT_ONCE_MS: Final = 5

# A script's jump is one move; a browser may add one where the page shifts under it.
_MOVES_OF_A_JUMP: Final = 2

# From rest to a press so far away takes people 600 ms or more; of 13,982 ways of
# people with fine clocks (sapimouse, survey_de) 0.05 % took less than 100 ms.
REACH_PX: Final = 100
QUICK_MS: Final = 100


class Approach(Struct, array_like=True):
    """The moves since a press or since the beginning: how many, from where to where."""

    moves: int = 0
    first_x: float = 0.0
    first_y: float = 0.0
    t: float = 0.0
    x: float = 0.0
    y: float = 0.0
    longest_step: float = 0.0
    first_t: float = 0.0
    # When the pointer last set out after a rest, and from where; None without one.
    left_t: float | None = None
    left_x: float = 0.0
    left_y: float = 0.0

    def follow(self, points: Sequence[Spot]) -> None:
        """Add moves."""
        t, x, y = self.t, self.x, self.y
        if points and not self.moves:
            t, x, y = self.first_t, self.first_x, self.first_y = points[0]
        longest = self.longest_step
        for point in points:
            step = hypot(point[1] - x, point[2] - y)
            longest = max(longest, step)
            if point[0] - t > PAUSE_MS:
                self.left_t, self.left_x, self.left_y = point[0], x, y
            t, x, y = point
        self.moves += len(points)
        self.longest_step = longest
        self.t, self.x, self.y = t, x, y

    def append(self, later: "Approach") -> None:
        """Add the moves that came after."""
        if not later.moves:
            return
        self.follow([(later.first_t, later.first_x, later.first_y)])
        self.moves += later.moves - 1
        self.longest_step = max(self.longest_step, later.longest_step)
        if later.left_t is not None:
            self.left_t = later.left_t
            self.left_x, self.left_y = later.left_x, later.left_y
        self.t, self.x, self.y = later.t, later.x, later.y


class Stop(Struct, array_like=True):
    """Something that ends an approach: a press, or a new page (`is_press` is false)."""

    t: float
    x: float
    y: float
    is_press: bool


class ApproachTotals(Protocol):
    """Where approaches are counted."""

    approaches: int
    displaced: int
    teleports: int
    moved: int
    at_once: int
    last_move: Histogram
    reaches: int
    quick_reaches: int


def count_approach(
    totals: ApproachTotals, origin: Stop, approach: Approach, stop: Stop
) -> None:
    """Count how the pointer came from one press to the next."""
    if not stop.is_press:
        return
    if approach.moves:
        _count_arrival(totals, approach, stop)
        _count_reach(totals, origin, approach, stop)
    if not origin.is_press:
        return
    totals.approaches += 1
    way = hypot(stop.x - origin.x, stop.y - origin.y)
    if way < DISPLACED_PX:
        return
    totals.displaced += 1
    totals.teleports += _is_teleport(origin, approach, way)


def _count_arrival(totals: ApproachTotals, approach: Approach, stop: Stop) -> None:
    """Count the time from the last move to the press."""
    wait_ms = stop.t - approach.t
    totals.moved += 1
    # A clock of 16 ms says 0 where a person took a few; only a fine one says 1.
    totals.at_once += 0 < wait_ms < AT_ONCE_MS
    totals.last_move.add(wait_ms)


def _count_reach(
    totals: ApproachTotals, origin: Stop, approach: Approach, stop: Stop
) -> None:
    """Count how long the hand was under way, from where it last rested."""
    if approach.left_t is not None:
        t, x, y = approach.left_t, approach.left_x, approach.left_y
    elif origin.is_press:
        t, x, y = approach.first_t, origin.x, origin.y
    else:
        # Where it came from is not known, only where it was first seen.
        t, x, y = approach.first_t, approach.first_x, approach.first_y
    if hypot(stop.x - x, stop.y - y) < REACH_PX:
        return
    totals.reaches += 1
    totals.quick_reaches += stop.t - t < QUICK_MS


def _is_teleport(origin: Stop, approach: Approach, way: float) -> bool:
    """Say whether the pointer was at one press and then at the next, with no way."""
    if not approach.moves:
        return True
    if approach.moves > _MOVES_OF_A_JUMP:
        return False
    first_step = hypot(approach.first_x - origin.x, approach.first_y - origin.y)
    return max(first_step, approach.longest_step) >= JUMP_SHARE * way
