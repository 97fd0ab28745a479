"""Questions about focus: whether what was done could be done."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

ACTS_WHILE_HIDDEN: Final = "focus.acts_while_hidden"
TYPES_WHILE_AWAY: Final = "focus.types_while_away"

# A key can fall into the moment in which a tab disappears, three cannot (research F2).
HIDDEN_ACTS: Final = 3
HIDDEN_WEIGHT: Final = 3.0

# Frames and pickers of the system blur a window that one still types into; a text's
# worth of keys is needed.
AWAY_KEYS: Final = 15
AWAY_WEIGHT: Final = 1.0


def acts_while_hidden(features: SessionFeatures) -> Reading:
    """Fire when keys or presses go to a page that is out of sight."""
    focus = features.totals.focus
    if focus.hides == 0:
        return unknown(ACTS_WHILE_HIDDEN)
    if focus.acts_while_hidden >= HIDDEN_ACTS:
        return fired(ACTS_WHILE_HIDDEN, HIDDEN_WEIGHT, acts=focus.acts_while_hidden)
    return clear(ACTS_WHILE_HIDDEN)


def types_while_away(features: SessionFeatures) -> Reading:
    """Fire when a text is typed into a window that has lost the keyboard."""
    focus = features.totals.focus
    if focus.blurs == 0:
        return unknown(TYPES_WHILE_AWAY)
    if focus.keys_while_blurred >= AWAY_KEYS:
        return fired(TYPES_WHILE_AWAY, AWAY_WEIGHT, keys=focus.keys_while_blurred)
    return clear(TYPES_WHILE_AWAY)


DETECTORS: Final = (
    Detector(ACTS_WHILE_HIDDEN, 601, Family.FOCUS, acts_while_hidden),
    Detector(TYPES_WHILE_AWAY, 602, Family.FOCUS, types_while_away),
)
