"""A model of somebody who types: when which key goes down and comes up.

Percentiles are those of desktop pages of a real survey (survey_de, 54 people, and
sentences of aalto136m agree): how long a key is down, and from key to key, in ms.
Nothing here is a recording.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal, NamedTuple

from .chance import Spread

HOLD_MS: Final = Spread(55, 89, 152)
GAP_MS: Final = Spread(37, 167, 760)
# Of all keys, how many go down before the one before is up.
ROLLOVER: Final = 0.16
# Backspaces are 5 to 12 % of people's keys.
MISTAKES: Final = 0.07

# Longer pauses are thought; whoever wants thought adds it.
LONGEST_GAP_MS: Final = 1200.0

# A finger lifts before it presses the same key again.
REST_MS: Final = 15.0

BACKSPACE: Final = "BackSpace"
SHIFT: Final = "Shift_L"
# What X11 calls them; letters and digits are called as they are.
_NAMES: Final = {
    " ": "space",
    ".": "period",
    ",": "comma",
    "'": "apostrophe",
    "-": "minus",
    "\n": "Return",
}
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

Direction = Literal["down", "up"]


class Act(NamedTuple):
    """A key that goes down or comes up after so many ms."""

    at_ms: float
    direction: Direction
    key: str


@dataclass(frozen=True, slots=True)
class Typist:
    """How somebody types: `pace` multiplies the pauses from key to key."""

    pace: float = 1.0
    rollover: float = ROLLOVER
    mistakes: float = MISTAKES
    hold_ms: Spread = HOLD_MS
    gap_ms: Spread = GAP_MS

    def gap(self, hold_ms: float, before: str, after: str, chance: Random) -> float:
        """Return the ms from one key to the next, the first being down `hold_ms`."""
        # One finger cannot press a key that it still holds.
        overlaps = before != after and chance.random() < self.rollover
        if overlaps:
            return hold_ms * chance.uniform(0.35, 0.95)
        # Words are typed in one go, and pauses lie between them.
        pace = self.pace * (1.35 if before == " " else 0.95)
        gap = min(self.gap_ms.times(pace).draw(chance), LONGEST_GAP_MS)
        return max(gap, hold_ms * chance.uniform(1.02, 1.3))


def typed(text: str, typist: Typist, chance: Random) -> Sequence[Act]:
    """Return the keys for a text, mistakes and their correction included."""
    acts: list[Act] = []
    # When each key is up again: a key that is down cannot go down.
    free: dict[str, float] = {}
    at = 0.0

    def press(key: str, hold: float) -> None:
        acts.extend((Act(at, "down", key), Act(at + hold, "up", key)))
        free[key] = at + hold

    strokes = list(_strokes(text, typist, chance))
    for before, after in zip(strokes, [*strokes[1:], ""], strict=True):
        key = key_of(before)
        hold = typist.hold_ms.draw(chance)
        gap = typist.gap(hold, before, after, chance)
        at = max(at, free.get(key, 0.0) + REST_MS)
        if len(before) == 1 and before.isupper():
            early = chance.uniform(60, 150)
            at = max(at, free.get(SHIFT, 0.0) + REST_MS)
            press(SHIFT, early + hold * chance.uniform(0.5, 0.9))
            at += early
            # Whoever holds shift has no finger left for the next letter.
            gap = max(gap, hold)
        press(key, hold)
        at += gap
    return sorted(acts)


def key_of(character: str) -> str:
    """Return what X11 calls the key of a character."""
    return _NAMES.get(
        character, character.lower() if len(character) == 1 else character
    )


def neighbour_of(letter: str, chance: Random) -> str:
    """Return a key that lies beside a letter's."""
    for row in _ROWS:
        at = row.find(letter)
        if at >= 0:
            beside = [at - 1] * (at > 0) + [at + 1] * (at + 1 < len(row))
            return row[chance.choice(beside)]
    return letter


def _strokes(text: str, typist: Typist, chance: Random) -> Iterator[str]:
    """Yield what is pressed: characters, and backspaces by name."""
    for place, letter in enumerate(text):
        wrong = neighbour_of(letter, chance)
        if wrong != letter and chance.random() < typist.mistakes:
            # Half of the mistakes are seen one letter late.
            rest = text[place + 1 : place + 2]
            late = rest if rest.isalpha() and chance.random() < 0.5 else ""
            yield from (wrong, *late, *[BACKSPACE] * (1 + len(late)))
        yield letter


ORDINARY: Final = Typist()
# The quickest tenth of people types at half of the usual pauses and rolls more.
QUICK: Final = Typist(pace=0.6, rollover=0.3, mistakes=0.09)
SLOW: Final = Typist(pace=1.5, rollover=0.03)
