"""Questions about the clipboard. Pasting is ordinary and says nothing by itself.

Whether an answer was written by another's hand, or by a language model, is another
question than whether a program sits at the keyboard. What hints at that is kept and
shown, and weighs nothing in the verdict.
"""

from typing import Final

from ..features.clipboard import ANSWER_LENGTH
from ..readings import Detector, clear, fired, noted, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

UNTRUSTED: Final = "clipboard.untrusted"
FETCHED: Final = "clipboard.fetched_answers"
PASTED: Final = "clipboard.pasted_answers"
COPIED: Final = "clipboard.copied_questions"

# Editors dispatch a clipboard event of their own now and then (research M9).
UNTRUSTED_PASTES: Final = 1
UNTRUSTED_WEIGHT: Final = 1.5

# Four of five characters (research P1).
PASTED_SHARE: Final = 0.8


def untrusted(features: SessionFeatures) -> Reading:
    """Fire when a script in the page pretends to paste."""
    clipboard = features.totals.clipboard
    if clipboard.pastes + clipboard.copies + clipboard.cuts + clipboard.drops == 0:
        return unknown(UNTRUSTED)
    if clipboard.untrusted >= UNTRUSTED_PASTES:
        return fired(UNTRUSTED, UNTRUSTED_WEIGHT, events=clipboard.untrusted)
    return clear(UNTRUSTED)


def fetched_answers(features: SessionFeatures) -> Reading:
    """Note that answers were pasted right after another window was looked at (F1)."""
    clipboard = features.totals.clipboard
    if clipboard.answers == 0:
        return unknown(FETCHED)
    if clipboard.fetched_answers:
        return noted(FETCHED, answers=clipboard.fetched_answers)
    return clear(FETCHED)


def pasted_answers(features: SessionFeatures) -> Reading:
    """Note that most of the text was pasted (P1)."""
    clipboard, entry = features.totals.clipboard, features.totals.entry
    text = clipboard.answer_characters + entry.typed_characters
    if text < ANSWER_LENGTH:
        return unknown(PASTED)
    share = clipboard.answer_characters / text
    if share >= PASTED_SHARE:
        characters = clipboard.answer_characters
        return noted(PASTED, share=share, characters=characters)
    return clear(PASTED, share=share)


def copied_questions(features: SessionFeatures) -> Reading:
    """Note that a question was copied, and an answer pasted later (P2)."""
    clipboard = features.totals.clipboard
    copied, answered = clipboard.first_prompt_t, clipboard.last_answer_t
    if copied is None and answered is None:
        return unknown(COPIED)
    if copied is not None and answered is not None and copied < answered:
        copies, answers = clipboard.prompt_copies, clipboard.answers
        return noted(COPIED, copies=copies, answers=answers)
    return clear(COPIED)


DETECTORS: Final = (
    Detector(UNTRUSTED, 701, Family.CLIPBOARD, untrusted),
    Detector(FETCHED, 702, Family.CLIPBOARD, fetched_answers, shadow=True),
    Detector(PASTED, 703, Family.CLIPBOARD, pasted_answers, shadow=True),
    Detector(COPIED, 704, Family.CLIPBOARD, copied_questions, shadow=True),
)
