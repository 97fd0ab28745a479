"""Questions about text: whether keys are behind it. The keyboard's family.

Percentiles are of pages of a real survey (survey_de), unless another source is named.
"""

from typing import Final

from ..modality import Modality
from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

TEXT_WITHOUT_KEYS: Final = "keyboard.text_without_keys"
WHOLE_TEXTS: Final = "keyboard.whole_texts"
FEW_KEYS: Final = "keyboard.few_keys"
ECHOES: Final = "keyboard.echoes"

MIN_TYPED: Final = 12
# Desktop people have at most 5 % of changes without a key.
KEYLESS_SHARE: Final = 0.8
TEXT_WITHOUT_KEYS_WEIGHT: Final = 2.5
# Nor do changes follow one another so quickly: people's fastest median is 117 ms.
MACHINE_TEXT_GAP_MS: Final = 20
MACHINE_TEXT_WEIGHT: Final = 4.0

# Voice typing of an operating system can bring a whole text once (research K8 keeps
# it at a low confidence); in two fields it becomes a habit of scripts.
WHOLE_TEXT_WEIGHT: Final = 1.5
WHOLE_TEXTS_WEIGHT: Final = 2.5

# A fifth of a key for a character (K8): of 31 pages of desktop people 29 have 1.05 and
# more, the other two were pasted to. Text expanders bring a phrase for three keys, so
# it is a hint.
FEW_KEYS_CHARACTERS: Final = 60
FEW_KEYS_SHARE: Final = 0.2
FEW_KEYS_WEIGHT: Final = 1.2

# An agent tells the page of a text that it has typed already, as if it came at once
# (K10, browser-use). A page's own code may once in a while.
MANY_ECHOES: Final = 2
ECHO_WEIGHT: Final = 1.2
ECHOES_WEIGHT: Final = 2.5


def text_without_keys(features: SessionFeatures) -> Reading:
    """Fire when text appears bit by bit though no key is pressed."""
    entry = features.totals.entry
    if entry.typed < MIN_TYPED or _brings_text(features.modality):
        return unknown(TEXT_WITHOUT_KEYS)
    share = entry.keyless / entry.typed
    if share < KEYLESS_SHARE:
        return clear(TEXT_WITHOUT_KEYS, share=share)
    median = entry.gaps.quantile(0.5)
    is_quick = median is not None and median < MACHINE_TEXT_GAP_MS
    weight = MACHINE_TEXT_WEIGHT if is_quick else TEXT_WITHOUT_KEYS_WEIGHT
    return fired(TEXT_WITHOUT_KEYS, weight, share=share, changes=entry.typed)


def whole_texts(features: SessionFeatures) -> Reading:
    """Fire when whole texts stand there at once, neither typed nor pasted."""
    entry = features.totals.entry
    if entry.texts == 0 or _brings_text(features.modality):
        return unknown(WHOLE_TEXTS)
    if entry.whole_texts == 0:
        return clear(WHOLE_TEXTS)
    weight = WHOLE_TEXTS_WEIGHT if entry.whole_texts > 1 else WHOLE_TEXT_WEIGHT
    return fired(
        WHOLE_TEXTS,
        weight,
        texts=entry.whole_texts,
        longest=entry.largest_whole_text,
    )


def few_keys(features: SessionFeatures) -> Reading:
    """Fire when a text has far more characters than keys."""
    entry = features.totals.entry
    if entry.inserted_characters < FEW_KEYS_CHARACTERS:
        return unknown(FEW_KEYS)
    if _brings_text(features.modality):
        return unknown(FEW_KEYS)
    share = entry.inserted_keys / entry.inserted_characters
    if share < FEW_KEYS_SHARE:
        characters = entry.inserted_characters
        return fired(FEW_KEYS, FEW_KEYS_WEIGHT, share=share, characters=characters)
    return clear(FEW_KEYS, share=share)


def echoes(features: SessionFeatures) -> Reading:
    """Fire when a script claims to type what stands there already."""
    entry = features.totals.entry
    if entry.texts == 0:
        return unknown(ECHOES)
    if entry.echoes == 0:
        return clear(ECHOES)
    weight = ECHOES_WEIGHT if entry.echoes >= MANY_ECHOES else ECHO_WEIGHT
    return fired(ECHOES, weight, changes=entry.echoes)


def _brings_text(modality: Modality) -> bool:
    """Say whether text may come honestly without keys."""
    return (
        modality.is_touch
        or modality.is_assistive
        or modality.has_composition
        or modality.has_dictation
        or modality.has_autofill
        or modality.has_paste
    )


DETECTORS: Final = (
    Detector(TEXT_WITHOUT_KEYS, 106, Family.KEYBOARD, text_without_keys),
    Detector(WHOLE_TEXTS, 107, Family.KEYBOARD, whole_texts),
    Detector(FEW_KEYS, 114, Family.KEYBOARD, few_keys),
    Detector(ECHOES, 115, Family.KEYBOARD, echoes),
)
