"""Questions about keys: rhythm, holds, overlaps, and text without keys.

Percentiles are per session, of 8,382 typed sentences (aalto136m) and of desktop
pages of a real survey (survey_de), unless another source is named.
"""

from typing import Final

from ..features.keyboard import KeyboardTotals
from ..modality import Modality
from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

MACHINE_SPEED: Final = "keyboard.machine_speed"
INSTANT_HOLDS: Final = "keyboard.instant_holds"
EVEN_RHYTHM: Final = "keyboard.even_rhythm"
EVEN_HOLDS: Final = "keyboard.even_holds"
NO_OVERLAPS: Final = "keyboard.no_overlaps"
TEXT_WITHOUT_KEYS: Final = "keyboard.text_without_keys"
WHOLE_TEXTS: Final = "keyboard.whole_texts"
UNTRUSTED: Final = "keyboard.untrusted"
NEVER_RELEASED: Final = "keyboard.never_released"
NARROW_RHYTHM: Final = "keyboard.narrow_rhythm"

# Ten gaps, as FCaptcha asks for (research K1): "yes" has two.
MIN_GAPS: Final = 10

# The fastest sentence of 8,382 has a median of 70 ms, agents 1 to 10 (research K1).
MACHINE_GAP_MS: Final = 40
MACHINE_SPEED_WEIGHT: Final = 4.0

MIN_HOLDS: Final = 10
# The shortest median hold of a sentence is 51 ms; scripts hold 0.4 to 12 ms (K3).
INSTANT_HOLD_MS: Final = 30
# An iPad's keys take 14 to 23 ms. Where no press tells a mouse from a finger, only
# less than any phone's identified keys is a script's.
INSTANT_HOLD_UNSURE_MS: Final = 8
# One family's best witness; people on remote desktops were not measured, so it does
# not reach "bot" alone.
INSTANT_HOLDS_WEIGHT: Final = 3.0
# Keyboards on the screen and switches hold every key alike and briefly, and are slow:
# half of their keys follow later than this, as 5 % of sentences do (311 ms).
SLOW_GAP_MS: Final = 300
SLOW_HOLDS_WEIGHT: Final = 0.8
NATURAL_HOLD_MS: Final = 45
NATURAL_HOLDS_WEIGHT: Final = -0.7

# Twelve keys: the evenest of 8,541 sessions with so many are as far from the limits
# below as longer ones are. To call a rhythm natural takes more (K2 asks for 20).
MIN_RHYTHM: Final = 11
NATURAL_RHYTHM_GAPS: Final = 20
LONG_RHYTHM_GAPS: Final = 30
# Share of gaps within two neighbouring bins (41 % wide): people reach 0.77 at most.
EVEN_RHYTHM_SHARE: Final = 0.85
# People's smallest variation is 0.195 (K2 proposes 0.10).
EVEN_RHYTHM_BELOW: Final = 0.12
EVEN_RHYTHM_WEIGHT: Final = 3.5
# 5th percentile of people's variation: 0.40 in sentences, 0.60 in survey pages.
NATURAL_RHYTHM_ABOVE: Final = 0.40
NATURAL_RHYTHM_WEIGHT: Final = -0.8
LONG_RHYTHM_WEIGHT: Final = -1.0

# The steadiest of 8,382 sentences has a deviation of 6.3 ms; scripts 0.3 to 3.4 (K4).
EVEN_HOLDS_MS: Final = 4
EVEN_HOLDS_WEIGHT: Final = 2.5
NATURAL_HOLD_SPREAD_MS: Final = 8
NATURAL_SPREAD_WEIGHT: Final = -0.7

# 5 % of people's sentences have no overlap and half of them no correction, so only
# long texts tell, and little (K5, K7).
NO_OVERLAPS_KEYS: Final = 120
NO_OVERLAPS_WEIGHT: Final = 1.0
# One overlap in forty keys is a hand: scripts have none.
OVERLAP_KEYS: Final = 30
OVERLAP_SHARE: Final = 0.02
OVERLAP_WEIGHT: Final = -1.0

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

# Pages send themselves a key or two (research M9).
UNTRUSTED_KEYS: Final = 3
UNTRUSTED_WEIGHT: Final = 3.5

# A window that loses the keyboard swallows a release, not twelve (K6).
NEVER_RELEASED_KEYS: Final = 12
NEVER_RELEASED_WEIGHT: Final = 2.0

# Delays drawn between two limits vary by 0.35 at most, and never overlap; 1 % of
# sentences vary less than 0.32. Little, and only beside another sign.
NARROW_GAPS: Final = 40
NARROW_BELOW: Final = 0.35
NARROW_WEIGHT: Final = 0.8


