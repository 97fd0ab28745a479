"""The shapes that all of this works on."""

from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

# One number for each comparison that is made at once; any shape.
Array: TypeAlias = NDArray[np.float64]
# A `Reason` for each of them.
Reasons: TypeAlias = NDArray[np.int8]


class Reason(IntEnum):
    """Why a number cannot be computed; its sentence is in `experiments/texts.py`."""

    COMPUTED = 0
    NO_UNITS = 1
    ONE_UNIT = 2
    NO_VARIATION = 3
    NO_BASELINE = 4
    NO_DENOMINATOR = 5
    SAMPLE_TOO_SMALL = 6
    UNBOUNDED = 7
    NO_LOGARITHM = 8


def floats(values: ArrayLike) -> Array:
    """Return numbers as an array of 64-bit floats."""
    return np.asarray(values, dtype=np.float64)


def reasons(*why: tuple[ArrayLike, Reason]) -> Reasons:
    """Return the first reason that holds in each place; `COMPUTED` where none does."""
    conditions = np.broadcast_arrays(*(np.asarray(holds) for holds, _reason in why))
    found = np.zeros(conditions[0].shape, dtype=np.int8)
    for holds, (_holds, reason) in zip(conditions[::-1], why[::-1], strict=True):
        found = np.where(holds, np.int8(reason), found)
    return found


def first_reason(*found: Reasons) -> Reasons:
    """Return in each place the reason of the first that has one."""
    first = found[0]
    for other in found[1:]:
        first = np.where(first != Reason.COMPUTED, first, other)
    return first


def where_computed(values: ArrayLike, why: Reasons) -> Array:
    """Return the numbers, and NaN where there is a reason."""
    return np.where(why == Reason.COMPUTED, floats(values), np.nan)
