"""p-values that allow for how many there are."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Array, floats

_Rule: TypeAlias = Callable[[Array], Array]


def holm(p_values: ArrayLike) -> Array:
    """Return p-values that keep the chance of any false find (Holm 1979).

    What is NaN was no test, is not counted and stays NaN.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    return _adjust(p_values, _holm)


def benjamini_hochberg(p_values: ArrayLike) -> Array:
    """Return p-values that keep the share of false finds (Benjamini, Hochberg 1995).

    What is NaN was no test, is not counted and stays NaN.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]
    """
    return _adjust(p_values, _benjamini_hochberg)


def _adjust(p_values: ArrayLike, rule: _Rule) -> Array:
    """Adjust what was tested, in its order."""
    p = floats(p_values)
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    adjusted[order] = np.minimum(rule(p[order]), 1.0)
    return adjusted


def _holm(rising: Array) -> Array:
    """Adjust rising p-values."""
    left = np.arange(len(rising), 0, -1)
    return floats(np.maximum.accumulate(rising * left))


def _benjamini_hochberg(rising: Array) -> Array:
    """Adjust rising p-values."""
    share = len(rising) / np.arange(1, len(rising) + 1)
    return floats(np.minimum.accumulate((rising * share)[::-1])[::-1])
