"""Batches as a browser sends them: a hand that moves, presses, scrolls and types."""

import json
import math
import random
from collections.abc import Iterator
from typing import Any, Final

EVENTS: Final = 50
# One in this many seconds is sent, so 50 events are a steady hand's five seconds.
FRAME_MS: Final = 16.7
# Of a batch: the last events are keys, the first are movement that ends in a press.
MOVES: Final = 33
PRESS: Final = ("mousedown", "mouseup", "click")


def batches(count: int, *, seed: int = 11) -> list[bytes]:
    """Return the first batches of one session, as JSON."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable load
    hand = _Hand(chance)
    return [
        json.dumps(
            {
                "seq": seq,
                "sent_at": "2026-01-01T12:00:00Z",
                "events": list(hand.batch()),
            },
            separators=(",", ":"),
        ).encode()
        for seq in range(count)
    ]


class _Hand:
    """Where pointer and clock are."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.t = 0.0
        self.x, self.y = 400.0, 300.0
        self.scrolled = 0.0
        self.key = 0

    def batch(self) -> Iterator[dict[str, Any]]:
        """Yield a movement, a press, a scroll and some letters: fifty events."""
        yield from self._reach()
        for kind in PRESS:
            self.t += self.chance.lognormvariate(4.3, 0.3)
            yield {
                **self._spot(kind),
                "button": 0,
                "trusted": True,
                "target": "radio",
            }
        for _ in range(4):
            self.t += FRAME_MS
            self.scrolled += self.chance.uniform(10, 40)
            yield self._at("scroll", x=0, y=round(self.scrolled, 1), source="wheel")
        for _ in range((EVENTS - MOVES - len(PRESS) - 4) // 2):
            self.key += 1
            self.t += self.chance.lognormvariate(4.9, 0.35)
            yield self._at("keydown", key="letter", k=self.key, trusted=True)
            self.t += self.chance.lognormvariate(4.4, 0.25)
            yield self._at("keyup", key="letter", k=self.key, trusted=True)

    def _reach(self) -> Iterator[dict[str, Any]]:
        """Move by minimum jerk, with the tremor of a hand."""
        start = self.x, self.y
        goal = self.chance.uniform(50, 1200), self.chance.uniform(50, 650)
        for frame in range(1, MOVES + 1):
            share = frame / MOVES
            done = share**3 * (10 - 15 * share + 6 * share**2)
            bow = 12 * math.sin(math.pi * done)
            before = self.x, self.y
            self.x, self.y = (
                round(a + done * (b - a) + bow + self.chance.gauss(0, 0.6))
                for a, b in zip(start, goal, strict=True)
            )
            self.t += FRAME_MS
            step = {"mx": self.x - before[0], "my": self.y - before[1]}
            yield {**self._spot("mousemove"), "coalesced": 2, **step}

    def _spot(self, kind: str) -> dict[str, Any]:
        return self._at(kind, x=self.x, y=self.y)

    def _at(self, kind: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "t": round(self.t, 1), **more}
