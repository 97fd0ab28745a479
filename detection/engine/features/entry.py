"""What the text fields tell: whether text came by keys, by paste, or by itself."""

from typing import Final

from msgspec import Struct, field

from ..events import Click, Input, KeyDown
from ..stats import Histogram

# A control that changes this soon after a click was ticked, not typed into. Browsers
# send both in one task; a slow page takes a few frames.
CLICK_EFFECT_MS: Final = 60

# Longer pauses between two changes of text are thinking.
LONGEST_GAP_MS: Final = 2_000

# One change that brings this much was not one key. Emoji and dead keys bring up to
# four characters, a completed word rarely above 15.
WHOLE_TEXT: Final = 20

# Words of the Input Events standard for texts that people bring without keys.
_PASTED: Final = frozenset(
    {"insertFromPaste", "insertFromDrop", "insertFromYank", "deleteByCut"}
)
_COMPOSED: Final = frozenset(
    {"insertCompositionText", "insertFromComposition", "deleteCompositionText"}
)
_REPLACED: Final = frozenset({"insertReplacementText"})
_DICTATED: Final = frozenset({"insertFromDictation", "insertTextFromDictation"})
_TYPED: Final = frozenset({"", "insertText"})


class EntryTotals(Struct, array_like=True):
    """Counts of changes to controls over a session."""

    texts: int = 0
    choices: int = 0
    # Changes that add typed text, and those of them without a key since the last.
    typed: int = 0
    keyless: int = 0
    whole_texts: int = 0
    largest_whole_text: int = 0
    pasted: int = 0
    composed: int = 0
    replaced: int = 0
    dictated: int = 0
    untrusted_texts: int = 0
    untrusted_choices: int = 0
    gaps: Histogram = field(default_factory=Histogram)
    # Characters that changes claimed as typed brought, those that the browser calls
    # inserted, and the keys behind these.
    typed_characters: int = 0
    inserted_characters: int = 0
    inserted_keys: int = 0
    # Changes that a script claims to have typed, and that changed nothing.
    echoes: int = 0


class FirstInput(Struct, array_like=True):
    """A run's first change; what it was depends on what came before the run."""

    t: float
    keys: int
    # The client counted the keys itself; a join has nothing to add.
    keys_are_exact: bool
    clicked_t: float | None
    # Whether the event alone shows that it is text: a type or a length.
    is_text: bool
    is_typed: bool
    # The browser's own word for typed text; autofill and older ones have none.
    is_inserted: bool
    delta: int
    trusted: bool


class EntryEdge(Struct, array_like=True):
    """What a run of batches must remember of its inputs at both ends."""

    first: FirstInput | None = None
    last_t: float | None = None
    keys: int = 0
    clicked_t: float | None = None


def read_key(_totals: EntryTotals, edge: EntryEdge, _event: KeyDown) -> None:
    """Remember that a key went down before the next change."""
    edge.keys += 1


def read_click(_totals: EntryTotals, edge: EntryEdge, event: Click) -> None:
    """Remember that a control was clicked before the next change."""
    edge.clicked_t = event.t


def read_input(totals: EntryTotals, edge: EntryEdge, event: Input) -> None:
    """Count a change by what brought it."""
    if event.input_type == "choice":
        totals.choices += 1
        totals.untrusted_choices += event.trusted is False
        return
    _count_kind(totals, event)
    change = FirstInput(
        event.t,
        edge.keys if event.keys_since is None else event.keys_since,
        event.keys_since is not None,
        edge.clicked_t,
        is_text=bool(event.input_type) or event.length > 0 or event.delta != 0,
        is_typed=event.input_type in _TYPED and event.delta >= 0,
        is_inserted=event.input_type == "insertText",
        delta=event.delta,
        trusted=event.trusted is not False,
    )
    if edge.first is None:
        edge.first = change
    else:
        _add_gap(totals, edge.last_t, event.t)
        _settle(totals, change)
    edge.last_t = event.t
    edge.keys = 0
    edge.clicked_t = None


def join(totals: EntryTotals, left: EntryEdge, right: EntryEdge) -> EntryEdge:
    """Count what crosses the border between two neighbouring runs."""
    if right.first is None:
        left.keys += right.keys
        if right.clicked_t is not None:
            left.clicked_t = right.clicked_t
        return left
    change = right.first
    if not change.keys_are_exact:
        change.keys += left.keys
    if change.clicked_t is None:
        change.clicked_t = left.clicked_t
    if left.first is None:
        right.first = change
        return right
    _add_gap(totals, left.last_t, change.t)
    _settle(totals, change)
    return EntryEdge(left.first, right.last_t, right.keys, right.clicked_t)


def finish(totals: EntryTotals, edge: EntryEdge) -> None:
    """Count a run's first change as if nothing had come before."""
    if edge.first is not None:
        _settle(totals, edge.first)


def _count_kind(totals: EntryTotals, event: Input) -> None:
    """Count the browser's word for what brought the text."""
    kind = event.input_type
    totals.pasted += kind in _PASTED
    totals.composed += kind in _COMPOSED
    totals.replaced += kind in _REPLACED
    totals.dictated += kind in _DICTATED
    is_empty = event.delta == 0 and event.length > 0
    totals.echoes += kind == "insertText" and event.trusted is False and is_empty


def _settle(totals: EntryTotals, change: FirstInput) -> None:
    """Count a change now that what preceded it is known."""
    clicked = change.clicked_t
    by_click = clicked is not None and change.t - clicked <= CLICK_EFFECT_MS
    if by_click and not change.keys and not change.is_text:
        totals.choices += 1
        totals.untrusted_choices += not change.trusted
        return
    totals.texts += 1
    totals.untrusted_texts += not change.trusted
    if change.is_typed:
        _count_typed(totals, change)


def _count_typed(totals: EntryTotals, change: FirstInput) -> None:
    """Count a change that claims to be typed."""
    totals.typed += 1
    totals.typed_characters += change.delta
    if change.is_inserted:
        totals.inserted_characters += change.delta
        totals.inserted_keys += change.keys
    if change.keys:
        return
    totals.keyless += 1
    if change.is_inserted and change.delta >= WHOLE_TEXT:
        totals.whole_texts += 1
        totals.largest_whole_text = max(totals.largest_whole_text, change.delta)


def _add_gap(totals: EntryTotals, earlier: float | None, later: float) -> None:
    """Count the time from one change to the next."""
    if earlier is None:
        return
    gap_ms = later - earlier
    if 0 <= gap_ms <= LONGEST_GAP_MS:
        totals.gaps.add(gap_ms)


READERS: Final = {KeyDown: read_key, Click: read_click, Input: read_input}
