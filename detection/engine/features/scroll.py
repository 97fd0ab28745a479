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
from ..stats import Histogram

# People's longest step in one event is 109 px with a wheel (research S1);
# `scrollIntoView` makes 704.
JUMP_PX: Final = 400

# What a hand did up to this long ago may still move the page: keys and wheels
# scroll smoothly for half a second, a flicked page rolls on.
GESTURE_EFFECT_MS: Final = 1_000

# A jump stands alone: a flick's or a scroll bar's fast steps follow one another.
ALONE_MS: Final = 150

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


def read_gesture(
    totals: ScrollTotals,
    edge: ScrollEdge,
    event: KeyDown | MouseDown | TouchMove | TouchStart,
) -> None:
    """Remember what may move the page."""
    totals.gestures += 1
    edge.gesture_t = event.t


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
    if edge.last is not None:
        _add_step(totals, edge, edge.last, here, by_hand=by_hand)
    elif not edge.moved_page:
        edge.first = here
        edge.first_by_hand = by_hand
        edge.first_t = edge.gesture_t
    edge.last = here


def join(totals: ScrollTotals, left: ScrollEdge, right: ScrollEdge) -> ScrollEdge:
    """Count what crosses the border between two neighbouring runs."""
    for t in right.pending:
        _add_jump(totals, left, t)
    whole = ScrollEdge(
        left.first,
        left.first_by_hand,
        left.first_t,
        right.last,
        left.moved_page or right.moved_page,
        left.gesture_t if right.gesture_t is None else right.gesture_t,
        left.pending,
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
        by_hand = right.first_by_hand
        _add_step(totals, before, left.last, right.first, by_hand=by_hand)
    elif not left.moved_page:
        whole.first = right.first
        whole.first_by_hand = right.first_by_hand
        whole.first_t = left.gesture_t if right.first_t is None else right.first_t


def _add_step(
    totals: ScrollTotals, edge: ScrollEdge, last: Moment, here: Moment, *, by_hand: bool
) -> None:
    """Count one step, and whether it was a jump."""
    step = abs(here.y - last.y)
    totals.steps.add(step)
    if step >= JUMP_PX and not by_hand and here.t - last.t > ALONE_MS:
        totals.jumps += 1
        _add_jump(totals, edge, here.t)


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
    """Count the jumps that wait as jumps that nothing preceded."""
    totals.unprompted_jumps += len(edge.pending)


READERS: Final = {
    KeyDown: read_gesture,
    MouseDown: read_gesture,
    TouchStart: read_gesture,
    TouchMove: read_gesture,
    Wheel: read_wheel,
    Page: read_page,
    Scroll: read_scroll,
}
