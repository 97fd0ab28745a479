"""Questions about presses and clicks: how long, how even, and where on the target."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

INSTANT: Final = "click.instant_presses"
EVEN: Final = "click.even_presses"
CENTRED: Final = "click.centred"
UNTRUSTED: Final = "click.untrusted"
SUDDEN: Final = "click.without_press"
CADENCE: Final = "click.even_cadence"
SAME_SPOT: Final = "click.same_spot"

# One person's trackpad taps last 2 ms (survey_de): never judge by a press or two.
MIN_PRESSES: Final = 4
# At most 32 % of a person's presses are that short (sapimouse).
INSTANT_SHARE: Final = 0.7
INSTANT_WEIGHT: Final = 2.0
MANY_PRESSES: Final = 6
MANY_INSTANT_WEIGHT: Final = 3.0
# Tapped trackpads give presses of 2 to 7 ms (survey_de, sapimouse). Where the
# pointer moves as a hand moves it (medians of people start at 0.6), it is one.
HAND_STROKES: Final = 4
HAND_VARIATION: Final = 0.6
TRACKPAD_WEIGHT: Final = 1.0
# 5th percentile of people's median press: 62 ms (sapimouse), 70 ms (survey_de).
NATURAL_PRESS_MS: Final = 50
NATURAL_SPREAD_MS: Final = 8
NATURAL_WEIGHT: Final = -0.8

# A deviation below 5 ms: 0.04 % of ten presses, none of twenty (research C2, E3).
EVEN_PRESSES: Final = 6
EVEN_SPREAD_MS: Final = 3
# Shorter presses are a trackpad's taps, which are even.
EVEN_MEAN_MS: Final = 20
# Linux holds the button of a trackpad that is tapped with a finger for 180 ms, to wait
# for a drag (libinput's default). One of 54 people of survey_de has 180 +- 1 ms.
LINUX_TAP_MS: Final = (175, 185)
EVEN_WEIGHT: Final = 2.5

# Four of five presses on the very centre (research C1).
MIN_BOXED: Final = 4
CENTRED_SHARE: Final = 0.8
CENTRED_WEIGHT: Final = 3.5

# Wherever it is, the same place on each target: a deviation of 2 % of half the box
# (C1) is 1 px on a button of 100 px.
MIN_SPOTS: Final = 5
SAME_SPOT_BELOW: Final = 0.02
SAME_SPOT_WEIGHT: Final = 2.5

# Page code and themes click on their own boxes now and then (research M9).
UNTRUSTED_CLICKS: Final = 3
UNTRUSTED_SHARE: Final = 0.4
UNTRUSTED_WEIGHT: Final = 3.0

# Clicks that claim a button without a press (research C4).
SUDDEN_CLICKS: Final = 3
SUDDEN_WEIGHT: Final = 2.5

# People's smallest variation is 0.21 over five gaps (survey_de, phones), 0.40 at
# desks; scripts that wait a fixed time have 0.003 to 0.13 (C6).
MIN_GAPS: Final = 4
CADENCE_BELOW: Final = 0.08
LONG_CADENCE_GAPS: Final = 6
LONG_CADENCE_BELOW: Final = 0.14
CADENCE_WEIGHT: Final = 2.5


def instant_presses(features: SessionFeatures) -> Reading:
    """Fire when the button is let go as soon as it is pressed."""
    click = features.totals.click
    presses = click.duration_moments.count
    median = click.durations.quantile(0.5)
    modality = features.modality
    if median is None or presses < MIN_PRESSES:
        return unknown(INSTANT)
    if modality.is_touch or modality.is_assistive:
        return unknown(INSTANT)
    share = click.instant / presses
    if share >= INSTANT_SHARE:
        weight = MANY_INSTANT_WEIGHT if presses >= MANY_PRESSES else INSTANT_WEIGHT
        if _moves_like_a_hand(features):
            weight = TRACKPAD_WEIGHT
        return fired(INSTANT, weight, share=share, presses=presses)
    spread = click.duration_moments.deviation() or 0.0
    if median >= NATURAL_PRESS_MS and spread >= NATURAL_SPREAD_MS:
        return clear(INSTANT, NATURAL_WEIGHT, median_ms=median)
    return clear(INSTANT, median_ms=median)


def even_presses(features: SessionFeatures) -> Reading:
    """Fire when every press lasts the same time."""
    moments = features.totals.click.duration_moments
    spread, mean = moments.deviation(), moments.mean()
    if spread is None or mean is None or moments.count < EVEN_PRESSES:
        return unknown(EVEN)
    if mean < EVEN_MEAN_MS or features.modality.is_touch:
        return unknown(EVEN)
    if spread < EVEN_SPREAD_MS:
        if LINUX_TAP_MS[0] <= mean <= LINUX_TAP_MS[1]:
            return unknown(EVEN)
        return fired(EVEN, EVEN_WEIGHT, deviation_ms=spread, presses=moments.count)
    return clear(EVEN, deviation_ms=spread)


def centred(features: SessionFeatures) -> Reading:
    """Fire when presses hit the exact centre of their targets."""
    click = features.totals.click
    if click.boxed < MIN_BOXED or features.modality.is_assistive:
        return unknown(CENTRED)
    share = click.centred / click.boxed
    if share >= CENTRED_SHARE:
        return fired(CENTRED, CENTRED_WEIGHT, share=share, presses=click.boxed)
    return clear(CENTRED, share=share)


def same_spot(features: SessionFeatures) -> Reading:
    """Fire when presses hit one and the same place on every target."""
    click = features.totals.click
    across, down = click.across.deviation(), click.down.deviation()
    if across is None or down is None or click.across.count < MIN_SPOTS:
        return unknown(SAME_SPOT)
    if features.modality.is_assistive:
        return unknown(SAME_SPOT)
    deviation = max(across, down)
    if deviation < SAME_SPOT_BELOW:
        presses = click.across.count
        return fired(SAME_SPOT, SAME_SPOT_WEIGHT, deviation=deviation, presses=presses)
    return clear(SAME_SPOT, deviation=deviation)


def untrusted(features: SessionFeatures) -> Reading:
    """Fire when clicks come from a script in the page."""
    click = features.totals.click
    if click.clicks + click.presses < UNTRUSTED_CLICKS:
        return unknown(UNTRUSTED)
    share = click.untrusted / max(click.clicks, click.presses)
    if click.untrusted >= UNTRUSTED_CLICKS and share >= UNTRUSTED_SHARE:
        return fired(UNTRUSTED, UNTRUSTED_WEIGHT, clicks=click.untrusted)
    return clear(UNTRUSTED)


def without_press(features: SessionFeatures) -> Reading:
    """Fire when clicks claim a button that never went down."""
    click = features.totals.click
    if click.clicks < SUDDEN_CLICKS or features.modality.is_assistive:
        return unknown(SUDDEN)
    if click.sudden >= SUDDEN_CLICKS:
        return fired(SUDDEN, SUDDEN_WEIGHT, clicks=click.sudden)
    return clear(SUDDEN)


def even_cadence(features: SessionFeatures) -> Reading:
    """Fire when one press follows the other after the same time."""
    gaps = features.totals.click.gaps
    variation = gaps.variation()
    if variation is None or gaps.count < MIN_GAPS:
        return unknown(CADENCE)
    is_long = gaps.count >= LONG_CADENCE_GAPS
    if variation < (LONG_CADENCE_BELOW if is_long else CADENCE_BELOW):
        return fired(CADENCE, CADENCE_WEIGHT, variation=variation, gaps=gaps.count)
    return clear(CADENCE, variation=variation)


def _moves_like_a_hand(features: SessionFeatures) -> bool:
    """Say whether the pointer's strokes vary in speed as a hand's do."""
    pointer = features.totals.pointer
    median = pointer.speed_variation.quantile(0.5)
    if median is None or pointer.strokes < HAND_STROKES:
        return False
    return median >= HAND_VARIATION


DETECTORS: Final = (
    Detector(INSTANT, 301, Family.CLICK, instant_presses),
    Detector(EVEN, 302, Family.CLICK, even_presses),
    Detector(CENTRED, 303, Family.CLICK, centred),
    Detector(UNTRUSTED, 304, Family.CLICK, untrusted),
    Detector(SUDDEN, 305, Family.CLICK, without_press),
    Detector(CADENCE, 306, Family.CLICK, even_cadence),
    Detector(SAME_SPOT, 307, Family.CLICK, same_spot),
)
