"""The words detectors speak: what was asked, what came out, and how much it weighs."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    """What a detector says: `UNKNOWN` when too little was seen to say anything."""

    FIRED = "fired"
    CLEAR = "clear"
    UNKNOWN = "unknown"


class Family(StrEnum):
    """Which kind of evidence a detector reads.

    Detectors of one family read the same events and repeat each other; families
    are counted as separate witnesses.
    """

    KEYBOARD = "keyboard"
    POINTER = "pointer"
    CLICK = "click"
    SCROLL = "scroll"
    TOUCH = "touch"
    FOCUS = "focus"
    CLIPBOARD = "clipboard"
    TIMING = "timing"
    DEVICE = "device"
    NETWORK = "network"
    ANSWERS = "answers"


# What a browser or a request says about itself. Everything else is behaviour.
TECHNICAL_FAMILIES = frozenset({Family.DEVICE, Family.NETWORK})


class Reading(Struct, frozen=True):
    """What one detector found in one session.

    `weight` is in log odds of automation: at or above 0 when fired (0 is a note),
    at or below 0 when clear, and 0 when unknown.
    """

    code: str
    outcome: Outcome
    weight: float = 0.0
    evidence: Mapping[str, float | int | str] = {}
