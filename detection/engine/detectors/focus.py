"""Questions about focus: whether what was done could be done."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..state import SessionFeatures
from ..types import Family, Reading

ACTS_WHILE_HIDDEN: Final = "focus.acts_while_hidden"
TYPES_WHILE_AWAY: Final = "focus.types_while_away"
NEVER_MOVES: Final = "focus.never_moves"

# A key can fall into the moment in which a tab disappears, three cannot (research F2).
HIDDEN_ACTS: Final = 3
HIDDEN_WEIGHT: Final = 3.0

# Frames and pickers of the system blur a window that one still types into; a text's
# worth of keys is needed.
AWAY_KEYS: Final = 15
AWAY_WEIGHT: Final = 1.0

# Who types in a field and presses a button takes the keyboard from one to the other,
# whatever the page focused by itself. Only a page that forbids its buttons the focus
# and gives each field the focus before our client starts would look like this (F3).
FIELD_KEYS: Final = 12
BUTTON_PRESSES: Final = 3
NEVER_MOVES_WEIGHT: Final = 3.5


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


def never_moves(features: SessionFeatures) -> Reading:
    """Fire when texts are typed, buttons pressed, and no field has the focus ever."""
    focus = features.totals.focus
    if focus.field_keys < FIELD_KEYS or focus.button_presses < BUTTON_PRESSES:
        return unknown(NEVER_MOVES)
    if focus.field_moves:
        return clear(NEVER_MOVES)
    return fired(NEVER_MOVES, NEVER_MOVES_WEIGHT, keys=focus.field_keys)


DETECTORS: Final = (
    Detector(ACTS_WHILE_HIDDEN, 601, Family.FOCUS, acts_while_hidden),
    Detector(TYPES_WHILE_AWAY, 602, Family.FOCUS, types_while_away),
    Detector(NEVER_MOVES, 603, Family.FOCUS, never_moves),
)
