"""The time axis that all of a session's pictures share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

# Steps that people count time in, in seconds: up to a minute, an hour, a week.
STEPS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200,
                  14_400, 43_200, 86_400, 172_800)  # fmt: skip
# More labels than these touch each other on a phone.
MOST_TICKS: Final = 6


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis: where, in percent of its length, and when."""

    percent: float
    at_ms: float


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of a session, in milliseconds since its start."""

    start_ms: float
    end_ms: float

    @property
    def length_ms(self) -> float:
        """Return how long it is; never nothing, so that it can be divided by."""
        return max(self.end_ms - self.start_ms, 1.0)

    def percent(self, at_ms: float) -> float:
        """Return where a moment lies, from 0 at the start to 100 at the end.

        >>> Axis(0, 2000).percent(500)
        25.0
        """
        share = (at_ms - self.start_ms) / self.length_ms
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def ticks(self) -> Sequence[Tick]:
        """Return marks at round moments.

        >>> [tick.at_ms for tick in Axis(0, 45_000).ticks()]
        [0, 10000, 20000, 30000, 40000]
        """
        step_ms = 1000 * next(
            (step for step in STEPS_S if self.length_ms <= 1000 * step * MOST_TICKS),
            STEPS_S[-1],
        )
        first = ceil(self.start_ms / step_ms)
        last = int(self.end_ms // step_ms)
        moments = [number * step_ms for number in range(first, last + 1)]
        return [Tick(self.percent(at_ms), at_ms) for at_ms in moments]


def axis_over(moments_ms: Iterable[float]) -> Axis | None:
    """Return the axis that shows all of these moments; None if there are none."""
    known = list(moments_ms)
    return Axis(min(known), max(known)) if known else None
