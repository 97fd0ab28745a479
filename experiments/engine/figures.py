"""What is counted of an experiment, as the analysis takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of one arm on one day; without a metric its units alone."""

    n: int = 0
    mean: float = 0.0
    m2: float = 0.0
    beside_mean: float = 0.0
    beside_m2: float = 0.0
    cross: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Figure()


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
