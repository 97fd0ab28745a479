"""How smoothly the pointer goes: what is left of its steps when a curve is taken away.

Four reports in a row lie on a parabola but for their third difference. A mouse counts
whole pixels and a hand trembles, so people's is above a pixel; a computed curve's is
not, however it bends and whatever its speed.
"""

from itertools import pairwise
from math import hypot
from typing import Final

from msgspec import Struct, field

from ..events import MouseMove
from ..stats import Histogram

# A parabola has three points; the fourth one shows what is left.
_POINTS: Final = 4
# Slower steps are rounding: one pixel in a frame tells nothing of a curve.
_MIN_STEP_PX: Final = 4.0
# Four frames at most. Reports that lie further apart are not of one movement.
_MAX_GAP_MS: Final = 67.0

# A report: its time in ms, and where it is in px.
Spot = tuple[float, float, float]


class SmoothnessTotals(Struct, array_like=True):
    """Third differences of fast movements, in px."""

    roughness: Histogram = field(default_factory=Histogram)


class SmoothnessEdge(Struct, array_like=True):
    """The first and the last reports of a run, as many as reach over its border."""

    head: list[Spot] = field(default_factory=list)
    tail: list[Spot] = field(default_factory=list)


def read_move(totals: SmoothnessTotals, edge: SmoothnessEdge, event: MouseMove) -> None:
    """Take one report in."""
    spot = (event.t, event.x, event.y)
    spots = [*edge.tail, spot]
    _measure(totals, spots)
    if len(edge.head) < _POINTS - 1:
        edge.head.append(spot)
    edge.tail = spots[1 - _POINTS :]


def join(
    totals: SmoothnessTotals, left: SmoothnessEdge, right: SmoothnessEdge
) -> SmoothnessEdge:
    """Measure what lies across a border."""
    spots = [*left.tail, *right.head]
    for end in range(len(left.tail) + 1, len(spots) + 1):
        _measure(totals, spots[max(0, end - _POINTS) : end])
    return SmoothnessEdge(
        [*left.head, *right.head][: _POINTS - 1],
        [*left.tail, *right.tail][1 - _POINTS :],
    )


def _measure(totals: SmoothnessTotals, spots: list[Spot]) -> None:
    """Count the third difference of four reports of one fast movement."""
    if len(spots) < _POINTS:
        return
    # The newest step first: most slow movements are known by it.
    for after, before in pairwise(reversed(spots)):
        gap_ms = after[0] - before[0]
        step_px = hypot(after[1] - before[1], after[2] - before[2])
        if not 0 < gap_ms <= _MAX_GAP_MS or step_px < _MIN_STEP_PX:
            return
    (_, ax, ay), (_, bx, by), (_, cx, cy), (_, dx, dy) = spots
    left = hypot(dx - 3 * cx + 3 * bx - ax, dy - 3 * cy + 3 * by - ay)
    # Sums in another order differ in their last digits, bins must not.
    totals.roughness.add(round(left, 4))


READERS: Final = {MouseMove: read_move}
