"""Groups of units put together: noughts and values, segments, populations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..engine.figures import Figure, merged
from ..models import LeftOut, Population
from .counting import Group


@dataclass(frozen=True, slots=True)
class Key:
    """What a number is about."""

    phase: int
    population: Population
    variant: str
    segment: str

    @property
    def is_whole(self) -> bool:
        """Say whether it is about all segments together."""
        return not self.segment

    @property
    def columns(self) -> dict[str, Any]:
        """Return it as the table holds it."""
        return {
            "phase": self.phase,
            "population": self.population,
            "variant": self.variant,
            "segment": self.segment,
        }


def with_units(values: Figure | None, units: int) -> Figure:
    """Return the moments of all units, those without a value being noughts."""
    if values is None:
        return Figure(units)
    return merged(values, Figure(max(units - values.n, 0)))


def pooled(groups: Mapping[Group, Figure]) -> Iterator[tuple[Key, Figure]]:
    """Yield populations and segments, and all segments together."""
    found: dict[Key, Figure] = {}
    # In an order of their own: sums of floats hang on it.
    for group in sorted(groups):
        for key in _keys(group):
            found[key] = merged(found.get(key, Figure(0)), groups[group])
    yield from found.items()


def _keys(group: Group) -> Iterable[Key]:
    """Return where a group's units are counted."""
    populations = [Population.ALL]
    if group.left_out == LeftOut.NOT:
        populations.append(Population.PEOPLE)
    segments = dict.fromkeys(["", group.segment])
    return [
        Key(group.phase, population, group.variant, segment)
        for population in populations
        for segment in segments
    ]
