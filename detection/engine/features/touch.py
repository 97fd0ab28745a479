"""What fingers tell: how long they rest, and whether they have a size."""

from typing import Final

from msgspec import Struct, field

from ..events import TouchEnd, TouchMove, TouchStart
from ..stats import Histogram
from .pairing import Presses, join_presses

# `Touchscreen.tap` of automation sends start and end in one go (research T1).
INSTANT_MS: Final = 1

LONGEST_TAP_MS: Final = 2_000

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


class TouchEdge(Struct, array_like=True):
    """What a run of batches must remember of fingers at both ends."""

    presses: Presses = field(default_factory=Presses)


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
    edge.presses.press(_FIRST_FINGER if event.id is None else event.id, event.t)


def read_move(totals: TouchTotals, _edge: TouchEdge, _event: TouchMove) -> None:
    """Count a finger's move."""
    totals.moves += 1


def read_end(totals: TouchTotals, edge: TouchEdge, event: TouchEnd) -> None:
    """Count how long the finger rested."""
    totals.ends += 1
    finger = _FIRST_FINGER if event.id is None else event.id
    pair = edge.presses.release(finger, event.t)
    if pair is not None:
        _add_tap(totals, pair.duration_ms)


def join(totals: TouchTotals, left: TouchEdge, right: TouchEdge) -> TouchEdge:
    """Count what crosses the border between two neighbouring runs."""
    presses, pairs = join_presses(left.presses, right.presses)
    for pair in pairs:
        _add_tap(totals, pair.duration_ms)
    return TouchEdge(presses)


def _add_tap(totals: TouchTotals, duration_ms: float) -> None:
    """Count the time a finger rested."""
    if 0 <= duration_ms <= LONGEST_TAP_MS:
        totals.taps.add(duration_ms)
        totals.instant += duration_ms <= INSTANT_MS


READERS: Final = {TouchStart: read_start, TouchMove: read_move, TouchEnd: read_end}
