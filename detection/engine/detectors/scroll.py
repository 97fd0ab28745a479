"""Questions about scrolling: whether the page was moved by hand."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

JUMPS: Final = "scroll.jumps"
UNTRUSTED: Final = "scroll.untrusted"

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


DETECTORS: Final = (
    Detector(JUMPS, 401, Family.SCROLL, jumps),
    Detector(UNTRUSTED, 402, Family.SCROLL, untrusted),
)
