"""What scrolling tells: whether the page was moved by hand."""

from typing import Final

from msgspec import Struct, field

from ..events import (
    KeyDown,
    MouseDown,
    Page,
    Scroll,
    TouchMove,
    TouchStart,
    Wheel,
)
from ..stats import Histogram, Moments

# People's longest step in one event is 109 px with a wheel (research S1);
# `scrollIntoView` makes 704.
JUMP_PX: Final = 400

# What a hand did up to this long ago may still move the page: keys and wheels
# scroll smoothly for half a second, a flicked page rolls on.
GESTURE_EFFECT_MS: Final = 1_000

# A jump stands alone: a flick's or a scroll bar's fast steps follow one another.
ALONE_MS: Final = 150

# A longer pause between two movements of the page is reading.
LONGEST_PAUSE_MS: Final = 10_000

# Fast is a step of this size that follows within three frames, above this speed: a
# driver's gesture runs at 50,000 px/s (S2), and of 367 pages of people none has three
# steps above 20,000.
FAST_PX: Final = 300
FAST_WITHIN_MS: Final = 50
FAST_PX_PER_MS: Final = 20

# More cannot lie within GESTURE_EFFECT_MS when each stands alone.
MOST_PENDING: Final = 8

_BY_HAND: Final = frozenset({"wheel", "key", "touch"})


class ScrollTotals(Struct, array_like=True):
    """Counts of scrolling over a session."""

    scrolls: int = 0
    wheels: int = 0
    untrusted_wheels: int = 0
    gestures: int = 0
    jumps: int = 0
    # Jumps that no wheel, touch, key or press preceded.
    unprompted_jumps: int = 0
    steps: Histogram = field(default_factory=Histogram)
    # Movements of the page from rest to rest: the pauses between them, and those that
    # no finger, key or button began.
    pauses: Moments = field(default_factory=Moments)
    untouched: int = 0
    # Steps after a turn of the wheel that were faster than wheels are.
    fast_wheel_steps: int = 0


class Moment(Struct, array_like=True):
    """Where the page stood, and when."""

    t: float
    y: float


class ScrollEdge(Struct, array_like=True):
    """What a run of batches must remember of scrolling at both ends."""

    first: Moment | None = None
    first_by_hand: bool = False
    # Whether a gesture or a page came before the run's first scroll.
    first_t: float | None = None
    last: Moment | None = None
    # A new page stands at its top; how it came there is no scroll.
    moved_page: bool = False
    gesture_t: float | None = None
    # Jumps with no gesture before them in this run.
    pending: list[float] = field(default_factory=list)
    # The same for movements of the page, which a wheel does not touch.
    first_by_wheel: bool = False
    first_touch_t: float | None = None
    touch_t: float | None = None
    pending_moves: list[float] = field(default_factory=list)


def read_gesture(
    totals: ScrollTotals,
    edge: ScrollEdge,
    event: KeyDown | MouseDown | TouchMove | TouchStart,
) -> None:
    """Remember what may move the page."""
    totals.gestures += 1
    edge.gesture_t = event.t
    edge.touch_t = event.t


def read_wheel(totals: ScrollTotals, edge: ScrollEdge, event: Wheel) -> None:
    """Count a turn of the wheel."""
    totals.wheels += 1
    totals.untrusted_wheels += event.trusted is False
    edge.gesture_t = event.t


def read_page(_totals: ScrollTotals, edge: ScrollEdge, _event: Page) -> None:
    """Forget where the page stood."""
    edge.last = None
    edge.moved_page = True


def read_scroll(totals: ScrollTotals, edge: ScrollEdge, event: Scroll) -> None:
    """Count how far the page moved."""
    totals.scrolls += 1
    here = Moment(event.t, event.y)
    by_hand = event.source in _BY_HAND
    by_wheel = event.source == "wheel"
    if edge.last is not None:
        _add_step(totals, edge, edge.last, here, by_hand=by_hand)
        _add_move(totals, edge, edge.last, here, by_wheel=by_wheel)
    elif not edge.moved_page:
        edge.first = here
        edge.first_by_hand = by_hand
        edge.first_by_wheel = by_wheel
        edge.first_t = edge.gesture_t
        edge.first_touch_t = edge.touch_t
    edge.last = here


