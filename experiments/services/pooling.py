"""Groups of units put together: noughts and values, segments, populations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..models import LeftOut, Population
from .counting import Group, Sums


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


def merged(one: Sums, other: Sums) -> Sums:
    """Return the moments of both together (Chan, Golub, LeVeque 1979)."""
    n = one.n + other.n
    if not n:
        return one
    share = other.n / n
    away, beside = other.mean - one.mean, other.beside_mean - one.beside_mean
    between = one.n * share
    return Sums(
        n=n,
        mean=one.mean + away * share,
        m2=one.m2 + other.m2 + between * away**2,
        beside_mean=one.beside_mean + beside * share,
        beside_m2=one.beside_m2 + other.beside_m2 + between * beside**2,
        cross=one.cross + other.cross + between * away * beside,
    )


def with_units(values: Sums | None, units: int) -> Sums:
    """Return the moments of all units, those without a value being noughts."""
    if values is None:
        return Sums(units)
    return merged(values, Sums(max(units - values.n, 0)))


def pooled(groups: Mapping[Group, Sums]) -> Iterator[tuple[Key, Sums]]:
    """Yield populations and segments, and all segments together."""
    found: dict[Key, Sums] = {}
    # In an order of their own: sums of floats hang on it.
    for group in sorted(groups):
        for key in _keys(group):
            found[key] = merged(found.get(key, Sums(0)), groups[group])
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
