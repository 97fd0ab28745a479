"""How sure one may be on each day, by the way in which results are looked at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import statistics as stats
from ..design import Design
from ..statistics import Array, Contrast


@dataclass(frozen=True, slots=True)
class Looked:
    """What each day's look allows.

    Attributes
    ----------
    critical
        Standard errors of the interval of each day, shape `(days, treatments)`.
    decides
        Whether the look of a day can end the experiment, the same shape.
    information
        Which part of the plan was reached, shape `(days,)`; NaN without a plan.
    """

    critical: Array
    decides: NDArray[np.bool_]
    information: Array


def look(design: Design, contrast: Contrast, units: Array, alpha: float) -> Looked:
    """Return how many standard errors an effect needs on each day.

    Parameters
    ----------
    units
        Of all arms that are in the metric, shape `(days,)`.
    alpha
        Of this comparison.
    """
    shape = contrast.difference.shape
    planned = design.planned_units
    information = units / planned if planned else np.full(len(units), np.nan)
    if design.looking == "always_valid":
        critical = stats.critical_always(np.maximum(contrast.units, 1.0), alpha)
        return Looked(critical, np.ones(shape, dtype=bool), information)
    fixed = np.broadcast_to(
        stats.fixed(np.nan_to_num(contrast.dof, nan=1.0), alpha), shape
    )
    if design.looking == "once":
        at_end = information >= 1 if planned else np.zeros(len(units), dtype=np.bool_)
        return Looked(
            fixed, np.broadcast_to(_first(at_end)[:, None], shape), information
        )
    limits, decides = _bounds(information, alpha)
    # The bounds are of a normal distribution; few units have Student's tails.
    wider = fixed / stats.fixed(np.inf, alpha)
    return Looked(
        limits[:, None] * wider, np.broadcast_to(decides[:, None], shape), information
    )


def _first(at_end: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the first look that is at the end, and no later one."""
    first: NDArray[np.bool_] = at_end & (np.cumsum(at_end) == 1)
    return first


def _bounds(information: Array, alpha: float) -> tuple[Array, NDArray[np.bool_]]:
    """Return the bound of each day, and whether its look counts.

    A day that brings nothing new, or comes after the end, keeps the bound before it and
    decides nothing.
    """
    limits = np.full(len(information), np.inf)
    rises = [
        at
        for at, share in enumerate(information)
        if share > 0 and share > max(information[:at], default=0.0)
    ]
    if rises:
        shares = tuple(float(information[at]) for at in rises)
        limits[rises] = stats.bounds(shares, alpha)
    decides = np.isfinite(limits)
    last = np.inf
    for at in range(len(limits)):
        last = limits[at] if decides[at] else last
        limits[at] = last
    return limits, decides
