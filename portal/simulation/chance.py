"""Chance within measured limits."""

from math import exp, log
from random import Random
from typing import Final, NamedTuple

# The distance of the 5th and the 95th percentile from the middle of a bell.
_Z: Final = 1.645


class Spread(NamedTuple):
    """The 5th, 50th and 95th percentile of something positive."""

    low: float
    middle: float
    high: float

    def at(self, z: float) -> float:
        """Return the value `z` deviations from the middle: a bell on a log scale.

        Each half has its own width, so all three percentiles are met.
        """
        half = self.high if z > 0 else self.low
        return self.middle * exp(abs(z) / _Z * log(half / self.middle))

    def draw(self, chance: Random) -> float:
        """Return a value; extremes end where one in a hundred lies."""
        return self.at(max(-2.33, min(2.33, chance.gauss(0, 1))))

    def times(self, factor: float) -> "Spread":
        """Return the same for somebody slower or faster."""
        return Spread(*(factor * one for one in self))
