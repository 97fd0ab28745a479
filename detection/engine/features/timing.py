"""What the clock tells: how soon after a page, and how evenly, one answered."""

from typing import Final

from msgspec import Struct, field

from ..events import Answer, Event, Input, KeyDown, MouseDown, Page, TouchStart
from ..stats import Histogram, Moments

# A person needs 300 ms to see a page and to react (research C5); 100 is a script.
INSTANT_MS: Final = 100
QUICK_MS: Final = 300

# Later than this is not a reaction to the page any more.
LONGEST_START_MS: Final = 60_000

# Words a minute that nobody reads: fast readers reach 350 (research Q3).
UNREADABLE_WPM: Final = 1_500

# Fewer words than this are seen at a glance.
FEWEST_WORDS: Final = 20

# Longer gaps between answers are breaks.
LONGEST_GAP_MS: Final = 60_000


class TimingTotals(Struct, array_like=True):
    """Times of pages, acts and answers over a session."""

    first_t: float | None = None
    last_t: float | None = None
    pages: int = 0
    answers: int = 0
    # Pages on which something was done, and those where it was done at once.
    started: int = 0
    instant_starts: int = 0
    page_times: Moments = field(default_factory=Moments)
    wordy_pages: int = 0
    unread_pages: int = 0
    answer_gaps: Moments = field(default_factory=Moments)
    answer_gap_histogram: Histogram = field(default_factory=Histogram)
    # From a page to the first act on it, and how often a person hardly could.
    start_times: Moments = field(default_factory=Moments)
    quick_starts: int = 0
    # Pages whose words are known: how many words, and how long they were open.
    page_words: Moments = field(default_factory=Moments)
    worded_page_times: Moments = field(default_factory=Moments)


class Shown(Struct, array_like=True):
    """A page and when it was shown."""

    t: float
    words: int | None


class TimingEdge(Struct, array_like=True):
    """What a run of batches must remember of its pages and answers at both ends."""

    first_page_t: float | None = None
    last_page: Shown | None = None
    # The first act before any page of the run, and whether the last page had one.
    first_act_t: float | None = None
    acted: bool = False
    first_answer_t: float | None = None
    last_answer_t: float | None = None


def read_page(totals: TimingTotals, edge: TimingEdge, event: Page) -> None:
    """Count a page, and the time that was spent on the one before."""
    totals.pages += 1
    if edge.last_page is None:
        edge.first_page_t = event.t
    else:
        _end_page(totals, edge.last_page, event.t)
    edge.last_page = Shown(event.t, event.words)
    edge.acted = False


def read_act(totals: TimingTotals, edge: TimingEdge, event: Event) -> None:
    """Note the first thing done on a page."""
    if edge.acted:
        return
    edge.acted = True
    if edge.last_page is None:
        edge.first_act_t = event.t
    else:
        _start(totals, edge.last_page, event.t)


def read_answer(totals: TimingTotals, edge: TimingEdge, event: Answer) -> None:
    """Count an answer, and the time since the last."""
    _add_answer(totals, edge, event.t)


def read_choice(totals: TimingTotals, edge: TimingEdge, event: Input) -> None:
    """Count a ticked control as an answer."""
    if event.input_type == "choice":
        _add_answer(totals, edge, event.t)


def join(totals: TimingTotals, left: TimingEdge, right: TimingEdge) -> TimingEdge:
    """Count what crosses the border between two neighbouring runs."""
    if left.last_page is not None and right.first_page_t is not None:
        _end_page(totals, left.last_page, right.first_page_t)
    if right.first_act_t is not None and not left.acted and left.last_page is not None:
        _start(totals, left.last_page, right.first_act_t)
    if right.first_answer_t is not None:
        _add_gap(totals, left.last_answer_t, right.first_answer_t)
    whole = TimingEdge(
        right.first_page_t if left.first_page_t is None else left.first_page_t,
        right.last_page or left.last_page,
        left.first_act_t,
        right.acted if right.last_page is not None else left.acted or right.acted,
        right.first_answer_t if left.first_answer_t is None else left.first_answer_t,
        left.last_answer_t if right.last_answer_t is None else right.last_answer_t,
    )
    if left.last_page is None and not left.acted:
        whole.first_act_t = right.first_act_t
    return whole


def _start(totals: TimingTotals, page: Shown, t: float) -> None:
    """Count how soon after the page something was done."""
    totals.started += 1
    start_ms = t - page.t
    totals.instant_starts += start_ms < INSTANT_MS
    if 0 <= start_ms <= LONGEST_START_MS:
        totals.start_times.add(start_ms)
        totals.quick_starts += start_ms < QUICK_MS


def _end_page(totals: TimingTotals, page: Shown, t: float) -> None:
    """Count how long a page was open, and whether it could be read."""
    spent_ms = max(0.0, t - page.t)
    totals.page_times.add(spent_ms)
    if page.words is not None:
        totals.page_words.add(page.words)
        totals.worded_page_times.add(spent_ms)
    if page.words is not None and page.words >= FEWEST_WORDS:
        totals.wordy_pages += 1
        totals.unread_pages += spent_ms * UNREADABLE_WPM < page.words * 60_000


def _add_answer(totals: TimingTotals, edge: TimingEdge, t: float) -> None:
    """Count an answer and the time since the last."""
    totals.answers += 1
    _add_gap(totals, edge.last_answer_t, t)
    if edge.first_answer_t is None:
        edge.first_answer_t = t
    edge.last_answer_t = t


def _add_gap(totals: TimingTotals, earlier: float | None, later: float) -> None:
    """Count the time from one answer to the next."""
    if earlier is None:
        return
    gap_ms = later - earlier
    if 0 <= gap_ms <= LONGEST_GAP_MS:
        totals.answer_gaps.add(gap_ms)
        totals.answer_gap_histogram.add(gap_ms)


READERS: Final = {
    Page: read_page,
    MouseDown: read_act,
    KeyDown: read_act,
    TouchStart: read_act,
    Answer: read_answer,
    Input: read_choice,
}
