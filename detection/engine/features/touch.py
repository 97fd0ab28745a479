"""What fingers tell: how long they rest, and whether they have a size."""

from typing import Final

from msgspec import Struct, field

from ..events import Touch, TouchEnd, TouchMove, TouchStart
from ..stats import Histogram, Moments
from . import swipes
from .pairing import Presses, join_presses
from .swipes import SwipeEdge, SwipeTotals

# `Touchscreen.tap` of automation sends start and end in one go (research T1), which
# arrive 0 to 2 ms apart. Glass is read 240 times a second at most, so that no finger
# is gone within 4 ms.
INSTANT_MS: Final = 4

LONGEST_TAP_MS: Final = 2_000

# A finger that stays longer swipes, scrolls or waits for a menu.
LONGEST_SHORT_TAP_MS: Final = 300

# Fingers without a number are the first finger.
_FIRST_FINGER: Final = 0


class TouchTotals(Struct, array_like=True):
    """Counts and times of touches over a session."""

    starts: int = 0
    moves: int = 0
    ends: int = 0
    taps: Histogram = field(default_factory=Histogram)
    instant: int = 0
    # The smallest and largest radius and force; None while none was reported.
    least_radius: float | None = None
    most_radius: float | None = None
    least_force: float | None = None
    most_force: float | None = None
    short_taps: Moments = field(default_factory=Moments)
    swipes: SwipeTotals = field(default_factory=SwipeTotals)


class TouchEdge(Struct, array_like=True):
    """What a run of batches must remember of fingers at both ends."""

    presses: Presses = field(default_factory=Presses)
    swipes: SwipeEdge = field(default_factory=SwipeEdge)


def read_start(totals: TouchTotals, edge: TouchEdge, event: TouchStart) -> None:
    """Count a finger that came down, and its size."""
    totals.starts += 1
    if event.rx is not None:
        least, most = totals.least_radius, totals.most_radius
        totals.least_radius = event.rx if least is None else min(least, event.rx)
        totals.most_radius = event.rx if most is None else max(most, event.rx)
    if event.force is not None:
        least, most = totals.least_force, totals.most_force
        totals.least_force = event.force if least is None else min(least, event.force)
        totals.most_force = event.force if most is None else max(most, event.force)
    finger = _finger(event)
    edge.presses.press(finger, event.t)
    swipes.begin(totals.swipes, edge.swipes, finger, event.t, event.x, event.y)


def read_move(totals: TouchTotals, edge: TouchEdge, event: TouchMove) -> None:
    """Follow a finger."""
    totals.moves += 1
    swipes.move(edge.swipes, _finger(event), event.t, event.x, event.y)


def read_end(totals: TouchTotals, edge: TouchEdge, event: TouchEnd) -> None:
    """Count how long the finger rested."""
    totals.ends += 1
    swipes.end(totals.swipes, edge.swipes)
    pair = edge.presses.release(_finger(event), event.t)
    if pair is not None:
        _add_tap(totals, pair.duration_ms)


def join(totals: TouchTotals, left: TouchEdge, right: TouchEdge) -> TouchEdge:
    """Count what crosses the border between two neighbouring runs."""
    presses, pairs = join_presses(left.presses, right.presses)
    for pair in pairs:
        _add_tap(totals, pair.duration_ms)
    return TouchEdge(presses, swipes.join(totals.swipes, left.swipes, right.swipes))


def finish(totals: TouchTotals, edge: TouchEdge) -> None:
    """Count a swipe that is under way."""
    swipes.finish(totals.swipes, edge.swipes)


def _finger(event: Touch) -> int:
    """Return which finger it is."""
    return _FIRST_FINGER if event.id is None else event.id


def _add_tap(totals: TouchTotals, duration_ms: float) -> None:
    """Count the time a finger rested."""
    if 0 <= duration_ms <= LONGEST_TAP_MS:
        totals.taps.add(duration_ms)
        totals.instant += duration_ms <= INSTANT_MS
    if 0 <= duration_ms <= LONGEST_SHORT_TAP_MS:
        totals.short_taps.add(duration_ms)


READERS: Final = {TouchStart: read_start, TouchMove: read_move, TouchEnd: read_end}
