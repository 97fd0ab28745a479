"""Questions about the hand behind the pointer: its timing, its aim and its tremor.

Limits come from windows of eight strokes in a row of 281 sessions of people with a
mouse (sapimouse, balabit, survey_de): 3,043 windows, and the limit leaves room to the
most extreme of them.
"""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

TOO_QUICK: Final = "pointer.too_quick"
EVEN_STROKES: Final = "pointer.even_strokes"
ONE_PROFILE: Final = "pointer.one_profile"
NO_TREMOR: Final = "pointer.no_tremor"
NEVER_CORRECTS: Final = "pointer.never_corrects"
CONTRARY: Final = "pointer.contrary_moves"
CLOCKWORK: Final = "pointer.clockwork"

# A hand needs a quarter of a second for the way (Fitts); 0.05 % of people's ways take
# less than 100 ms, where clocks are fine, and 10 % of one session at most (balabit).
MIN_REACHES: Final = 3
QUICK_SHARE: Final = 0.5
TOO_QUICK_WEIGHT: Final = 2.5

MIN_STROKES: Final = 8
# People's smallest variation of how long strokes take is 0.061, of whole sessions
# 0.26: ways differ, and so do moods. A fixed number of steps gives 0.01 to 0.02.
EVEN_STROKES_BELOW: Final = 0.04
EVEN_STROKES_WEIGHT: Final = 2.0

# When half of the way is gone: early in a hand's movement, which ends in corrections
# (research M4), and never twice at the same moment. People's smallest deviation is
# 0.025 of the duration; one formula for all movements gives 0.006.
ONE_PROFILE_BELOW: Final = 0.015
ONE_PROFILE_WEIGHT: Final = 2.0

# How often the way changes the side to which it bends, for each step: people at least
# 0.13 (M6), 0.35 in the middle; a drawn curve hardly ever.
NO_TREMOR_BELOW: Final = 0.07
NO_TREMOR_WEIGHT: Final = 2.0

# A hand overshoots and comes back (M5). None of 718 windows of thirty strokes is
# without a step back, 0.7 % of those of twenty.
NEVER_CORRECTS_STROKES: Final = 40
NEVER_CORRECTS_WEIGHT: Final = 0.8

# Browsers scale what the hardware moved, none turns it round; the debugger's moves
# agree as well, so this is for streams that were put together by hand (M10).
MIN_TOLD: Final = 20
CONTRARY_SHARE: Final = 0.5
CONTRARY_WEIGHT: Final = 0.8

# Browsers report a moving pointer once a frame, so that even steps of 8 or 17 ms are
# the display's (M11; up to 94 % of a person's are within 1 ms of one another). Only
# slower ones can be a program's timer. Of 2,241 windows of sixty such steps of people
# the evenest varies by 0.11 (balabit, over remote desktop).
CLOCKWORK_STEPS: Final = 100
SLOWER_THAN_FRAMES_MS: Final = 25
CLOCKWORK_BELOW: Final = 0.05
CLOCKWORK_WEIGHT: Final = 1.0


def too_quick(features: SessionFeatures) -> Reading:
    """Fire when the pointer is at far targets sooner than a hand can be."""
    pointer, modality = features.totals.pointer, features.modality
    reaches = pointer.reaches
    if reaches < MIN_REACHES or modality.is_touch or modality.is_assistive:
        return unknown(TOO_QUICK)
    share = pointer.quick_reaches / reaches
    if pointer.quick_reaches >= MIN_REACHES and share >= QUICK_SHARE:
        return fired(TOO_QUICK, TOO_QUICK_WEIGHT, share=share, ways=reaches)
    return clear(TOO_QUICK, share=share)


