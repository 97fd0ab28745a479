"""Tests that are looked at a number of times on the way to a planned end.

At each look as much of alpha is spent as the plan allows for the information so far
(Lan and DeMets 1983). The bounds follow from the looks that were made; how many there
will be need not be known.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from scipy import optimize, special

from .arrays import Array

# Alpha spent at a share t of the information is alpha * t ** SPENDING. 2 keeps power
# at the end within 5 points of a single look and stops true effects of +20 % after
# half of the time (28 looks; research A/A table in docs/experiments.md).
SPENDING: Final = 2.0
# Looks closer than this share of the information find nothing of their own: what came
# between is too little to spend anything on.
LEAST_STEP: Final = 1e-3
# No look is reached by bounds this far out: P(|Z| > 9) is 2e-19.
_FARTHEST: Final = 9.0
# Nodes for each standard deviation of what comes between two looks; 8 of them give
# bounds to 1e-6.
_NODES_PER_STEP: Final = 8.0

_Density: TypeAlias = tuple[Array, Array]


@dataclass(frozen=True, slots=True)
class Crossing:
    """The chance of crossing at each look for the first time, above and below."""

    above: tuple[float, ...]
    below: tuple[float, ...]

    @property
    def total(self) -> float:
        """Return the chance of crossing at all."""
        return sum(self.above) + sum(self.below)


def spent(information: float, alpha: float) -> float:
    """Return how much of alpha may be spent up to a share of the information."""
    return float(alpha * min(information, 1.0) ** SPENDING)


@lru_cache(maxsize=512)
def bounds(information: tuple[float, ...], alpha: float) -> tuple[float, ...]:
    """Return how many standard errors an effect has to reach at each look.

    Parameters
    ----------
    information
        Shares of the planned information at each look so far, rising. The first that
        reaches 1 is the end and spends what is left.
    alpha
        The chance that any look finds an effect of nothing, on both sides together.

    Returns
    -------
    Infinity for a look after the end, or too near the one before: what was found by
    then holds.

    Raises
    ------
    ValueError
        Shares do not rise, or are not above 0.

    Notes
    -----
    Recursive numerical integration (Armitage, McPherson, Rowe 1969).

    >>> [round(z, 3) for z in bounds((0.25, 0.5, 0.75, 1.0), 0.05)]
    [2.955, 2.559, 2.301, 2.092]
    """
    _check(information)
    found: list[float] = []
    density: _Density | None = None
    last = used = 0.0
    for share in information:
        now = min(share, 1.0)
        if now - last < LEAST_STEP:
            found.append(math.inf)
            continue
        step = now - last
        increment = spent(now, alpha) - used
        bound = _bound(density, now, step, increment)
        density = _carry(density, bound * np.sqrt(now), step)
        found.append(bound)
        last, used = now, spent(now, alpha)
    return tuple(found)


def crossing(
    information: Sequence[float], limits: Sequence[float], drift: float = 0.0
) -> Crossing:
    """Return how likely each look is the first to reach its bound.

    Parameters
    ----------
    information
        Shares of the planned information at each look, rising.
    limits
        Standard errors to reach at each look, by whatever rule.
    drift
        The effect in standard errors at the end of the plan; 0 is none.
    """
    _check(information)
    above, below = [], []
    density: _Density | None = None
    last = 0.0
    for share, limit in zip(information, limits, strict=True):
        if limit == math.inf:
            # Nobody crosses: what moved meanwhile is seen at the next look.
            above.append(0.0)
            below.append(0.0)
            continue
        # Beyond this nobody is, wherever an effect has drawn them.
        edge = min(limit, _FARTHEST + abs(drift)) * np.sqrt(share)
        step = share - last
        moved = drift * step
        up, down = _beyond(density, edge, step, moved)
        above.append(up)
        below.append(down)
        density = _carry(density, edge, step, moved)
        last = share
    return Crossing(tuple(above), tuple(below))


@lru_cache(maxsize=64)
def _nodes(count: int) -> _Density:
    """Return Gauss-Legendre nodes and weights between -1 and 1."""
    return np.polynomial.legendre.leggauss(-(-count // 64) * 64)


def _check(information: Sequence[float]) -> None:
    """Refuse looks that go back."""
    rises = all(a < b for a, b in pairwise(information))
    if not rises or any(not share > 0 for share in information):
        message = "Shares of the information are above 0 and rise."
        raise ValueError(message)


def _bound(
    density: _Density | None, now: float, step: float, increment: float
) -> float:
    """Return the bound that is crossed as often as may be spent at this look."""

    def excess(bound: float) -> float:
        up, down = _beyond(density, bound * np.sqrt(now), step)
        return up + down - increment

    if excess(_FARTHEST) >= 0:
        return _FARTHEST
    return float(optimize.brentq(excess, 0.0, _FARTHEST, xtol=1e-10))


def _beyond(
    density: _Density | None, edge: float, step: float, moved: float = 0.0
) -> tuple[float, float]:
    """Return the chance to be above the edge, and below minus the edge."""
    root = np.sqrt(step)
    if density is None:
        return (
            float(special.ndtr(-(edge - moved) / root)),
            float(special.ndtr((-edge - moved) / root)),
        )
    at, weight = density
    up = special.ndtr((at + moved - edge) / root)
    down = special.ndtr((-edge - at - moved) / root)
    return float(weight @ up), float(weight @ down)


def _carry(
    density: _Density | None, edge: float, step: float, moved: float = 0.0
) -> _Density:
    """Return where those are who stayed between the edges, as nodes with weights."""
    root = np.sqrt(step)
    at, weight = _nodes(int(np.clip(_NODES_PER_STEP * 2 * edge / root, 64, 1024)))
    at, weight = at * edge, weight * edge
    from_where = np.zeros(1) if density is None else density[0]
    how_many = np.ones(1) if density is None else density[1]
    away = (at[:, None] - from_where[None, :] - moved) / root
    values = np.exp(-(away**2) / 2) @ how_many / (root * np.sqrt(2 * np.pi))
    return at, weight * values