def join(totals: ScrollTotals, left: ScrollEdge, right: ScrollEdge) -> ScrollEdge:
    """Count what crosses the border between two neighbouring runs."""
    for t in right.pending:
        _add_jump(totals, left, t)
    for t in right.pending_moves:
        _add_untouched(totals, left, t)
    whole = ScrollEdge(
        left.first,
        left.first_by_hand,
        left.first_t,
        right.last,
        left.moved_page or right.moved_page,
        left.gesture_t if right.gesture_t is None else right.gesture_t,
        left.pending,
        left.first_by_wheel,
        left.first_touch_t,
        left.touch_t if right.touch_t is None else right.touch_t,
        left.pending_moves,
    )
    if right.last is None and not right.moved_page:
        whole.last = left.last
    _join_first(totals, whole, left, right)
    return whole


def _join_first(
    totals: ScrollTotals, whole: ScrollEdge, left: ScrollEdge, right: ScrollEdge
) -> None:
    """Settle the right run's first scroll, or pass it on to the left."""
    if right.first is None:
        return
    if left.last is not None:
        before = ScrollEdge(gesture_t=left.gesture_t, pending=whole.pending)
        if right.first_t is not None:
            before.gesture_t = right.first_t
        by_hand, by_wheel = right.first_by_hand, right.first_by_wheel
        _add_step(totals, before, left.last, right.first, by_hand=by_hand)
        touch_t = right.first_touch_t
        before.touch_t = left.touch_t if touch_t is None else touch_t
        before.pending_moves = whole.pending_moves
        _add_move(totals, before, left.last, right.first, by_wheel=by_wheel)
    elif not left.moved_page:
        whole.first = right.first
        whole.first_by_hand = right.first_by_hand
        whole.first_by_wheel = right.first_by_wheel
        whole.first_t = left.gesture_t if right.first_t is None else right.first_t
        touch_t = right.first_touch_t
        whole.first_touch_t = left.touch_t if touch_t is None else touch_t


def _add_step(
    totals: ScrollTotals, edge: ScrollEdge, last: Moment, here: Moment, *, by_hand: bool
) -> None:
    """Count one step, and whether it was a jump."""
    step = abs(here.y - last.y)
    totals.steps.add(step)
    if step >= JUMP_PX and not by_hand and here.t - last.t > ALONE_MS:
        totals.jumps += 1
        _add_jump(totals, edge, here.t)


def _add_move(
    totals: ScrollTotals,
    edge: ScrollEdge,
    last: Moment,
    here: Moment,
    *,
    by_wheel: bool,
) -> None:
    """Count a movement of the page that begins, and a step that is too fast."""
    pause_ms, step = here.t - last.t, abs(here.y - last.y)
    if pause_ms > ALONE_MS and step:
        if pause_ms <= LONGEST_PAUSE_MS:
            totals.pauses.add(pause_ms)
        _add_untouched(totals, edge, here.t)
    is_fast = by_wheel and step >= FAST_PX and 0 < pause_ms <= FAST_WITHIN_MS
    totals.fast_wheel_steps += is_fast and step > FAST_PX_PER_MS * pause_ms


def _add_untouched(totals: ScrollTotals, edge: ScrollEdge, t: float) -> None:
    """Count a movement that no hand on the page began, or wait for the run before."""
    if edge.touch_t is not None:
        totals.untouched += t - edge.touch_t > GESTURE_EFFECT_MS
    elif len(edge.pending_moves) < MOST_PENDING:
        edge.pending_moves.append(t)
    else:
        # So many movements after the run's beginning, nothing before it matters.
        totals.untouched += 1


def _add_jump(totals: ScrollTotals, edge: ScrollEdge, t: float) -> None:
    """Count a jump that nothing preceded, or wait for what came before the run."""
    if edge.gesture_t is not None:
        totals.unprompted_jumps += t - edge.gesture_t > GESTURE_EFFECT_MS
    elif len(edge.pending) < MOST_PENDING:
        edge.pending.append(t)
    else:
        # So many jumps after the run's beginning, nothing before it matters.
        totals.unprompted_jumps += 1


def finish(totals: ScrollTotals, edge: ScrollEdge) -> None:
    """Count what waits as what nothing preceded."""
    totals.unprompted_jumps += len(edge.pending)
    totals.untouched += len(edge.pending_moves)


READERS: Final = {
    KeyDown: read_gesture,
    MouseDown: read_gesture,
    TouchStart: read_gesture,
    TouchMove: read_gesture,
    Wheel: read_wheel,
    Page: read_page,
    Scroll: read_scroll,
}
