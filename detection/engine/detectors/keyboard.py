"""Questions about keys: rhythm, holds and overlaps.

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
UNTRUSTED: Final = "keyboard.untrusted"
NEVER_RELEASED: Final = "keyboard.never_released"
NARROW_RHYTHM: Final = "keyboard.narrow_rhythm"
RECORD_SPEED: Final = "keyboard.record_speed"
UNMATCHED: Final = "keyboard.unmatched"
PLACELESS: Final = "keyboard.placeless_keys"

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

# 200 words a minute is 60 ms a key, pauses included (K13); the fastest of 3,273
# sentences with fifty gaps has a mean of 85 ms.
RECORD_GAPS: Final = 50
RECORD_GAP_MS: Final = 60
RECORD_SPEED_WEIGHT: Final = 3.0

# People's presses and releases are as many, within 2 % on each of 147 pages of
# survey_de (K6 proposes 0.8 to 1.2). A Mac swallows releases while Command is down, a
# screen reader its own keys.
UNMATCHED_KEYS: Final = 20
UNMATCHED_SHARE: Final = 0.5
UNMATCHED_WEIGHT: Final = 1.5

# A driver may name the character and no key for it (K11). Speech to text and remote
# keyboards on Windows send characters without keys as well, so it says little.
MIN_PLACES: Final = 12
PLACELESS_SHARE: Final = 0.8
PLACELESS_WEIGHT: Final = 1.0


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
    if keyboard.gap_moments.count < MIN_RHYTHM:
        return unknown(EVEN_RHYTHM)
    variation = keyboard.gap_moments.variation()
    share = keyboard.gaps.densest_share()
    if variation is None or share is None:
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


def record_speed(features: SessionFeatures) -> Reading:
    """Fire when a text is typed faster than the fastest people type."""
    gaps = features.totals.keyboard.gap_moments
    mean = gaps.mean()
    if mean is None or gaps.count < RECORD_GAPS or _hides_keys(features.modality):
        return unknown(RECORD_SPEED)
    if mean < RECORD_GAP_MS:
        return fired(RECORD_SPEED, RECORD_SPEED_WEIGHT, mean_ms=mean, gaps=gaps.count)
    return clear(RECORD_SPEED, mean_ms=mean)


def unmatched(features: SessionFeatures) -> Reading:
    """Fire when presses and releases of keys are not as many."""
    keyboard, modality = features.totals.keyboard, features.modality
    most = max(keyboard.downs, keyboard.ups)
    if most < UNMATCHED_KEYS or _is_phone(modality) or modality.is_assistive:
        return unknown(UNMATCHED)
    if keyboard.ups == 0:
        # That is a question of its own.
        return unknown(UNMATCHED)
    share = min(keyboard.downs, keyboard.ups) / most
    if share < UNMATCHED_SHARE:
        return fired(UNMATCHED, UNMATCHED_WEIGHT, share=share, keys=most)
    return clear(UNMATCHED, share=share)


def placeless_keys(features: SessionFeatures) -> Reading:
    """Fire when keys bring characters and are at no place on a keyboard."""
    keyboard = features.totals.keyboard
    if keyboard.places_known < MIN_PLACES or _is_phone(features.modality):
        return unknown(PLACELESS)
    share = keyboard.placeless / keyboard.places_known
    if share >= PLACELESS_SHARE:
        return fired(PLACELESS, PLACELESS_WEIGHT, share=share, keys=keyboard.placeless)
    return clear(PLACELESS, share=share)


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
    Detector(UNTRUSTED, 108, Family.KEYBOARD, untrusted),
    Detector(NEVER_RELEASED, 109, Family.KEYBOARD, never_released),
    Detector(NARROW_RHYTHM, 110, Family.KEYBOARD, narrow_rhythm),
    Detector(RECORD_SPEED, 111, Family.KEYBOARD, record_speed),
    Detector(UNMATCHED, 112, Family.KEYBOARD, unmatched),
    Detector(PLACELESS, 113, Family.KEYBOARD, placeless_keys),
)
