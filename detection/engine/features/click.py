"""What presses and clicks tell: how long, where on the target, and from where."""

from math import hypot
from typing import Final

from msgspec import Struct, field

from ..events import Button, Click, KeyDown, KeyUp, MouseDown, MouseUp
from ..stats import Histogram, Moments

# Farther is a drag, and its duration no press.
DRAG_PX: Final = 8
LONGEST_PRESS_MS: Final = 3_000

# Presses shorter than this: 1.2 % of people's are below 40 ms (research C2), scripts
# need 0.3 to 5.
INSTANT_MS: Final = 6

# A click this soon after a button's event belongs to it (a label's click on its box
# too); this soon after Enter or Space it belongs to the key.
BUTTON_EFFECT_MS: Final = 50
KEY_EFFECT_MS: Final = 100

# Smaller boxes cannot be hit off their centre (C1: targets of more than 20 px).
SMALLEST_BOX_PX: Final = 20
CENTRE_PX: Final = 1

# Someone who presses again without moving hits the same place, of course: only
# presses this far from the one before are compared.
MOVED_PX: Final = 60

# Longer gaps between presses are reading.
LONGEST_GAP_MS: Final = 20_000

_ACTIVATIONS: Final = frozenset({"enter", "space", "arrow"})


class ClickTotals(Struct, array_like=True):
    """Counts and times of presses and clicks over a session."""

    presses: int = 0
    touch_presses: int = 0
    clicks: int = 0
    untrusted: int = 0
    # Clicks that no press made: by key, by assistive technology, by nothing known.
    by_key: int = 0
    virtual: int = 0
    sudden: int = 0
    # Presses of a mouse: their durations without drags.
    durations: Histogram = field(default_factory=Histogram)
    duration_moments: Moments = field(default_factory=Moments)
    instant: int = 0
    boxed: int = 0
    centred: int = 0
    gaps: Moments = field(default_factory=Moments)
    gap_histogram: Histogram = field(default_factory=Histogram)
    # Where on their boxes presses landed that came from elsewhere: how far from the
    # centre, in halves of the box's width and height.
    across: Moments = field(default_factory=Moments)
    down: Moments = field(default_factory=Moments)
    # Of the touch presses those by a finger: pens press, but not as fingers do.
    finger_presses: int = 0
    # Presses that assistive technology made.
    virtual_presses: int = 0


class Press(Struct, array_like=True):
    """A button that is down, or came up: when and where."""

    t: float
    x: float
    y: float
    is_mouse: bool


class Spot(Struct, array_like=True):
    """Where a press was, and where on its box; None when the box is not known."""

    x: float
    y: float
    across: float | None = None
    down: float | None = None


class Orphan(Struct, array_like=True):
    """A run's first click, when no button's event precedes it in the run."""

    t: float
    trusted: bool | None
    detail: int | None
    key_t: float | None


class ClickEdge(Struct, array_like=True):
    """What a run of batches must remember of its buttons at both ends."""

    # Whether a press or release was seen: before, a release may belong to the left.
    known: bool = False
    open: Press | None = None
    orphan_up: Press | None = None
    first_press_t: float | None = None
    last_press_t: float | None = None
    button_t: float | None = None
    key_t: float | None = None
    orphan_click: Orphan | None = None
    # Whether a click has used up the key that the left run may have remembered.
    clicked: bool = False
    first_spot: Spot | None = None
    last_spot: Spot | None = None


def read_press(totals: ClickTotals, edge: ClickEdge, event: MouseDown) -> None:
    """Count a button that went down."""
    totals.presses += 1
    is_mouse = event.pointer not in ("touch", "pen")
    totals.touch_presses += not is_mouse
    totals.finger_presses += event.pointer == "touch"
    totals.virtual_presses += _is_virtual(event)
    totals.untrusted += event.trusted is False
    spot = _spot_of(totals, event)
    if edge.last_spot is None:
        edge.first_spot = spot
    else:
        _compare_spots(totals, edge.last_spot, spot)
    edge.last_spot = spot
    _add_gap(totals, edge.last_press_t, event.t)
    if edge.first_press_t is None:
        edge.first_press_t = event.t
    edge.last_press_t = event.t
    edge.open = Press(event.t, event.x, event.y, is_mouse)
    edge.known = True
    edge.button_t = event.t


def _is_virtual(press: MouseDown) -> bool:
    """Say whether the browser pressed because assistive technology asked it to.

    Chromium counts such a press as none (`detail` 0), though it is trusted and has a
    place (research X3; tried with the accessibility bus of Linux, Chromium 156).
    """
    is_real = press.trusted is not False and press.pointer != "touch"
    return is_real and press.detail == 0


def read_release(totals: ClickTotals, edge: ClickEdge, event: MouseUp) -> None:
    """Count how long the button was down."""
    up = Press(event.t, event.x, event.y, is_mouse=True)
    if edge.open is not None:
        _add_duration(totals, edge.open, up)
    elif not edge.known:
        edge.orphan_up = up
    edge.open = None
    edge.known = True
    edge.button_t = event.t


