"""Questions about scrolling: whether the page was moved by hand."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

JUMPS: Final = "scroll.jumps"
UNTRUSTED: Final = "scroll.untrusted"
EVEN_PAUSES: Final = "scroll.even_pauses"
TOO_FAST: Final = "scroll.too_fast"

# Pages scroll themselves to the next question, so one jump is nothing (research S1).
MIN_JUMPS: Final = 3
# People's jumps are 2 % of their scroll events (survey_de).
JUMP_SHARE: Final = 0.3
JUMPS_WEIGHT: Final = 1.5
# Many small steps: a wheel, a trackpad or a finger, or a page that glides.
SMOOTH_SCROLLS: Final = 30
SMOOTH_STEP_PX: Final = 60
SMOOTH_WEIGHT: Final = -0.4
# A finger's flick rolls out over dozens of events of a few pixels: the clearest
# sign of a hand that a phone gives (survey_de: median step 3 px, 95th percentile 12).
FLICK_SCROLLS: Final = 40
FLICK_STEP_PX: Final = 30
FLICK_WEIGHT: Final = -1.0

UNTRUSTED_WHEELS: Final = 3
UNTRUSTED_WEIGHT: Final = 2.0

# Of 203 windows of six pauses of people in survey_de the evenest varies by 0.19, of
# whole pages by 0.38; C6 draws the same line at 0.1 for clicks.
MIN_PAUSES: Final = 6
EVEN_PAUSES_BELOW: Final = 0.1
EVEN_PAUSES_WEIGHT: Final = 2.0

# None of 367 pages of people has three (survey_de, however they were scrolled). A wheel
# that spins freely is advertised at 1,000 lines a second and could, so it is little.
FAST_STEPS: Final = 3
TOO_FAST_WEIGHT: Final = 1.2


def jumps(features: SessionFeatures) -> Reading:
    """Fire when the page jumps though no hand moved it."""
    scroll = features.totals.scroll
    median = scroll.steps.quantile(0.5)
    if median is None or scroll.scrolls < MIN_JUMPS:
        return unknown(JUMPS)
    share = scroll.unprompted_jumps / scroll.scrolls
    if scroll.unprompted_jumps >= MIN_JUMPS and share >= JUMP_SHARE:
        return fired(
            JUMPS, JUMPS_WEIGHT, jumps=scroll.unprompted_jumps, scrolls=scroll.scrolls
        )
    is_touch = features.modality.is_touch
    if is_touch and scroll.scrolls >= FLICK_SCROLLS and median < FLICK_STEP_PX:
        return clear(JUMPS, FLICK_WEIGHT, step_px=median)
    if scroll.scrolls >= SMOOTH_SCROLLS and median < SMOOTH_STEP_PX:
        return clear(JUMPS, SMOOTH_WEIGHT, step_px=median)
    return clear(JUMPS, step_px=median)


def untrusted(features: SessionFeatures) -> Reading:
    """Fire when the wheel is turned by a script in the page."""
    scroll = features.totals.scroll
    if scroll.wheels < UNTRUSTED_WHEELS:
        return unknown(UNTRUSTED)
    if scroll.untrusted_wheels >= UNTRUSTED_WHEELS:
        return fired(UNTRUSTED, UNTRUSTED_WEIGHT, wheels=scroll.untrusted_wheels)
    return clear(UNTRUSTED)


def even_pauses(features: SessionFeatures) -> Reading:
    """Fire when the page moves again after the same time, again and again."""
    pauses = features.totals.scroll.pauses
    variation = pauses.variation()
    if variation is None or pauses.count < MIN_PAUSES:
        return unknown(EVEN_PAUSES)
    if variation < EVEN_PAUSES_BELOW:
        return fired(
            EVEN_PAUSES, EVEN_PAUSES_WEIGHT, variation=variation, pauses=pauses.count
        )
    return clear(EVEN_PAUSES, variation=variation)


def too_fast(features: SessionFeatures) -> Reading:
    """Fire when a wheel moves the page faster than wheels turn."""
    scroll = features.totals.scroll
    if scroll.wheels < FAST_STEPS or scroll.scrolls < FAST_STEPS:
        return unknown(TOO_FAST)
    if scroll.fast_wheel_steps >= FAST_STEPS:
        return fired(TOO_FAST, TOO_FAST_WEIGHT, steps=scroll.fast_wheel_steps)
    return clear(TOO_FAST)


DETECTORS: Final = (
    Detector(JUMPS, 401, Family.SCROLL, jumps),
    Detector(UNTRUSTED, 402, Family.SCROLL, untrusted),
    Detector(EVEN_PAUSES, 403, Family.SCROLL, even_pauses),
    Detector(TOO_FAST, 404, Family.SCROLL, too_fast),
)
