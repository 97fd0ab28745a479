"""What the pointer tells: its strokes, and how it came to each press."""

from collections.abc import Sequence
from math import hypot
from typing import Final

from msgspec import Struct, field

from ..events import MouseDown, MouseMove, Page
from ..stats import Histogram, Moments
from .approaches import Approach, Stop, count_approach
from .strokes import PAUSE_MS, Spot, Stroke

# A stroke counts when it has this many steps and went this far: with less, speed
# and direction are rounding (research E3 uses 6 points and 100 px).
STROKE_STEPS: Final = 5
STROKE_PX: Final = 60

# A ruler's line. 4 % of people's strokes are straighter (E3), so only shares count.
STRAIGHT: Final = 0.99

# Steps of one length, as interpolation makes them; people's 1st percentile of
# variation in a stroke is 0.46 (E3).
EVEN_BELOW: Final = 0.15

# Shorter steps are mostly rounding, and have no direction to speak of.
TOLD_PX: Final = 8
# The cosine of 60 degrees: what the hardware moved and where the pointer went may
# differ by a scale, not by a direction.
SAME_WAY: Final = 0.5

# Fingers and pens do not move between presses.
_MICE: Final = frozenset({None, "mouse", "unknown"})


class PointerTotals(Struct, array_like=True):
    """Counts and shapes of movements over a session."""

    moves: int = 0
    strokes: int = 0
    straight: int = 0
    even: int = 0
    straight_and_even: int = 0
    speed_variation: Histogram = field(default_factory=Histogram)
    step_variation: Histogram = field(default_factory=Histogram)
    coalesced_known: int = 0
    coalesced_many: int = 0
    # Presses with a mouse whose origin is known, and how the pointer came to them.
    approaches: int = 0
    displaced: int = 0
    teleports: int = 0
    moved: int = 0
    at_once: int = 0
    last_move: Histogram = field(default_factory=Histogram)
    # Of the same strokes: when half of the way was gone, how long they took, their
    # steps, and how often these changed sides or went back.
    midpoints: Moments = field(default_factory=Moments)
    durations: Moments = field(default_factory=Moments)
    steps: int = 0
    wobbles: int = 0
    reversals: int = 0
    # Ways of a hand from rest to a press far away, and those too quick for one.
    reaches: int = 0
    quick_reaches: int = 0
    # Steps of which the browser said how the hardware moved, and those where it
    # moved another way than the pointer.
    told: int = 0
    contrary: int = 0
    # The times between the reports of a movement.
    step_times: Moments = field(default_factory=Moments)


class PointerEdge(Struct, array_like=True):
    """What a run of batches must remember of the pointer at both ends.

    `head` is the stroke up to the first break; `tail` the one after the last break,
    once there was a `broken`. Approaches likewise, with stops as their breaks.
    """

    head: Stroke | None = None
    tail: Stroke | None = None
    broken: bool = False
    first_stop: Stop | None = None
    last_stop: Stop | None = None
    head_approach: Approach = field(default_factory=Approach)
    tail_approach: Approach = field(default_factory=Approach)


def read_moves(
    totals: PointerTotals, edge: PointerEdge, events: Sequence[MouseMove]
) -> None:
    """Follow the pointer."""
    totals.moves += len(events)
    coalesced = [one.coalesced for one in events if one.coalesced is not None]
    totals.coalesced_known += len(coalesced)
    totals.coalesced_many += sum(count > 1 for count in coalesced)
    spots = [(event.t, event.x, event.y) for event in events]
    approach = edge.head_approach if edge.first_stop is None else edge.tail_approach
    approach.follow(spots)
    start = 0
    while start < len(spots):
        stroke = edge.tail if edge.broken else edge.head
        if stroke is None:
            stroke = _begin(edge, events[start])
            start += 1
        end = _end_of_stroke(stroke.t, spots, start)
        if end > start:
            _count_all_told(totals, stroke, events[start:end])
            stroke.follow(spots[start:end])
        if end < len(spots):
            _break(totals, edge)
        start = end


def _begin(edge: PointerEdge, event: MouseMove) -> Stroke:
    """Begin a stroke."""
    t, x, y = event.t, event.x, event.y
    stroke = Stroke(t, x, y, t, x, y, first_mx=event.mx, first_my=event.my)
    if edge.broken:
        edge.tail = stroke
    else:
        edge.head = stroke
    return stroke


def _end_of_stroke(t: float, spots: Sequence[Spot], start: int) -> int:
    """Return the index of the first spot that a pause lies before."""
    for index in range(start, len(spots)):
        if spots[index][0] - t > PAUSE_MS:
            return index
        t = spots[index][0]
    return len(spots)


def read_press(totals: PointerTotals, edge: PointerEdge, event: MouseDown) -> None:
    """End the stroke, and count how the pointer came here."""
    _break(totals, edge)
    _stop(totals, edge, Stop(event.t, event.x, event.y, event.pointer in _MICE))


def read_page(totals: PointerTotals, edge: PointerEdge, event: Page) -> None:
    """Forget where the pointer was: it may be anywhere on a new page."""
    _stop(totals, edge, Stop(event.t, 0.0, 0.0, is_press=False))