def machine_speed(features: SessionFeatures) -> Reading:
    """Fire when keys follow one another faster than fingers can."""
    gaps = features.totals.keyboard.gaps
    median = gaps.quantile(0.5)
    if median is None or gaps.count() < MIN_GAPS or _hides_keys(features.modality):
        return unknown(MACHINE_SPEED)
    if median < MACHINE_GAP_MS:
        return fired(MACHINE_SPEED, MACHINE_SPEED_WEIGHT, median_ms=median)
    return clear(MACHINE_SPEED, median_ms=median)


def instant_holds(features: SessionFeatures) -> Reading:
    """Fire when keys are let go as soon as they are pressed."""
    keyboard = features.totals.keyboard
    median = keyboard.holds.quantile(0.5)
    if median is None or keyboard.hold_moments.count < MIN_HOLDS:
        return unknown(INSTANT_HOLDS)
    if _is_phone(features.modality):
        return unknown(INSTANT_HOLDS)
    has_mouse = features.totals.click.presses + features.totals.pointer.moves > 0
    limit = INSTANT_HOLD_MS if has_mouse else INSTANT_HOLD_UNSURE_MS
    if median < limit:
        weight = SLOW_HOLDS_WEIGHT if _is_slow(features) else INSTANT_HOLDS_WEIGHT
        return fired(INSTANT_HOLDS, weight, median_ms=median)
    if median >= NATURAL_HOLD_MS:
        return clear(INSTANT_HOLDS, NATURAL_HOLDS_WEIGHT, median_ms=median)
    return clear(INSTANT_HOLDS, median_ms=median)


def even_rhythm(features: SessionFeatures) -> Reading:
    """Fire when keys follow one another too evenly for a person."""
    keyboard = features.totals.keyboard
    variation = keyboard.gap_moments.variation()
    share = keyboard.gaps.densest_share()
    if variation is None or share is None or keyboard.gap_moments.count < MIN_RHYTHM:
        return unknown(EVEN_RHYTHM)
    if share >= EVEN_RHYTHM_SHARE or variation < EVEN_RHYTHM_BELOW:
        if _hides_keys(features.modality):
            return unknown(EVEN_RHYTHM)
        return fired(
            EVEN_RHYTHM,
            EVEN_RHYTHM_WEIGHT,
            variation=variation,
            share=share,
            gaps=keyboard.gap_moments.count,
        )
    return clear(EVEN_RHYTHM, _natural_rhythm(keyboard), variation=variation)


def even_holds(features: SessionFeatures) -> Reading:
    """Fire when every key is down for the same time."""
    keyboard = features.totals.keyboard
    spread = keyboard.hold_moments.deviation()
    if spread is None or keyboard.hold_moments.count < MIN_RHYTHM:
        return unknown(EVEN_HOLDS)
    if _is_phone(features.modality):
        return unknown(EVEN_HOLDS)
    if spread < EVEN_HOLDS_MS and _has_mouse_or_long_holds(features):
        weight = SLOW_HOLDS_WEIGHT if _is_slow(features) else EVEN_HOLDS_WEIGHT
        return fired(EVEN_HOLDS, weight, deviation_ms=spread)
    if spread >= NATURAL_HOLD_SPREAD_MS:
        return clear(EVEN_HOLDS, NATURAL_SPREAD_WEIGHT, deviation_ms=spread)
    return clear(EVEN_HOLDS, deviation_ms=spread)


def no_overlaps(features: SessionFeatures) -> Reading:
    """Fire when a long text has no two keys down at once and no correction."""
    keyboard = features.totals.keyboard
    keys = keyboard.hold_moments.count
    if keys < OVERLAP_KEYS or _is_phone(features.modality):
        return unknown(NO_OVERLAPS)
    if keyboard.overlaps >= OVERLAP_SHARE * keys:
        return clear(NO_OVERLAPS, OVERLAP_WEIGHT, overlaps=keyboard.overlaps)
    if keys < NO_OVERLAPS_KEYS:
        return unknown(NO_OVERLAPS)
    if keyboard.overlaps + keyboard.corrections == 0:
        return fired(NO_OVERLAPS, NO_OVERLAPS_WEIGHT, keys=keys)
    return clear(NO_OVERLAPS, overlaps=keyboard.overlaps)


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


