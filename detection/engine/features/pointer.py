"""What the pointer tells: its strokes, and how it came to each press."""

from math import hypot
from typing import Final

from msgspec import Struct, field

from ..events import MouseDown, MouseMove, Page
from ..stats import Histogram
from .strokes import PAUSE_MS, Stroke

# A stroke counts when it has this many steps and went this far: with less, speed
# and direction are rounding (research E3 uses 6 points and 100 px).
STROKE_STEPS: Final = 5
STROKE_PX: Final = 60

# A ruler's line. 4 % of people's strokes are straighter (E3), so only shares count.
STRAIGHT: Final = 0.99

# Steps of one length, as interpolation makes them; people's 1st percentile of
# variation in a stroke is 0.46 (E3).
EVEN_BELOW: Final = 0.15

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


class Approach(Struct, array_like=True):
    """The moves since a press or since the beginning: how many, from where to where."""

    moves: int = 0
    first_x: float = 0.0
    first_y: float = 0.0
    t: float = 0.0
    x: float = 0.0
    y: float = 0.0
    longest_step: float = 0.0

    def extend(self, t: float, x: float, y: float) -> None:
        """Add a move."""
        if self.moves:
            step = hypot(x - self.x, y - self.y)
            self.longest_step = max(self.longest_step, step)
        else:
            self.first_x, self.first_y = x, y
        self.moves += 1
        self.t, self.x, self.y = t, x, y

    def append(self, later: "Approach") -> None:
        """Add the moves that came after."""
        if not later.moves:
            return
        self.extend(later.t, later.first_x, later.first_y)
        self.moves += later.moves - 1
        self.longest_step = max(self.longest_step, later.longest_step)
        self.t, self.x, self.y = later.t, later.x, later.y


class Stop(Struct, array_like=True):
    """Something that ends an approach: a press, or a new page (`is_press` is false)."""

    t: float
    x: float
    y: float
    is_press: bool


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


def read_move(totals: PointerTotals, edge: PointerEdge, event: MouseMove) -> None:
    """Follow the pointer."""
    totals.moves += 1
    if event.coalesced is not None:
        totals.coalesced_known += 1
        totals.coalesced_many += event.coalesced > 1
    t, x, y = event.t, event.x, event.y
    approach = edge.head_approach if edge.first_stop is None else edge.tail_approach
    approach.extend(t, x, y)
    stroke = edge.tail if edge.broken else edge.head
    if stroke is None:
        stroke = Stroke(t, x, y, t, x, y)
    elif t - stroke.t <= PAUSE_MS:
        stroke.extend(t, x, y)
        return
    else:
        _break(totals, edge)
        stroke = Stroke(t, x, y, t, x, y)
    if edge.broken:
        edge.tail = stroke
    else:
        edge.head = stroke


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
        _finish_approach(totals, nowhere, edge.head_approach, edge.first_stop)
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
        _finish_approach(totals, edge.last_stop, edge.tail_approach, stop)
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
        _finish_approach(totals, left.last_stop, middle, right.first_stop)
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


def _finish_approach(
    totals: PointerTotals, origin: Stop, approach: Approach, stop: Stop
) -> None:
    """Count how the pointer came from one press to the next."""
    if not stop.is_press:
        return
    if approach.moves:
        _count_arrival(totals, approach, stop)
    if not origin.is_press:
        return
    totals.approaches += 1
    way = hypot(stop.x - origin.x, stop.y - origin.y)
    if way < DISPLACED_PX:
        return
    totals.displaced += 1
    totals.teleports += _is_teleport(origin, approach, way)


def _count_arrival(totals: PointerTotals, approach: Approach, stop: Stop) -> None:
    """Count the time from the last move to the press."""
    wait_ms = stop.t - approach.t
    totals.moved += 1
    # A clock of 16 ms says 0 where a person took a few; only a fine one says 1.
    totals.at_once += 0 < wait_ms < AT_ONCE_MS
    totals.last_move.add(wait_ms)


def _is_teleport(origin: Stop, approach: Approach, way: float) -> bool:
    """Say whether the pointer was at one press and then at the next, with no way."""
    if not approach.moves:
        return True
    if approach.moves > _MOVES_OF_A_JUMP:
        return False
    first_step = hypot(approach.first_x - origin.x, approach.first_y - origin.y)
    return max(first_step, approach.longest_step) >= JUMP_SHARE * way


READERS: Final = {MouseMove: read_move, MouseDown: read_press, Page: read_page}
