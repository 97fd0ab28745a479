"""A question about tremor: whether what moves the pointer is rough at all."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

TOO_SMOOTH: Final = "pointer.too_smooth"

# Four fast reports in a row each; half of a survey's page has as many.
MIN_MEASURED: Final = 40
# Counting whole pixels alone gives 1.4 px. Of 206 sessions of people with a mouse
# (survey_de, sapimouse, balabit, slider) the smoothest has 1.4, of those who answered
# a survey 2.2, and the middle is 6. Curves that are computed have 0.02 to 0.2.
TOO_SMOOTH_BELOW_PX: Final = 0.7
TOO_SMOOTH_WEIGHT: Final = 3.0


def too_smooth(features: SessionFeatures) -> Reading:
    """Fire when fast movements follow a curve more closely than any hand.

    Pens and displays with many pixels report parts of a pixel: then roundness is gone,
    but not the hand's own roughness, which is the larger part.
    """
    roughness = features.totals.smoothness.roughness
    measured = roughness.count()
    middle = roughness.quantile(0.5)
    if middle is None or measured < MIN_MEASURED or features.modality.is_touch:
        return unknown(TOO_SMOOTH)
    if middle < TOO_SMOOTH_BELOW_PX:
        return fired(TOO_SMOOTH, TOO_SMOOTH_WEIGHT, roughness_px=middle, steps=measured)
    return clear(TOO_SMOOTH, roughness_px=middle, steps=measured)


DETECTORS: Final = (Detector(TOO_SMOOTH, 219, Family.POINTER, too_smooth),)
