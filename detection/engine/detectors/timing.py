"""Questions about the clock: reactions and pace. Hurry alone is not automation."""

from typing import Final

from ..readings import Detector, clear, fired, noted, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

INSTANT_STARTS: Final = "timing.instant_starts"
EVEN_ANSWERS: Final = "timing.even_answers"
EVEN_PAGES: Final = "timing.even_pages"
UNREAD_PAGES: Final = "timing.unread_pages"
LENGTH_BLIND: Final = "timing.length_blind"
EVEN_STARTS: Final = "timing.even_starts"
QUICK_STARTS: Final = "timing.quick_starts"

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

# Nobody reads 1,500 words a minute (Q3), but people who want to be done do not read:
# that is inattention, which is not judged here.
MIN_WORDY_PAGES: Final = 3
UNREAD_SHARE: Final = 0.5

# A program's pages take as long as its steps, whatever stands on them (Q4). Of 51
# people with five pages of survey_de the steadiest varies by 0.39.
MIN_LENGTHS: Final = 6
LENGTHS_VARY: Final = 0.4
BLIND_BELOW: Final = 0.15
BLIND_WEIGHT: Final = 1.5

# From a page to the first act, people vary by 0.20 at least (51 people of survey_de);
# a fixed wait after loading does not (Q5). Where all pages have a timer, people wait
# for it and then take their time to react, which differs by more than 120 ms.
MIN_STARTS: Final = 6
EVEN_STARTS_BELOW: Final = 0.08
EVEN_STARTS_MS: Final = 120
EVEN_STARTS_WEIGHT: Final = 1.5

# Below 300 ms is too soon to have read anything (C5), and hurry is not automation.
QUICK_SHARE: Final = 0.8
QUICK_WEIGHT: Final = 0.8


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


def unread_pages(features: SessionFeatures) -> Reading:
    """Note that pages full of words were left before anyone could have read them."""
    timing = features.totals.timing
    if timing.wordy_pages < MIN_WORDY_PAGES:
        return unknown(UNREAD_PAGES)
    share = timing.unread_pages / timing.wordy_pages
    if share >= UNREAD_SHARE:
        return noted(UNREAD_PAGES, share=share, pages=timing.wordy_pages)
    return clear(UNREAD_PAGES, share=share)


def length_blind(features: SessionFeatures) -> Reading:
    """Fire when short pages take as long as long ones."""
    timing = features.totals.timing
    times, words = timing.worded_page_times.variation(), timing.page_words.variation()
    pages = timing.page_words.count
    if times is None or words is None or pages < MIN_LENGTHS or words < LENGTHS_VARY:
        return unknown(LENGTH_BLIND)
    if times < BLIND_BELOW:
        return fired(LENGTH_BLIND, BLIND_WEIGHT, variation=times, pages=pages)
    return clear(LENGTH_BLIND, variation=times)


def even_starts(features: SessionFeatures) -> Reading:
    """Fire when work begins after the same time on each page."""
    times = features.totals.timing.start_times
    variation, deviation = times.variation(), times.deviation()
    if variation is None or deviation is None or times.count < MIN_STARTS:
        return unknown(EVEN_STARTS)
    if variation < EVEN_STARTS_BELOW and deviation < EVEN_STARTS_MS:
        return fired(
            EVEN_STARTS, EVEN_STARTS_WEIGHT, variation=variation, pages=times.count
        )
    return clear(EVEN_STARTS, variation=variation)


def quick_starts(features: SessionFeatures) -> Reading:
    """Fire when nearly all pages are worked on before they can have been read."""
    timing, modality = features.totals.timing, features.modality
    pages = timing.start_times.count
    # Who knows the way presses Tab or Enter while the page still builds itself.
    if pages < MIN_STARTS or modality.is_keyboard_nav or modality.is_assistive:
        return unknown(QUICK_STARTS)
    share = timing.quick_starts / pages
    if share >= QUICK_SHARE:
        return fired(QUICK_STARTS, QUICK_WEIGHT, share=share, pages=pages)
    return clear(QUICK_STARTS, share=share)


DETECTORS: Final = (
    Detector(INSTANT_STARTS, 801, Family.TIMING, instant_starts),
    Detector(EVEN_ANSWERS, 802, Family.TIMING, even_answers),
    Detector(EVEN_PAGES, 803, Family.TIMING, even_pages),
    Detector(UNREAD_PAGES, 804, Family.TIMING, unread_pages, shadow=True),
    Detector(LENGTH_BLIND, 805, Family.TIMING, length_blind),
    Detector(EVEN_STARTS, 806, Family.TIMING, even_starts),
    Detector(QUICK_STARTS, 807, Family.TIMING, quick_starts),
)