def read_click(totals: ClickTotals, edge: ClickEdge, event: Click) -> None:
    """Count a click by what made it."""
    totals.clicks += 1
    totals.untrusted += event.trusted is False
    click = Orphan(event.t, event.trusted, event.detail, edge.key_t)
    if edge.button_t is None:
        edge.orphan_click = click
    else:
        _count_click(totals, click, edge.button_t)
    edge.button_t = event.t
    # A key makes one click; the next one needs another key.
    edge.key_t = None
    edge.clicked = True


def read_key(_totals: ClickTotals, edge: ClickEdge, event: KeyDown | KeyUp) -> None:
    """Remember a key that may make a click."""
    if event.key in _ACTIVATIONS:
        edge.key_t = event.t


def join(totals: ClickTotals, left: ClickEdge, right: ClickEdge) -> ClickEdge:
    """Count what crosses the border between two neighbouring runs."""
    if right.orphan_up is not None and left.open is not None:
        _add_duration(totals, left.open, right.orphan_up)
    if right.first_press_t is not None:
        _add_gap(totals, left.last_press_t, right.first_press_t)
    whole = ClickEdge(
        left.known or right.known,
        right.open if right.known else left.open,
        left.orphan_up if left.known else right.orphan_up,
        right.first_press_t if left.first_press_t is None else left.first_press_t,
        left.last_press_t if right.last_press_t is None else right.last_press_t,
        left.button_t if right.button_t is None else right.button_t,
        right.key_t if right.clicked or right.key_t is not None else left.key_t,
        left.orphan_click,
        left.clicked or right.clicked,
        left.first_spot or right.first_spot,
        right.last_spot or left.last_spot,
    )
    if left.last_spot is not None and right.first_spot is not None:
        _compare_spots(totals, left.last_spot, right.first_spot)
    _join_click(totals, whole, left, right)
    return whole


def finish(totals: ClickTotals, edge: ClickEdge) -> None:
    """Count a run's first click as if nothing had come before."""
    if edge.orphan_click is not None:
        _count_click(totals, edge.orphan_click, None)


def _join_click(
    totals: ClickTotals, whole: ClickEdge, left: ClickEdge, right: ClickEdge
) -> None:
    """Settle the right run's first click, or pass it on to the left."""
    click = right.orphan_click
    if click is None:
        return
    if click.key_t is None:
        click.key_t = left.key_t
    if left.button_t is None:
        whole.orphan_click = click
    else:
        _count_click(totals, click, left.button_t)


def _count_click(totals: ClickTotals, click: Orphan, button_t: float | None) -> None:
    """Say what made a click: a button, a key, assistive technology, or nothing."""
    if button_t is not None and click.t - button_t <= BUTTON_EFFECT_MS:
        return
    if click.key_t is not None and click.t - click.key_t <= KEY_EFFECT_MS:
        totals.by_key += 1
    elif click.trusted is not False and click.detail == 0:
        totals.virtual += 1
    elif click.trusted is not False and click.detail is not None:
        totals.sudden += 1


def _spot_of(totals: ClickTotals, event: Button) -> Spot:
    """Count whether a press hit the exact centre of its box; return where it was."""
    spot = Spot(event.x, event.y)
    if event.tx is None or event.ty is None or event.tw is None or event.th is None:
        return spot
    if min(event.tw, event.th) < SMALLEST_BOX_PX:
        return spot
    off_x = event.x - event.tx - event.tw / 2
    off_y = event.y - event.ty - event.th / 2
    totals.boxed += 1
    totals.centred += abs(off_x) <= CENTRE_PX and abs(off_y) <= CENTRE_PX
    spot.across, spot.down = 2 * off_x / event.tw, 2 * off_y / event.th
    return spot


def _compare_spots(totals: ClickTotals, before: Spot, spot: Spot) -> None:
    """Note where on its box a press landed that came from another place."""
    if spot.across is None or spot.down is None:
        return
    if hypot(spot.x - before.x, spot.y - before.y) >= MOVED_PX:
        totals.across.add(spot.across)
        totals.down.add(spot.down)


def _add_duration(totals: ClickTotals, down: Press, up: Press) -> None:
    """Count the time a mouse's button was down."""
    duration_ms = up.t - down.t
    if not down.is_mouse or not 0 <= duration_ms <= LONGEST_PRESS_MS:
        return
    if hypot(up.x - down.x, up.y - down.y) > DRAG_PX:
        return
    totals.durations.add(duration_ms)
    totals.duration_moments.add(duration_ms)
    totals.instant += duration_ms < INSTANT_MS


def _add_gap(totals: ClickTotals, earlier: float | None, later: float) -> None:
    """Count the time from one press to the next."""
    if earlier is None:
        return
    gap_ms = later - earlier
    if 0 <= gap_ms <= LONGEST_GAP_MS:
        totals.gaps.add(gap_ms)
        totals.gap_histogram.add(gap_ms)


READERS: Final = {
    MouseDown: read_press,
    MouseUp: read_release,
    Click: read_click,
    KeyDown: read_key,
    KeyUp: read_key,
}
