"""How smoothly the pointer goes: what is left of its steps when a curve is taken away.

Four reports in a row lie on a parabola but for their third difference. A mouse counts
whole pixels and a hand trembles, so people's is above a pixel; a computed curve's is
not, however it bends and whatever its speed.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from typing import Final

from msgspec import Struct, field

from ..events import MouseMove
from ..stats import Histogram
from .strokes import Spot

# A parabola has three points; the fourth one shows what is left.
_POINTS: Final = 4
# Slower steps are rounding: one pixel in a frame tells nothing of a curve.
_MIN_STEP_PX: Final = 4.0
# Four frames at most. Reports that lie further apart are not of one movement.
_MAX_GAP_MS: Final = 67.0


class SmoothnessTotals(Struct, array_like=True):
    """Third differences of fast movements, in px."""

    roughness: Histogram = field(default_factory=Histogram)


class SmoothnessEdge(Struct, array_like=True):
    """The first and the last reports of a run, as many as reach over its border."""

    head: list[Spot] = field(default_factory=list)
    tail: list[Spot] = field(default_factory=list)


def read_moves(
    totals: SmoothnessTotals, edge: SmoothnessEdge, events: Sequence[MouseMove]
) -> None:
    """Take reports in."""
    spots = [*edge.tail, *((event.t, event.x, event.y) for event in events)]
    known = len(edge.tail)
    _measure(totals, spots, known)
    missing = _POINTS - 1 - len(edge.head)
    if missing > 0:
        edge.head.extend(spots[known : known + missing])
    edge.tail = spots[1 - _POINTS :]


def join(
    totals: SmoothnessTotals, left: SmoothnessEdge, right: SmoothnessEdge
) -> SmoothnessEdge:
    """Measure what lies across a border."""
    _measure(totals, [*left.tail, *right.head], len(left.tail))
    return SmoothnessEdge(
        [*left.head, *right.head][: _POINTS - 1],
        [*left.tail, *right.tail][1 - _POINTS :],
    )


def _measure(totals: SmoothnessTotals, spots: Sequence[Spot], known: int) -> None:
    """Count the third differences of fast movements that end behind `known` spots.

    Each is of four reports; their three steps are as fast as a movement's.
    """
    fast = 0
    for end, (before, after) in enumerate(pairwise(spots), start=1):
        gap_ms = after[0] - before[0]
        if not (
            0 < gap_ms <= _MAX_GAP_MS
            and hypot(after[1] - before[1], after[2] - before[2]) >= _MIN_STEP_PX
        ):
            fast = 0
            continue
        fast += 1
        if fast < _POINTS - 1 or end < known:
            continue
        (_, ax, ay), (_, bx, by) = spots[end - 3], spots[end - 2]
        (_, cx, cy), (_, dx, dy) = before, after
        left = hypot(dx - 3 * cx + 3 * bx - ax, dy - 3 * cy + 3 * by - ay)
        # Sums in another order differ in their last digits, bins must not.
        totals.roughness.add(round(left, 4))


# A movement's reports come in rows, and are read as such.
ROWS: Final = {MouseMove: read_moves}
