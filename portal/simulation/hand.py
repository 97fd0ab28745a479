"""A model of a hand that moves a pointer to a target and presses.

A stroke is a few sub-movements, each with a log-normal speed (Plamondon's theory of
rapid movements): the first ends near the target, the others correct what is left.
Across the stroke lie a bow and the tremor that every hand has, of 8 to 12 Hz. Nothing
here is a recording; the numbers are percentiles of recordings, or name their source.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import cos, erf, exp, hypot, log, log2, pi, sin, sqrt
from random import Random
from typing import Final, NamedTuple

from .chance import Spread

# Desktop pages of a real survey, 54 people: last move to press, and press to
# release, in ms (survey_de, 5th, 50th and 95th percentile).
PAUSE_MS: Final = Spread(13, 162, 1494)
PRESS_MS: Final = Spread(55, 112, 419)

# Fitts' law in MacKenzie's form for a mouse: about 0.2 s, and 0.1 s a bit.
REACH_MS: Final = 200.0
BIT_MS: Final = 110.0

# A mouse that lies still does not notice less.
SEEN_TREMOR_PX: Final = 2.0
# An ordinary mouse reports 125 times a second.
STEP_MS: Final = 8.0


class Point(NamedTuple):
    """A place in CSS pixels, or on a screen."""

    x: float
    y: float


class Box(NamedTuple):
    """A target: left, top, width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def smaller(self) -> float:
        """The side that decides how hard it is to hit."""
        return min(self.width, self.height)


class Move(NamedTuple):
    """Where the pointer is after so many ms."""

    at_ms: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody's hand is.

    `haste` divides the time of everything, `tremor_px` is half of the shake's width,
    `corrections` the most sub-movements that follow the first one.
    """

    haste: float = 1.0
    tremor_px: float = 0.5
    corrections: int = 3
    # How far the first movement comes, as a share of the way: a bell.
    gain: tuple[float, float] = (0.94, 0.05)
    pause_ms: Spread = PAUSE_MS
    press_ms: Spread = PRESS_MS
    step_ms: float = STEP_MS

    def pause(self, chance: Random) -> float:
        """Return the ms between the last move and the press.

        Longer than 400 ms is thought, which others add.
        """
        return min(400.0, self.pause_ms.draw(chance)) / self.haste

    def hold(self, chance: Random) -> float:
        """Return for how many ms the button is down."""
        return self.press_ms.draw(chance)


@dataclass(frozen=True, slots=True)
class _Part:
    """One sub-movement: from when, how far, and the shape of its speed."""

    begin_ms: float
    dx: float
    dy: float
    middle_ms: float
    sigma: float

    @property
    def end_ms(self) -> float:
        """When 99 % of it is done."""
        return self.begin_ms + self.middle_ms * exp(2.33 * self.sigma)

    def share(self, at_ms: float) -> float:
        """Return how much of it is done: a log-normal's distribution."""
        since = at_ms - self.begin_ms
        if since <= 0:
            return 0.0
        return 0.5 * (1 + erf(log(since / self.middle_ms) / (self.sigma * sqrt(2))))


def aim(box: Box, chance: Random) -> Point:
    """Return where somebody presses: around the middle, seldom on it.

    Presses spread over a target like a bell; its width here is a sixth of the side,
    and wide targets are pressed where the hand comes from, off the middle.
    """
    shares = []
    for side in (box.width, box.height):
        shift = chance.uniform(-0.2, 0.2) if side > 100 else 0.0
        share = 0.5 + shift + chance.gauss(0, 0.16)
        shares.append(min(0.9, max(0.1, share)))
    return Point(box.left + shares[0] * box.width, box.top + shares[1] * box.height)


def stroke(
    start: Point, goal: Point, width: float, hand: Hand, chance: Random
) -> Sequence[Move]:
    """Return the way from `start` to `goal`, which is `width` px wide.

    The last move is on the goal, but for the tremor.
    """
    parts = list(_parts(start, goal, width, hand, chance))
    end = max(part.end_ms for part in parts)
    bow = _bow(start, goal, chance)
    shake = _Shake.of(hand, chance)
    moves = []
    at = 0.0
    while at < end:
        at += hand.step_ms * chance.uniform(0.95, 1.05)
        moves.append(_move(at, start, parts, bow, shake))
    return moves


