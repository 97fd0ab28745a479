"""What the keys tell: rhythm, holds, overlaps, corrections. Never which key."""

from typing import Final

from msgspec import Struct, field

from ..events import KeyDown, KeyUp
from ..stats import Histogram, Moments
from .pairing import Paired, Presses, join_presses

# A longer pause is thinking, not rhythm: 95 % of key-to-key times of people at
# desks are below 760 ms (survey_de).
LONGEST_GAP_MS: Final = 2_000

# A key that is held longer repeats; its hold says nothing about typing.
LONGEST_HOLD_MS: Final = 2_000

_ACTIVATIONS: Final = frozenset({"enter", "space", "arrow"})
_CORRECTIONS: Final = frozenset({"backspace", "delete"})


class KeyboardTotals(Struct, array_like=True):
    """Counts and times of keys over a session, in any order."""

    downs: int = 0
    ups: int = 0
    repeats: int = 0
    untrusted: int = 0
    # Phones and input methods do not say which key it was.
    unidentified: int = 0
    characters: int = 0
    corrections: int = 0
    tabs: int = 0
    activations: int = 0
    modifiers: int = 0
    overlaps: int = 0
    gaps: Histogram = field(default_factory=Histogram)
    gap_moments: Moments = field(default_factory=Moments)
    holds: Histogram = field(default_factory=Histogram)
    hold_moments: Moments = field(default_factory=Moments)
    # Keys with a character, of which it is known whether they have a place on a
    # keyboard, and those that have none.
    places_known: int = 0
    placeless: int = 0


class KeyboardEdge(Struct, array_like=True):
    """What a run of batches must remember of its keys at both ends."""

    presses: Presses = field(default_factory=Presses)
    first_down: float | None = None
    last_down: float | None = None


def read_down(totals: KeyboardTotals, edge: KeyboardEdge, event: KeyDown) -> None:
    """Count a key that went down."""
    if event.trusted is False:
        totals.untrusted += 1
    if event.repeat:
        # A held key repeats at the system's own rate. That is not typing.
        totals.repeats += 1
        return
    totals.downs += 1
    if event.key == "modifier":
        # Shift is held while other keys go down; it would look like rollover.
        totals.modifiers += 1
        return
    _count_class(totals, event)
    _add_gap(totals, edge.last_down, event.t)
    if edge.first_down is None:
        edge.first_down = event.t
    edge.last_down = event.t
    if event.k is not None:
        edge.presses.press(event.k, event.t)


def read_up(totals: KeyboardTotals, edge: KeyboardEdge, event: KeyUp) -> None:
    """Count a key that came up, and the time it was down."""
    totals.ups += 1
    if event.k is None or event.key == "modifier":
        return
    pair = edge.presses.release(event.k, event.t)
    if pair is not None:
        _add_hold(totals, pair)


def join(
    totals: KeyboardTotals, left: KeyboardEdge, right: KeyboardEdge
) -> KeyboardEdge:
    """Count what crosses the border between two neighbouring runs."""
    if left.last_down is not None and right.first_down is not None:
        _add_gap(totals, left.last_down, right.first_down)
    presses, pairs = join_presses(left.presses, right.presses)
    for pair in pairs:
        _add_hold(totals, pair)
    return KeyboardEdge(
        presses,
        right.first_down if left.first_down is None else left.first_down,
        left.last_down if right.last_down is None else right.last_down,
    )


def _count_class(totals: KeyboardTotals, event: KeyDown) -> None:
    """Count what kind of key it was."""
    if event.key in _CORRECTIONS:
        totals.corrections += 1
    elif event.key == "tab":
        totals.tabs += 1
    elif event.key == "other":
        totals.unidentified += event.code_known is not True
    elif event.key not in ("arrow", "enter"):
        totals.characters += 1
        totals.places_known += event.code_known is not None
        totals.placeless += event.code_known is False
    totals.activations += event.key in _ACTIVATIONS


def _add_gap(totals: KeyboardTotals, earlier: float | None, later: float) -> None:
    """Count the time from one key to the next."""
    if earlier is None:
        return
    gap_ms = later - earlier
    if 0 <= gap_ms <= LONGEST_GAP_MS:
        totals.gaps.add(gap_ms)
        totals.gap_moments.add(gap_ms)


def _add_hold(totals: KeyboardTotals, pair: Paired) -> None:
    """Count the time a key was down."""
    totals.overlaps += pair.overlapped
    if 0 <= pair.duration_ms <= LONGEST_HOLD_MS:
        totals.holds.add(pair.duration_ms)
        totals.hold_moments.add(pair.duration_ms)


READERS: Final = {KeyDown: read_down, KeyUp: read_up}