def join(totals: PointerTotals, left: PointerEdge, right: PointerEdge) -> PointerEdge:
    """Count what crosses the border between two neighbouring runs."""
    whole = PointerEdge()
    _join_strokes(totals, whole, left, right)
    _join_approaches(totals, whole, left, right)
    return whole


def finish(totals: PointerTotals, edge: PointerEdge) -> None:
    """Count what waits at a run's ends as it stands."""
    if edge.first_stop is not None:
        nowhere = Stop(0.0, 0.0, 0.0, is_press=False)
        count_approach(totals, nowhere, edge.head_approach, edge.first_stop)
    _finish_stroke(totals, edge.head)
    _finish_stroke(totals, edge.tail)


def _break(totals: PointerTotals, edge: PointerEdge) -> None:
    """End the current stroke; a run's first waits for what came before it."""
    if edge.broken:
        _finish_stroke(totals, edge.tail)
    edge.tail = None
    edge.broken = True


def _stop(totals: PointerTotals, edge: PointerEdge, stop: Stop) -> None:
    """End the current approach; a run's first waits for what came before it."""
    if edge.last_stop is None:
        edge.first_stop = stop
    else:
        count_approach(totals, edge.last_stop, edge.tail_approach, stop)
    edge.last_stop = stop
    edge.tail_approach = Approach()


def _join_strokes(
    totals: PointerTotals, whole: PointerEdge, left: PointerEdge, right: PointerEdge
) -> None:
    """Join the stroke at the end of `left` with the one at the start of `right`."""
    middle = left.tail if left.broken else left.head
    later = right.head
    apart = False
    if middle is None:
        middle = later
        later = None
    elif later is not None and middle.joins(later):
        dx, dy = later.first_x - middle.x, later.first_y - middle.y
        _count_told(totals, dx, dy, later.first_mx, later.first_my)
        middle.append(later)
        later = None
    elif later is not None:
        apart = True
    # From here on: `middle`, and after a break `later`, lie between the two.
    whole.broken = left.broken or right.broken or apart
    whole.head = left.head if left.broken else middle
    whole.tail = right.tail if right.broken else (later if apart else middle)
    if not whole.broken:
        whole.tail = None
    if left.broken and (right.broken or apart):
        _finish_stroke(totals, middle)
    if apart and right.broken:
        _finish_stroke(totals, later)


def _join_approaches(
    totals: PointerTotals, whole: PointerEdge, left: PointerEdge, right: PointerEdge
) -> None:
    """Join the approach at the end of `left` with the one at the start of `right`."""
    middle = left.head_approach if left.first_stop is None else left.tail_approach
    middle.append(right.head_approach)
    if left.last_stop is not None and right.first_stop is not None:
        count_approach(totals, left.last_stop, middle, right.first_stop)
    whole.first_stop = left.first_stop or right.first_stop
    whole.last_stop = right.last_stop or left.last_stop
    whole.head_approach = left.head_approach
    if right.first_stop is not None:
        whole.tail_approach = right.tail_approach
    elif left.first_stop is not None:
        whole.tail_approach = middle


def _finish_stroke(totals: PointerTotals, stroke: Stroke | None) -> None:
    """Count a stroke that is long enough to have a shape."""
    if stroke is None or stroke.steps < STROKE_STEPS or stroke.path < STROKE_PX:
        return
    speed = stroke.speed_variation()
    step = stroke.step_variation()
    if speed is None or step is None:
        return
    totals.strokes += 1
    straight = stroke.straightness() > STRAIGHT
    even = min(speed, step) < EVEN_BELOW
    totals.straight += straight
    totals.even += even
    totals.straight_and_even += straight and even
    totals.speed_variation.add(speed)
    totals.step_variation.add(step)
    middle = stroke.midpoint()
    if middle is None:
        return
    totals.midpoints.add(middle)
    totals.durations.add(stroke.duration_ms())
    totals.steps += stroke.steps
    totals.wobbles += stroke.wobbles
    totals.reversals += stroke.reversals
    totals.step_times.merge(stroke.step_times())


def _count_all_told(
    totals: PointerTotals, stroke: Stroke, events: Sequence[MouseMove]
) -> None:
    """Count for the next moves of a stroke whether the hardware moved so."""
    x, y = stroke.x, stroke.y
    for event in events:
        mx, my = event.mx, event.my
        if mx or my:
            _count_told(totals, event.x - x, event.y - y, mx, my)
        x, y = event.x, event.y


def _count_told(
    totals: PointerTotals, dx: float, dy: float, mx: float | None, my: float | None
) -> None:
    """Count whether the hardware moved the way the pointer went.

    Some browsers say 0 of every move, so only a direction can be contrary.
    """
    if not mx and not my:
        return
    far = hypot(dx, dy)
    if far < TOLD_PX:
        return
    mx, my = mx or 0.0, my or 0.0
    totals.told += 1
    totals.contrary += dx * mx + dy * my < SAME_WAY * far * hypot(mx, my)


# A movement's reports come in rows, and are read as such.
ROWS: Final = {MouseMove: read_moves}
READERS: Final = {MouseDown: read_press, Page: read_page}