def even_strokes(features: SessionFeatures) -> Reading:
    """Fire when every movement takes the same time, near or far."""
    durations = features.totals.pointer.durations
    variation = durations.variation()
    if variation is None or not _has_strokes(features):
        return unknown(EVEN_STROKES)
    if variation < EVEN_STROKES_BELOW:
        return fired(
            EVEN_STROKES,
            EVEN_STROKES_WEIGHT,
            variation=variation,
            strokes=durations.count,
        )
    return clear(EVEN_STROKES, variation=variation)


def one_profile(features: SessionFeatures) -> Reading:
    """Fire when every movement speeds up and slows down in the same way."""
    midpoints = features.totals.pointer.midpoints
    deviation = midpoints.deviation()
    if deviation is None or not _has_strokes(features):
        return unknown(ONE_PROFILE)
    if deviation < ONE_PROFILE_BELOW:
        return fired(
            ONE_PROFILE,
            ONE_PROFILE_WEIGHT,
            deviation=deviation,
            strokes=midpoints.count,
        )
    return clear(ONE_PROFILE, deviation=deviation)


def no_tremor(features: SessionFeatures) -> Reading:
    """Fire when all ways are curves without the slightest shake."""
    pointer = features.totals.pointer
    if not _has_strokes(features):
        return unknown(NO_TREMOR)
    share = pointer.wobbles / pointer.steps
    if share < NO_TREMOR_BELOW:
        strokes = pointer.midpoints.count
        return fired(NO_TREMOR, NO_TREMOR_WEIGHT, share=share, strokes=strokes)
    return clear(NO_TREMOR, share=share)


def never_corrects(features: SessionFeatures) -> Reading:
    """Fire when the pointer never goes back on itself in many movements."""
    pointer = features.totals.pointer
    strokes = pointer.midpoints.count
    if strokes < NEVER_CORRECTS_STROKES or features.modality.is_touch:
        return unknown(NEVER_CORRECTS)
    if pointer.reversals == 0:
        return fired(NEVER_CORRECTS, NEVER_CORRECTS_WEIGHT, strokes=strokes)
    return clear(NEVER_CORRECTS)


def contrary_moves(features: SessionFeatures) -> Reading:
    """Fire when the pointer goes where the hardware did not move."""
    pointer = features.totals.pointer
    if pointer.told < MIN_TOLD or features.modality.is_touch:
        return unknown(CONTRARY)
    share = pointer.contrary / pointer.told
    if share > CONTRARY_SHARE:
        return fired(CONTRARY, CONTRARY_WEIGHT, share=share, moves=pointer.told)
    return clear(CONTRARY, share=share)


def clockwork(features: SessionFeatures) -> Reading:
    """Fire when the pointer moves by a clock that is no display's."""
    times = features.totals.pointer.step_times
    mean, variation = times.mean(), times.variation()
    if mean is None or variation is None or times.count < CLOCKWORK_STEPS:
        return unknown(CLOCKWORK)
    if features.modality.is_touch:
        return unknown(CLOCKWORK)
    if mean >= SLOWER_THAN_FRAMES_MS and variation < CLOCKWORK_BELOW:
        return fired(CLOCKWORK, CLOCKWORK_WEIGHT, mean_ms=mean, variation=variation)
    return clear(CLOCKWORK, mean_ms=mean, variation=variation)


def _has_strokes(features: SessionFeatures) -> bool:
    """Say whether there are movements of a mouse enough to compare."""
    enough = features.totals.pointer.midpoints.count >= MIN_STROKES
    return enough and not features.modality.is_touch


DETECTORS: Final = (
    Detector(TOO_QUICK, 212, Family.POINTER, too_quick),
    Detector(EVEN_STROKES, 213, Family.POINTER, even_strokes),
    Detector(ONE_PROFILE, 214, Family.POINTER, one_profile),
    Detector(NO_TREMOR, 215, Family.POINTER, no_tremor),
    Detector(NEVER_CORRECTS, 216, Family.POINTER, never_corrects),
    Detector(CONTRARY, 217, Family.POINTER, contrary_moves),
    Detector(CLOCKWORK, 218, Family.POINTER, clockwork),
)
