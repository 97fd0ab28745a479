"""Questions about fingers. Phones are judged by touch, scrolling and rhythm alone.

No recording at hand holds touch events of people, so limits come from what touch
screens can do and from what drivers were seen to send, and weights are low.
"""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

INSTANT_TAPS: Final = "touch.instant_taps"
EVEN_TAPS: Final = "touch.even_taps"
POINT_FINGERS: Final = "touch.point_fingers"
WITHOUT_FINGERS: Final = "touch.without_fingers"
RULED_SWIPES: Final = "touch.ruled_swipes"
EVEN_SWIPES: Final = "touch.even_swipes"
UNTOUCHED_SCROLLS: Final = "touch.untouched_scrolls"

# Start and end in one go, by a finger of one size (research T1). Many phones report
# one force, so force does not count. On a busy machine one of a driver's eight taps
# was seen to take longer; of a person's, none is that short.
MIN_TAPS: Final = 5
INSTANT_SHARE: Final = 0.7
INSTANT_WEIGHT: Final = 2.5
# A finger rests 50 ms or more on glass; taps of different length are a hand's.
NATURAL_TAP_MS: Final = 30
NATURAL_WEIGHT: Final = -1.0

# A driver that waits between down and up waits the same time. Presses of people vary
# by 8 ms and more (1st percentile of ten, E3); phones that count in frames of 17 ms
# can show the same time twice or thrice, but hardly ten times.
MIN_EVEN_TAPS: Final = 10
EVEN_TAPS_MS: Final = 3
EVEN_TAPS_WEIGHT: Final = 2.0

# The debugger's finger has a radius of 1 px or half of it, and always the same force.
# Screens that do not measure a finger report 0.
MIN_FINGERS: Final = 8
POINT_RADIUS_PX: Final = 1
POINT_FINGERS_WEIGHT: Final = 0.8

# Touch presses though no finger was ever reported (T3); where the device says that it
# has no touch screen either, that is a contradiction, but it may have been plugged in.
TOUCH_PRESSES: Final = 5
WITHOUT_FINGERS_WEIGHT: Final = 0.5
NO_SCREEN_WEIGHT: Final = 1.2

# A thumb's way is an arc; positions are told to a tenth of a pixel, so four swipes
# without a single bend were computed.
MIN_SWIPES: Final = 4
RULED_SHARE: Final = 0.8
RULED_SWIPES_WEIGHT: Final = 2.0

# A finger speeds up or slows down; a mouse's strokes of people vary by 0.5 and more
# (E3). A third of that, for swipes have few points.
EVEN_SWIPES_BELOW: Final = 0.15
EVEN_SWIPES_WEIGHT: Final = 1.5

# Fingers that scroll move on the glass. A tap on the top of a phone scrolls as well,
# and laptops with a touch screen have a trackpad, so it takes a few and weighs little.
MIN_STARTS: Final = 3
MIN_UNTOUCHED: Final = 3
UNTOUCHED_WEIGHT: Final = 1.2


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


def even_taps(features: SessionFeatures) -> Reading:
    """Fire when every tap lasts the same time."""
    taps = features.totals.touch.short_taps
    spread = taps.deviation()
    if spread is None or taps.count < MIN_EVEN_TAPS or features.modality.is_assistive:
        return unknown(EVEN_TAPS)
    if spread < EVEN_TAPS_MS:
        return fired(EVEN_TAPS, EVEN_TAPS_WEIGHT, deviation_ms=spread, taps=taps.count)
    return clear(EVEN_TAPS, deviation_ms=spread)


def point_fingers(features: SessionFeatures) -> Reading:
    """Fire when all fingers are points of one force."""
    touch = features.totals.touch
    least, most = touch.least_radius, touch.most_radius
    if touch.starts < MIN_FINGERS or least is None or most is None:
        return unknown(POINT_FINGERS)
    is_point = 0 < least == most <= POINT_RADIUS_PX
    if is_point and touch.least_force == touch.most_force:
        return fired(
            POINT_FINGERS, POINT_FINGERS_WEIGHT, radius_px=most, taps=touch.starts
        )
    return clear(POINT_FINGERS, radius_px=most)


def without_fingers(features: SessionFeatures) -> Reading:
    """Fire when a touch screen is pressed and no finger comes down."""
    totals = features.totals
    presses = totals.click.finger_presses
    # Only a client that reports the device is known to report fingers.
    is_heard = totals.device.reports > 0
    if presses < TOUCH_PRESSES or not is_heard or features.modality.is_assistive:
        return unknown(WITHOUT_FINGERS)
    if totals.touch.starts:
        return clear(WITHOUT_FINGERS)
    has_none = totals.device.most_touch_points == 0
    weight = NO_SCREEN_WEIGHT if has_none else WITHOUT_FINGERS_WEIGHT
    return fired(WITHOUT_FINGERS, weight, presses=presses)


def ruled_swipes(features: SessionFeatures) -> Reading:
    """Fire when fingers swipe along a ruler."""
    swipes = features.totals.touch.swipes
    if swipes.swipes < MIN_SWIPES:
        return unknown(RULED_SWIPES)
    share = swipes.ruled / swipes.swipes
    if share >= RULED_SHARE:
        return fired(
            RULED_SWIPES, RULED_SWIPES_WEIGHT, share=share, swipes=swipes.swipes
        )
    return clear(RULED_SWIPES, share=share)


def even_swipes(features: SessionFeatures) -> Reading:
    """Fire when fingers swipe at one speed from beginning to end."""
    swipes = features.totals.touch.swipes
    median = swipes.speed_variation.quantile(0.5)
    if median is None or swipes.swipes < MIN_SWIPES:
        return unknown(EVEN_SWIPES)
    if median < EVEN_SWIPES_BELOW:
        return fired(
            EVEN_SWIPES, EVEN_SWIPES_WEIGHT, variation=median, swipes=swipes.swipes
        )
    return clear(EVEN_SWIPES, variation=median)


def untouched_scrolls(features: SessionFeatures) -> Reading:
    """Fire when a touch screen scrolls and no finger moves on it."""
    totals, modality = features.totals, features.modality
    scroll, touch = totals.scroll, totals.touch
    if not modality.is_touch or modality.is_keyboard_nav or modality.is_assistive:
        return unknown(UNTOUCHED_SCROLLS)
    if touch.starts < MIN_STARTS or scroll.scrolls < MIN_UNTOUCHED:
        return unknown(UNTOUCHED_SCROLLS)
    if touch.moves == 0 and scroll.untouched >= MIN_UNTOUCHED:
        movements = scroll.untouched
        return fired(UNTOUCHED_SCROLLS, UNTOUCHED_WEIGHT, movements=movements)
    return clear(UNTOUCHED_SCROLLS)


DETECTORS: Final = (
    Detector(INSTANT_TAPS, 501, Family.TOUCH, instant_taps),
    Detector(EVEN_TAPS, 502, Family.TOUCH, even_taps),
    Detector(POINT_FINGERS, 503, Family.TOUCH, point_fingers),
    Detector(WITHOUT_FINGERS, 504, Family.TOUCH, without_fingers),
    Detector(RULED_SWIPES, 505, Family.TOUCH, ruled_swipes),
    Detector(EVEN_SWIPES, 506, Family.TOUCH, even_swipes),
    Detector(UNTOUCHED_SCROLLS, 507, Family.TOUCH, untouched_scrolls),
)
