"""Whether assignment is uniform, and independent between experiments."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from scipy import stats as scipy_stats

from experiments.engine.assignment import number
from experiments.engine.statistics import Array

from .measured import Measured

UNITS: Final = 20_000
EXPERIMENTS: Final = 101
BUCKETS: Final = 100


def assignment() -> Iterator[Measured]:
    """Yield in how many experiments, and pairs, chi-square at 1 % finds a pattern."""
    numbers = [_numbers(f"experiment-{at}", "variant") for at in range(EXPERIMENTS)]
    buckets = [np.bincount((one * BUCKETS).astype(int)) for one in numbers]
    uneven = [scipy_stats.chisquare(one).pvalue < 0.01 for one in buckets]
    yield _counted("experiments that are not uniform at 1 %", uneven)
    joined = [_independent(one, other) < 0.01 for one, other in pairwise(numbers)]
    yield _counted("pairs of experiments that are not independent at 1 %", joined)
    shares = [_numbers(f"experiment-{at}", "share") for at in range(EXPERIMENTS)]
    within = [
        _independent(one, other) < 0.01
        for one, other in zip(numbers, shares, strict=True)
    ]
    yield _counted("experiments whose share and arm are not independent at 1 %", within)


def _numbers(seed: str, question: str) -> Array:
    """Return the numbers of all units."""
    return np.array([number(seed, question, f"unit-{at}") for at in range(UNITS)])


def _independent(one: Array, other: Array) -> float:
    """Return the p-value of two experiments with four arms each being independent."""
    cells = (one * 4).astype(int) * 4 + (other * 4).astype(int)
    table = np.bincount(cells, minlength=16).reshape(4, 4)
    return float(scipy_stats.chi2_contingency(table).pvalue)


def _counted(what: str, found: list[bool]) -> Measured:
    """Return the share of what was found."""
    return Measured(what, float(np.mean(found)), len(found), most=0.01)
