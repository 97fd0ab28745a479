"""Questions about the circumstances of answers within one session."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

UNSEEN: Final = "answers.unseen"
UNTRUSTED: Final = "answers.untrusted"
INSTANT: Final = "answers.instant"

# A tall window or zoomed-out page can fool the observer once (research S4).
MIN_UNSEEN: Final = 2
UNSEEN_WEIGHT: Final = 2.5

# Survey themes set a control now and then themselves (M9, K10).
MIN_UNTRUSTED: Final = 3
UNTRUSTED_SHARE: Final = 0.3
UNTRUSTED_WEIGHT: Final = 3.0

# A person needs 300 ms to see a question and to react, and longer to read it (C5);
# within 100 ms it was not read. What stands on the first screen comes into sight
# before any driver acts, so not all answers can be instant.
MIN_INSTANT: Final = 3
INSTANT_SHARE: Final = 0.25
INSTANT_WEIGHT: Final = 2.5


def unseen(features: SessionFeatures) -> Reading:
    """Fire when questions are answered that were never in sight."""
    answers = features.totals.answers
    if answers.visibility_known < MIN_UNSEEN or features.modality.is_assistive:
        return unknown(UNSEEN)
    if answers.unseen >= MIN_UNSEEN:
        return fired(UNSEEN, UNSEEN_WEIGHT, answers=answers.unseen)
    return clear(UNSEEN)


def untrusted(features: SessionFeatures) -> Reading:
    """Fire when a script in the page fills the controls."""
    entry = features.totals.entry
    changes = entry.texts + entry.choices
    if changes < MIN_UNTRUSTED:
        return unknown(UNTRUSTED)
    scripted = entry.untrusted_texts + entry.untrusted_choices
    if scripted >= MIN_UNTRUSTED and scripted >= UNTRUSTED_SHARE * changes:
        return fired(UNTRUSTED, UNTRUSTED_WEIGHT, changes=scripted)
    return clear(UNTRUSTED)


def instant(features: SessionFeatures) -> Reading:
    """Fire when questions are answered as soon as they come into sight."""
    answers = features.totals.answers
    if answers.answers < MIN_INSTANT or answers.sights < MIN_INSTANT:
        return unknown(INSTANT)
    share = answers.instant / answers.answers
    if answers.instant >= MIN_INSTANT and share >= INSTANT_SHARE:
        return fired(INSTANT, INSTANT_WEIGHT, share=share, answers=answers.answers)
    return clear(INSTANT, share=share)


DETECTORS: Final = (
    Detector(UNSEEN, 1101, Family.ANSWERS, unseen),
    Detector(UNTRUSTED, 1102, Family.ANSWERS, untrusted),
    Detector(INSTANT, 1103, Family.ANSWERS, instant),
)
