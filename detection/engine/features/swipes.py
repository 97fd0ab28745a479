"""Swipes of a finger, from its coming down to the next finger that comes or goes."""

from typing import Final

from msgspec import Struct, field

from ..stats import Histogram
from .strokes import Stroke

# The client reports a moving finger every 30 ms, and browsers less often while the
# page scrolls: a flick of 150 ms has four points. Shorter ways are taps that slid.
SWIPE_STEPS: Final = 3
SWIPE_PX: Final = 60


class SwipeTotals(Struct, array_like=True):
    """Shapes of swipes over a session."""

    swipes: int = 0
    # Without a single bend, however small.
    ruled: int = 0
    speed_variation: Histogram = field(default_factory=Histogram)


class Swipe(Struct, array_like=True):
    """The moves between two breaks; a run's first may have begun before the run.

    `is_whole` says that its beginning is known, `is_one` that one finger made it.
    """

    finger: int
    stroke: Stroke
    is_whole: bool
    is_one: bool = True


class SwipeEdge(Struct, array_like=True):
    """What a run of batches must remember of swipes at both ends.

    `head` holds the moves before the run's first break, `tail` those after its last.
    """

    head: Swipe | None = None
    tail: Swipe | None = None
    broken: bool = False


def begin(
    totals: SwipeTotals, edge: SwipeEdge, finger: int, t: float, x: float, y: float
) -> None:
    """Begin a swipe: a finger came down."""
    end(totals, edge)
    edge.tail = Swipe(finger, Stroke(t, x, y, t, x, y), is_whole=True)


def move(edge: SwipeEdge, finger: int, t: float, x: float, y: float) -> None:
    """Go on with a swipe; a second finger makes it none."""
    swipe = edge.tail if edge.broken else edge.head
    if swipe is not None:
        if swipe.finger == finger:
            swipe.stroke.follow([(t, x, y)])
        else:
            swipe.is_one = False
    elif not edge.broken:
        edge.head = Swipe(finger, Stroke(t, x, y, t, x, y), is_whole=False)


def end(totals: SwipeTotals, edge: SwipeEdge) -> None:
    """End the swipe: a finger was lifted, or another one came down."""
    if edge.broken:
        _finish(totals, edge.tail)
    edge.tail = None
    edge.broken = True


def join(totals: SwipeTotals, left: SwipeEdge, right: SwipeEdge) -> SwipeEdge:
    """Join the swipe at the end of `left` with the moves at the start of `right`."""
    middle = left.tail if left.broken else left.head
    if right.head is not None:
        middle = _joined(middle, right.head, is_known=left.broken)
    if not right.broken:
        if left.broken:
            return SwipeEdge(left.head, middle, broken=True)
        return SwipeEdge(middle)
    if left.broken:
        _finish(totals, middle)
        return SwipeEdge(left.head, right.tail, broken=True)
    return SwipeEdge(middle, right.tail, broken=True)


def finish(totals: SwipeTotals, edge: SwipeEdge) -> None:
    """Count the swipe that is under way as it stands."""
    _finish(totals, edge.tail)


def _joined(earlier: Swipe | None, later: Swipe, *, is_known: bool) -> Swipe | None:
    """Return both as one; moves after a break that no finger began are none."""
    if earlier is None:
        return None if is_known else later
    if earlier.finger != later.finger:
        earlier.is_one = False
        return earlier
    earlier.is_one = earlier.is_one and later.is_one
    earlier.stroke.append(later.stroke)
    return earlier


def _finish(totals: SwipeTotals, swipe: Swipe | None) -> None:
    """Count a swipe of one finger that went far enough to have a shape."""
    if swipe is None or not swipe.is_whole or not swipe.is_one:
        return
    stroke = swipe.stroke
    variation = stroke.speed_variation()
    if stroke.steps < SWIPE_STEPS or stroke.path < SWIPE_PX or variation is None:
        return
    totals.swipes += 1
    totals.ruled += stroke.bends == 0
    totals.speed_variation.add(variation)
