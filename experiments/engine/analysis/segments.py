"""Whether an effect is another one for some."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from .. import statistics as stats
from ..design import Design, Metric
from ..figures import Figure
from .comparing import compare
from .report import Bounds, bounds_at, number, reason_name

# As many are shown, the largest; as GrowthBook does.
MOST_SEGMENTS: Final = 20


@dataclass(frozen=True, slots=True)
class Segment:
    """One metric's effect among the units of one segment, looked at once.

    `p_adjusted` is Holm's over all segments, treatments and goals.
    """

    name: str
    metric: str
    variant: str
    units: int
    lift: Bounds
    difference: Bounds
    p: float | None
    p_adjusted: float | None
    why: str


def by_segment(
    design: Design, newest: Mapping[tuple[str, str, str], Figure]
) -> tuple[Segment, ...]:
    """Return goals' effects; `newest` is by segment, metric and variant."""
    variants = [one.name for one in design.variants]
    units: dict[str, int] = {}
    for (segment, metric, _variant), figure in newest.items():
        if not metric:
            units[segment] = units.get(segment, 0) + figure.n
    largest = sorted(units, key=lambda one: (-units[one], one))[:MOST_SEGMENTS]
    goals = [one for one in design.metrics if one.role == "goal"]
    found = [
        segment
        for metric in goals
        for name in largest
        for segment in _of_segment(design, metric, name, newest, variants)
    ]
    adjusted = stats.holm([np.nan if one.p is None else one.p for one in found])
    return tuple(
        replace(one, p_adjusted=number(p))
        for one, p in zip(found, adjusted, strict=True)
    )


def _of_segment(
    design: Design,
    metric: Metric,
    name: str,
    newest: Mapping[tuple[str, str, str], Figure],
    variants: Sequence[str],
) -> list[Segment]:
    """Return one segment's effects."""
    row = [newest.get((name, metric.name, one), Figure()) for one in variants]
    compared = compare(metric, [row])
    contrast = compared.contrast
    critical = stats.fixed(np.nan_to_num(contrast.dof, nan=1.0), design.alpha)
    difference = stats.absolute(contrast, critical)
    lift = stats.lift(contrast, critical)
    return [
        Segment(
            name=name,
            metric=metric.name,
            variant=variant,
            units=row[0].n + row[at + 1].n,
            lift=bounds_at(lift, at),
            difference=bounds_at(difference, at),
            p=number(difference.p[-1, at]),
            p_adjusted=None,
            why=reason_name(contrast.why[-1, at]),
        )
        for at, variant in enumerate(variants[1:])
    ]