def untrusted(features: SessionFeatures) -> Reading:
    """Fire when keys come from a script in the page."""
    keyboard = features.totals.keyboard
    if keyboard.downs < UNTRUSTED_KEYS:
        return unknown(UNTRUSTED)
    if keyboard.untrusted >= UNTRUSTED_KEYS:
        return fired(UNTRUSTED, UNTRUSTED_WEIGHT, keys=keyboard.untrusted)
    return clear(UNTRUSTED)


def never_released(features: SessionFeatures) -> Reading:
    """Fire when keys go down and none comes up."""
    keyboard = features.totals.keyboard
    if keyboard.downs < NEVER_RELEASED_KEYS or _is_phone(features.modality):
        return unknown(NEVER_RELEASED)
    if keyboard.ups == 0:
        return fired(NEVER_RELEASED, NEVER_RELEASED_WEIGHT, keys=keyboard.downs)
    return clear(NEVER_RELEASED)


def narrow_rhythm(features: SessionFeatures) -> Reading:
    """Fire when a long text has no pauses: chance within limits, not thought."""
    keyboard = features.totals.keyboard
    variation = keyboard.gap_moments.variation()
    if variation is None or keyboard.gap_moments.count < NARROW_GAPS:
        return unknown(NARROW_RHYTHM)
    if _is_phone(features.modality):
        return unknown(NARROW_RHYTHM)
    if variation < NARROW_BELOW and keyboard.overlaps == 0:
        return fired(NARROW_RHYTHM, NARROW_WEIGHT, variation=variation)
    return clear(NARROW_RHYTHM, variation=variation)


def _natural_rhythm(keyboard: KeyboardTotals) -> float:
    """Return how much a rhythm speaks for a person, 0 when it does not."""
    variation = keyboard.gap_moments.variation() or 0.0
    median = keyboard.gaps.quantile(0.5) or 0.0
    gaps = keyboard.gap_moments.count
    if variation < NATURAL_RHYTHM_ABOVE or median < MACHINE_GAP_MS:
        return 0.0
    if gaps < NATURAL_RHYTHM_GAPS:
        return 0.0
    return NATURAL_RHYTHM_WEIGHT if gaps < LONG_RHYTHM_GAPS else LONG_RHYTHM_WEIGHT


def _is_slow(features: SessionFeatures) -> bool:
    """Say whether keys come one by one and unevenly, as with a switch or a stick."""
    keyboard = features.totals.keyboard
    median = keyboard.gaps.quantile(0.5)
    variation = keyboard.gap_moments.variation()
    if median is None or variation is None:
        # Every pause was longer than any that counts.
        return keyboard.downs > 0
    return median >= SLOW_GAP_MS and variation >= NARROW_BELOW


def _hides_keys(modality: Modality) -> bool:
    """Say whether an input method sends keys of its own."""
    return modality.has_composition


def _is_phone(modality: Modality) -> bool:
    """Say whether keys may be drawn on glass: their holds are made up."""
    return modality.is_touch or modality.has_composition


def _brings_text(modality: Modality) -> bool:
    """Say whether text may come honestly without keys."""
    return (
        modality.is_touch
        or modality.has_composition
        or modality.has_dictation
        or modality.has_autofill
        or modality.has_paste
    )


def _has_mouse_or_long_holds(features: SessionFeatures) -> bool:
    """Say whether these are a desktop's keys: glass gives short, even holds too."""
    totals = features.totals
    mean = totals.keyboard.hold_moments.mean() or 0.0
    has_mouse = totals.click.presses + totals.pointer.moves > 0
    return has_mouse or not INSTANT_HOLD_UNSURE_MS <= mean < INSTANT_HOLD_MS


DETECTORS: Final = (
    Detector(MACHINE_SPEED, 101, Family.KEYBOARD, machine_speed),
    Detector(INSTANT_HOLDS, 102, Family.KEYBOARD, instant_holds),
    Detector(EVEN_RHYTHM, 103, Family.KEYBOARD, even_rhythm),
    Detector(EVEN_HOLDS, 104, Family.KEYBOARD, even_holds),
    Detector(NO_OVERLAPS, 105, Family.KEYBOARD, no_overlaps),
    Detector(TEXT_WITHOUT_KEYS, 106, Family.KEYBOARD, text_without_keys),
    Detector(WHOLE_TEXTS, 107, Family.KEYBOARD, whole_texts),
    Detector(UNTRUSTED, 108, Family.KEYBOARD, untrusted),
    Detector(NEVER_RELEASED, 109, Family.KEYBOARD, never_released),
    Detector(NARROW_RHYTHM, 110, Family.KEYBOARD, narrow_rhythm),
)
