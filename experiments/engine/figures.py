"""What is counted of an experiment, as the analysis takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """Units and the moments of their values; `extra` holds what is no moment."""

    n: int = 0
    mean: float = 0.0
    m2: float = 0.0
    beside_mean: float = 0.0
    beside_m2: float = 0.0
    cross: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Figure()


def merged(one: Figure, other: Figure) -> Figure:
    """Return both together, as `statistics.Moments.merge` does (Chan and others 1979).

    On plain numbers: who counts needs neither numpy nor scipy.
    """
    n = one.n + other.n
    if not n:
        return one
    share = other.n / n
    away, beside = other.mean - one.mean, other.beside_mean - one.beside_mean
    between = one.n * share
    return Figure(
        n=n,
        mean=one.mean + away * share,
        m2=one.m2 + other.m2 + between * away**2,
        beside_mean=one.beside_mean + beside * share,
        beside_m2=one.beside_m2 + other.beside_m2 + between * beside**2,
        cross=one.cross + other.cross + between * away * beside,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was counted of a population, day by day.

    Attributes
    ----------
    days
        In their order, counted from the year 1 (`date.toordinal`); the last is the
        newest.
    found
        By day, metric ("" for units) and variant.
    """

    days: Sequence[int]
    found: Mapping[tuple[int, str, str], Figure]

    def of(self, metric: str, variants: Sequence[str]) -> list[list[Figure]]:
        """Return a metric's figures: a row for each day, a column for each variant."""
        return [
            [self.found.get((day, metric, one), NOTHING) for one in variants]
            for day in self.days
        ]
