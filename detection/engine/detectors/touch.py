"""Questions about fingers. Phones are judged by touch, scrolling and rhythm alone."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

INSTANT_TAPS: Final = "touch.instant_taps"

# Start and end in one go, by a finger of one size (research T1). Many phones report
# one force, so force does not count.
MIN_TAPS: Final = 5
INSTANT_SHARE: Final = 0.9
INSTANT_WEIGHT: Final = 2.5
# A finger rests 50 ms or more on glass; taps of different length are a hand's.
NATURAL_TAP_MS: Final = 30
NATURAL_WEIGHT: Final = -1.0


def instant_taps(features: SessionFeatures) -> Reading:
    """Fire when fingers of one size touch for no time at all."""
    touch = features.totals.touch
    median = touch.taps.quantile(0.5)
    taps = touch.taps.count()
    if median is None or taps < MIN_TAPS:
        return unknown(INSTANT_TAPS)
    if (
        touch.instant / taps >= INSTANT_SHARE
        and touch.least_radius == touch.most_radius
    ):
        return fired(INSTANT_TAPS, INSTANT_WEIGHT, taps=taps)
    if median >= NATURAL_TAP_MS:
        return clear(INSTANT_TAPS, NATURAL_WEIGHT, median_ms=median)
    return clear(INSTANT_TAPS, median_ms=median)


DETECTORS: Final = (Detector(INSTANT_TAPS, 501, Family.TOUCH, instant_taps),)
