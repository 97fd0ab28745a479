"""What the clipboard tells: how much came in, and whether one had been away."""

from typing import Final

from msgspec import Struct, field

from ..events import Clipboard, Copy, Cut, Drop, Focus, Paste, Visibility

# Text that comes in this soon after a return was probably fetched (research F1).
FETCHED_WITHIN_MS: Final = 10_000

# That much of a question's text is the question (research P2).
PROMPT_SHARE: Final = 0.6

# A text of this length is an answer, not a word (research P1).
ANSWER_LENGTH: Final = 30

# More pastes than this in the ten seconds after a return are not looked into.
MOST_PENDING: Final = 8


class ClipboardTotals(Struct, array_like=True):
    """Counts of texts moved by clipboard or by dragging over a session."""

    pastes: int = 0
    pasted_characters: int = 0
    longest_paste: int = 0
    copies: int = 0
    cuts: int = 0
    drops: int = 0
    prompt_copies: int = 0
    untrusted: int = 0
    fetched: int = 0
    # Pastes and drops as long as an answer, and those of them that were fetched.
    answers: int = 0
    answer_characters: int = 0
    fetched_answers: int = 0
    # When the question was first copied, and when an answer was last pasted.
    first_prompt_t: float | None = None
    last_answer_t: float | None = None


class ClipboardEdge(Struct, array_like=True):
    """What a run of batches must remember of returns and pastes at both ends."""

    returned_t: float | None = None
    # Pastes with no return before them in this run.
    pending: list[float] = field(default_factory=list)
    pending_answers: list[float] = field(default_factory=list)


def read_paste(totals: ClipboardTotals, edge: ClipboardEdge, event: Paste) -> None:
    """Count a text that came in."""
    totals.pastes += 1
    totals.pasted_characters += event.length
    totals.longest_paste = max(totals.longest_paste, event.length)
    totals.untrusted += event.trusted is False
    if event.length >= ANSWER_LENGTH:
        _add_answer(totals, event)
        _add_fetched_answer(totals, edge, event.t)
    _add_paste(totals, edge, event.t)


def read_other(totals: ClipboardTotals, _edge: ClipboardEdge, event: Clipboard) -> None:
    """Count a text that was copied, cut or dragged."""
    totals.copies += isinstance(event, Copy)
    totals.cuts += isinstance(event, Cut)
    totals.drops += isinstance(event, Drop)
    totals.untrusted += event.trusted is False
    if isinstance(event, Drop) and event.length >= ANSWER_LENGTH:
        _add_answer(totals, event)
    if isinstance(event, Copy) and (event.share_of_prompt or 0) >= PROMPT_SHARE:
        totals.prompt_copies += 1
        first = totals.first_prompt_t
        totals.first_prompt_t = event.t if first is None else min(first, event.t)


def read_focus(_totals: ClipboardTotals, edge: ClipboardEdge, event: Focus) -> None:
    """Remember when one came back to the window."""
    edge.returned_t = event.t


def read_visibility(
    _totals: ClipboardTotals, edge: ClipboardEdge, event: Visibility
) -> None:
    """Remember when the page came back into sight."""
    if event.visible:
        edge.returned_t = event.t


def join(
    totals: ClipboardTotals, left: ClipboardEdge, right: ClipboardEdge
) -> ClipboardEdge:
    """Count what crosses the border between two neighbouring runs."""
    for t in right.pending:
        _add_paste(totals, left, t)
    for t in right.pending_answers:
        _add_fetched_answer(totals, left, t)
    if right.returned_t is not None:
        left.returned_t = right.returned_t
    return left


def _add_answer(totals: ClipboardTotals, event: Clipboard) -> None:
    """Count a text as long as an answer."""
    totals.answers += 1
    totals.answer_characters += event.length
    totals.last_answer_t = max(totals.last_answer_t or 0.0, event.t)


def _add_fetched_answer(totals: ClipboardTotals, edge: ClipboardEdge, t: float) -> None:
    """Count an answer after a return, or wait for what came before the run."""
    if edge.returned_t is not None:
        totals.fetched_answers += t - edge.returned_t <= FETCHED_WITHIN_MS
    elif len(edge.pending_answers) < MOST_PENDING:
        edge.pending_answers.append(t)


def _add_paste(totals: ClipboardTotals, edge: ClipboardEdge, t: float) -> None:
    """Count a paste after a return, or wait for what came before the run."""
    if edge.returned_t is not None:
        totals.fetched += t - edge.returned_t <= FETCHED_WITHIN_MS
    elif len(edge.pending) < MOST_PENDING:
        edge.pending.append(t)


READERS: Final = {
    Paste: read_paste,
    Copy: read_other,
    Cut: read_other,
    Drop: read_other,
    Focus: read_focus,
    Visibility: read_visibility,
}
