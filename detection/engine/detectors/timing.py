"""Questions about the clock: reactions and pace. Hurry alone is not automation."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

INSTANT_STARTS: Final = "timing.instant_starts"
EVEN_ANSWERS: Final = "timing.even_answers"
EVEN_PAGES: Final = "timing.even_pages"

# Someone who clicks "next" twice presses on a page that just appeared; half of all
# pages is a script (research C5).
MIN_INSTANT_STARTS: Final = 3
INSTANT_SHARE: Final = 0.5
INSTANT_WEIGHT: Final = 2.5

# People's variation of the time between answers is above 0.69 (survey_de), of the
# time between presses above 0.2 (C6 proposes 0.1).
MIN_ANSWER_GAPS: Final = 6
EVEN_ANSWERS_BELOW: Final = 0.1
EVEN_ANSWERS_WEIGHT: Final = 2.0

# Times of pages differ by their content; 0.15 over eight pages is research Q4, a
# third of it leaves room for surveys of equal pages.
MIN_PAGES: Final = 8
EVEN_PAGES_BELOW: Final = 0.05
EVEN_PAGES_WEIGHT: Final = 1.5


def instant_starts(features: SessionFeatures) -> Reading:
    """Fire when pages are worked on before anyone can have seen them."""
    timing = features.totals.timing
    if timing.started < MIN_INSTANT_STARTS:
        return unknown(INSTANT_STARTS)
    share = timing.instant_starts / timing.started
    if timing.instant_starts >= MIN_INSTANT_STARTS and share >= INSTANT_SHARE:
        pages = timing.instant_starts
        return fired(INSTANT_STARTS, INSTANT_WEIGHT, pages=pages)
    return clear(INSTANT_STARTS)


def even_answers(features: SessionFeatures) -> Reading:
    """Fire when one answer follows the other after the same time."""
    gaps = features.totals.timing.answer_gaps
    variation = gaps.variation()
    if variation is None or gaps.count < MIN_ANSWER_GAPS:
        return unknown(EVEN_ANSWERS)
    if variation < EVEN_ANSWERS_BELOW:
        return fired(
            EVEN_ANSWERS, EVEN_ANSWERS_WEIGHT, variation=variation, gaps=gaps.count
        )
    return clear(EVEN_ANSWERS, variation=variation)


def even_pages(features: SessionFeatures) -> Reading:
    """Fire when every page takes the same time."""
    times = features.totals.timing.page_times
    variation = times.variation()
    if variation is None or times.count < MIN_PAGES:
        return unknown(EVEN_PAGES)
    if variation < EVEN_PAGES_BELOW:
        return fired(
            EVEN_PAGES, EVEN_PAGES_WEIGHT, variation=variation, pages=times.count
        )
    return clear(EVEN_PAGES, variation=variation)


DETECTORS: Final = (
    Detector(INSTANT_STARTS, 801, Family.TIMING, instant_starts),
    Detector(EVEN_ANSWERS, 802, Family.TIMING, even_answers),
    Detector(EVEN_PAGES, 803, Family.TIMING, even_pages),
)
