"""Pauses and places as those draw them who want to look like people."""

import secrets
import time
from typing import Final

CHANCE: Final = secrets.SystemRandom()

# How much of an element's width and height a click stays away from its edges.
EDGE: Final = 0.2


def pause(least_s: float, most_s: float) -> None:
    """Wait for a time drawn evenly from a range, as `random.uniform` gives it."""
    time.sleep(CHANCE.uniform(least_s, most_s))


def place_in(
    left: float, top: float, width: float, height: float
) -> tuple[float, float]:
    """Return a point within a box, drawn evenly, not too near the edges."""
    return (
        left + width * CHANCE.uniform(EDGE, 1 - EDGE),
        top + height * CHANCE.uniform(EDGE, 1 - EDGE),
    )
