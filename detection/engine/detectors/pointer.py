"""Questions about the pointer: how it moves, and how it comes to a press.

E3 is the research's measurement of 101,254 presses of ten people over remote
desktop; sapimouse, balabit and survey_de are recordings of people with a mouse.
"""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

EVEN_SPEED: Final = "pointer.even_speed"
EVEN_STEPS: Final = "pointer.even_steps"
STRAIGHT: Final = "pointer.straight"
PRESSES_AT_ONCE: Final = "pointer.presses_at_once"
NEVER_MOVES: Final = "pointer.never_moves"
NEVER_COALESCED: Final = "pointer.never_coalesced"
TELEPORTS: Final = "pointer.teleports"

# Fewer strokes say little: E3 measured rules over ten approaches.
MIN_STROKES: Final = 4
# No session of 302 people has a median variation of speed below 0.6, and none of
# 5,582 windows of E3 one below 0.5; generated paths have 0.1 to 0.5.
EVEN_SPEED_BELOW: Final = 0.5
EVEN_SPEED_WEIGHT: Final = 3.0
# One stroke below 0.25 happens to 0.04 % of people (E3, for 0.3).
FEW_STROKES_BELOW: Final = 0.25
FEW_STROKES_WEIGHT: Final = 1.5
# 5th percentile of people: 0.65 in survey_de, 0.88 in sapimouse.
NATURAL_SPEED_ABOVE: Final = 0.6
NATURAL_SPEED_WEIGHT: Final = -1.4
MANY_STROKES: Final = 10
MANY_NATURAL_WEIGHT: Final = -2.0

# People's even strokes are 11 % of theirs at most (survey_de); interpolation's all.
EVEN_STEPS_SHARE: Final = 0.5
EVEN_STEPS_STROKES: Final = 3
EVEN_STEPS_WEIGHT: Final = 2.5

# 80 % of five strokes straighter than 0.99: none of 5,582 windows (E3, M2), and 56 %
# at most in survey_de.
STRAIGHT_STROKES: Final = 5
STRAIGHT_SHARE: Final = 0.8
STRAIGHT_WEIGHT: Final = 2.5

MIN_ARRIVALS: Final = 5
# At most a quarter of desktop people's presses come within 5 ms of a move
# (survey_de), nearly all of a script's. Clocks that tick every 16 ms say 0, and 0
# is not counted.
AT_ONCE_SHARE: Final = 0.75
AT_ONCE_WEIGHT: Final = 2.0

# Sparse moves are common, none at all are not (research M12).
NEVER_MOVES_PRESSES: Final = 5
# Someone who presses one button again and again does not move either.
NEVER_MOVES_DISPLACED: Final = 3
NEVER_MOVES_WEIGHT: Final = 2.5

# Automation through the browser's debugger never coalesces; slow mice and some
# browsers do not either, so this only adds to others (research M7).
NEVER_COALESCED_MOVES: Final = 100
NEVER_COALESCED_WEIGHT: Final = 0.4

# People jump in 4 % of their displaced presses at most (sapimouse, balabit); two
# jumps in ten presses happen in 0.1 % of windows (E3, M1).
MIN_DISPLACED: Final = 2
MIN_TELEPORTS: Final = 2
TELEPORT_SHARE: Final = 0.5
TELEPORTS_WEIGHT: Final = 4.0
TWO_TELEPORTS_WEIGHT: Final = 2.5
# Some libraries move along a path to most targets and jump to the rest.
SOME_TELEPORT_SHARE: Final = 0.2
SOME_TELEPORTS_WEIGHT: Final = 1.5


def even_speed(features: SessionFeatures) -> Reading:
    """Fire when the pointer keeps its speed, which a hand cannot."""
    pointer = features.totals.pointer
    median = pointer.speed_variation.quantile(0.5)
    if median is None or features.modality.is_touch:
        return unknown(EVEN_SPEED)
    evidence = {"variation": median, "strokes": pointer.strokes}
    if pointer.strokes < MIN_STROKES:
        if median < FEW_STROKES_BELOW:
            return fired(EVEN_SPEED, FEW_STROKES_WEIGHT, **evidence)
        return unknown(EVEN_SPEED)
    if median < EVEN_SPEED_BELOW:
        return fired(EVEN_SPEED, EVEN_SPEED_WEIGHT, **evidence)
    if median < NATURAL_SPEED_ABOVE:
        return clear(EVEN_SPEED, **evidence)
    is_long = pointer.strokes >= MANY_STROKES
    weight = MANY_NATURAL_WEIGHT if is_long else NATURAL_SPEED_WEIGHT
    return clear(EVEN_SPEED, weight, **evidence)