def rest(at: Point, until_ms: float, hand: Hand, chance: Random) -> Iterator[Move]:
    """Yield how a hand moves while it presses: not at all, unless it trembles."""
    if hand.tremor_px < SEEN_TREMOR_PX:
        return
    shake = _Shake.of(hand, chance)
    now = 0.0
    first = shake.at(0)
    while now < until_ms:
        dx, dy = shake.at(now)
        # The button holds the hand: less than half of the tremor is left.
        share = 0.4
        yield Move(now, at.x + share * (dx - first[0]), at.y + share * (dy - first[1]))
        now += hand.step_ms


def _move(
    at: float, start: Point, parts: Sequence[_Part], bow: Point, shake: "_Shake"
) -> Move:
    """Return where the hand is at a time."""
    x, y = start
    for part in parts:
        share = part.share(at)
        x += share * part.dx
        y += share * part.dy
    across = sin(pi * parts[0].share(at))
    dx, dy = shake.at(at)
    return Move(at, x + bow.x * across + dx, y + bow.y * across + dy)


def _parts(
    start: Point, goal: Point, width: float, hand: Hand, chance: Random
) -> Iterator[_Part]:
    """Yield the sub-movements that lead from one point to the other."""
    x, y = start
    begin = 0.0
    for number in range(hand.corrections + 1):
        dx, dy = goal.x - x, goal.y - y
        aside = chance.gauss(0, 0.05)
        distance = hypot(dx, dy)
        is_last = number == hand.corrections or (
            number > 0 and distance < max(2.0, width / 8)
        )
        gain = 1.0 if is_last else chance.gauss(*hand.gain)
        bits = log2(distance / max(4.0, width) + 1)
        lasts = (REACH_MS * 0.45 + BIT_MS * bits) * chance.uniform(0.8, 1.25)
        part = _Part(
            begin_ms=begin,
            dx=gain * dx + (0 if is_last else aside * dy),
            dy=gain * dy - (0 if is_last else aside * dx),
            middle_ms=lasts / hand.haste * 0.5,
            sigma=chance.uniform(0.32, 0.55),
        )
        yield part
        if is_last:
            return
        x, y = x + part.dx, y + part.dy
        # A correction begins when the eye has seen where the hand is going.
        begin += lasts / hand.haste * chance.uniform(0.75, 1.3)


def _bow(start: Point, goal: Point, chance: Random) -> Point:
    """Return how far the way's middle lies beside the straight line.

    People's ways are 4 to 14 % longer than straight (survey_de, sapimouse).
    """
    share = chance.gauss(0, 0.12)
    return Point(-share * (goal.y - start.y), share * (goal.x - start.x))


@dataclass(frozen=True, slots=True)
class _Shake:
    """Tremor: three waves of 8 to 12 Hz in each direction."""

    waves: tuple[tuple[float, float, float, float], ...]

    @classmethod
    def of(cls, hand: Hand, chance: Random) -> "_Shake":
        """Return a hand's tremor for one stroke."""
        return cls(
            tuple(
                (
                    2 * pi * chance.uniform(8, 12) / 1000,
                    chance.uniform(0, 2 * pi),
                    hand.tremor_px * chance.uniform(0.2, 1.0),
                    chance.uniform(0, 2 * pi),
                )
                for _wave in range(3)
            )
        )

    def at(self, at_ms: float) -> tuple[float, float]:
        """Return how far off the hand is at a time."""
        dx = dy = 0.0
        for speed, phase, size, direction in self.waves:
            now = size * sin(speed * at_ms + phase) / sqrt(3)
            dx += now * cos(direction)
            dy += now * sin(direction)
        return dx, dy


ORDINARY: Final = Hand()
QUICK: Final = Hand(haste=1.5)
SLOW: Final = Hand(haste=0.65, corrections=4)
# Essential tremor: wide, and each approach takes several tries, past the goal as
# often as short of it; a button that is found is held.
TREMBLING: Final = Hand(
    haste=0.7,
    tremor_px=7.0,
    corrections=6,
    gain=(0.98, 0.16),
    press_ms=Spread(120, 320, 900),
)
# One person's trackpad gives presses of 2 ms, others' of 2 to 7 (survey_de, sapimouse).
TAPPING: Final = replace(ORDINARY, press_ms=Spread(1.4, 2.2, 3.5))