def even_steps(features: SessionFeatures) -> Reading:
    """Fire when the pointer moves in steps of one length."""
    pointer = features.totals.pointer
    if pointer.strokes < EVEN_STEPS_STROKES or features.modality.is_touch:
        return unknown(EVEN_STEPS)
    share = pointer.even / pointer.strokes
    if share >= EVEN_STEPS_SHARE:
        return fired(
            EVEN_STEPS, EVEN_STEPS_WEIGHT, share=share, strokes=pointer.strokes
        )
    return clear(EVEN_STEPS, share=share)


def straight(features: SessionFeatures) -> Reading:
    """Fire when nearly all strokes are a ruler's lines."""
    pointer = features.totals.pointer
    if pointer.strokes < STRAIGHT_STROKES or features.modality.is_touch:
        return unknown(STRAIGHT)
    share = pointer.straight / pointer.strokes
    if share >= STRAIGHT_SHARE:
        return fired(STRAIGHT, STRAIGHT_WEIGHT, share=share, strokes=pointer.strokes)
    return clear(STRAIGHT, share=share)


def presses_at_once(features: SessionFeatures) -> Reading:
    """Fire when the button goes down in the moment the pointer arrives."""
    pointer, modality = features.totals.pointer, features.modality
    if pointer.moved < MIN_ARRIVALS or modality.is_touch or modality.is_assistive:
        return unknown(PRESSES_AT_ONCE)
    share = pointer.at_once / pointer.moved
    if share >= AT_ONCE_SHARE:
        return fired(
            PRESSES_AT_ONCE, AT_ONCE_WEIGHT, share=share, presses=pointer.moved
        )
    return clear(PRESSES_AT_ONCE, share=share)


def never_moves(features: SessionFeatures) -> Reading:
    """Fire when a mouse presses here and there and never moves."""
    totals, modality = features.totals, features.modality
    presses = totals.click.presses - totals.click.touch_presses
    if presses < NEVER_MOVES_PRESSES or modality.is_touch or modality.is_assistive:
        return unknown(NEVER_MOVES)
    is_elsewhere = totals.pointer.displaced >= NEVER_MOVES_DISPLACED
    if totals.pointer.moves == 0 and is_elsewhere:
        return fired(NEVER_MOVES, NEVER_MOVES_WEIGHT, presses=presses)
    return clear(NEVER_MOVES)


def never_coalesced(features: SessionFeatures) -> Reading:
    """Fire when no move gathers several reports of the hardware."""
    pointer = features.totals.pointer
    if pointer.coalesced_known < NEVER_COALESCED_MOVES or features.modality.is_touch:
        return unknown(NEVER_COALESCED)
    if pointer.coalesced_many == 0:
        moves = pointer.coalesced_known
        return fired(NEVER_COALESCED, NEVER_COALESCED_WEIGHT, moves=moves)
    return clear(NEVER_COALESCED)


def teleports(features: SessionFeatures) -> Reading:
    """Fire when the pointer is at one target and then at the next, with no way."""
    pointer, modality = features.totals.pointer, features.modality
    if pointer.displaced < MIN_DISPLACED or modality.is_touch or modality.is_assistive:
        return unknown(TELEPORTS)
    share = pointer.teleports / pointer.displaced
    weight = _teleports_weight(pointer.teleports, share)
    if weight:
        return fired(
            TELEPORTS, weight, teleports=pointer.teleports, presses=pointer.displaced
        )
    return clear(TELEPORTS, teleports=pointer.teleports, presses=pointer.displaced)


def _teleports_weight(count: int, share: float) -> float:
    """Return how much so many jumps weigh, 0 for too few."""
    if count < MIN_TELEPORTS or share < SOME_TELEPORT_SHARE:
        return 0.0
    if share < TELEPORT_SHARE:
        return SOME_TELEPORTS_WEIGHT
    return TELEPORTS_WEIGHT if count > MIN_TELEPORTS else TWO_TELEPORTS_WEIGHT


DETECTORS: Final = (
    Detector(EVEN_SPEED, 201, Family.POINTER, even_speed),
    Detector(EVEN_STEPS, 202, Family.POINTER, even_steps),
    Detector(STRAIGHT, 203, Family.POINTER, straight),
    Detector(PRESSES_AT_ONCE, 204, Family.POINTER, presses_at_once),
    Detector(NEVER_MOVES, 205, Family.POINTER, never_moves),
    Detector(NEVER_COALESCED, 206, Family.POINTER, never_coalesced),
    Detector(TELEPORTS, 211, Family.POINTER, teleports),
)
