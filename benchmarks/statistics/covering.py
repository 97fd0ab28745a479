"""How often the interval of a lift holds the truth."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from experiments.engine import statistics as stats

from .measured import Measured

LEAST: Final = 0.935
MOST: Final = 0.975
SIZES: Final = (50, 200, 5000)
# Completion, a common event, and frauds.
SHARES: Final = ((0.6, 0.66), (0.10, 0.10), (0.04, 0.026))
# Fewer expected events than this are tested exactly, and have no lift to speak of.
FEW: Final = 5


def coverage(replicates: int, seed: int) -> Iterator[Measured]:
    """Yield the coverage of lifts of shares and of means, and of others' method."""
    random = np.random.default_rng(seed + 3)
    for n in SIZES:
        for control, treatment in SHARES:
            if n * min(control, treatment) < FEW:
                continue
            arms = [
                stats.proportion(float(n), random.binomial(n, share, replicates))
                for share in (control, treatment)
            ]
            what = f"lift of {control:.1%} to {treatment:.1%}, n = {n}"
            truth = treatment / control - 1
            yield from _covered(what, stats.contrast(*arms), truth)
        values = random.lognormal(0, 1, (2, replicates, min(n, 1000)))
        moments = [_moments(one) for one in (values[0], values[1] * 1.2)]
        contrast = stats.contrast(*(stats.mean(one) for one in moments))
        what = f"lift of a skewed mean, n = {values.shape[2]}"
        yield from _covered(what, contrast, 0.2)


def _covered(what: str, contrast: stats.Contrast, truth: float) -> Iterator[Measured]:
    """Yield how often the interval holds the truth; of others' only to compare."""
    critical = stats.fixed(np.nan_to_num(contrast.dof, nan=1.0), 0.05)
    number = len(contrast.difference)
    for method in stats.Lift:
        effect = stats.lift(contrast, critical, method)
        holds = (effect.low <= truth) & (truth <= effect.high)
        # Without a bound everything is possible, the truth as well.
        holds |= effect.why == stats.Reason.UNBOUNDED
        share = float(holds.mean())
        limits = (LEAST, MOST) if method is stats.Lift.FIELLER else (None, None)
        yield Measured(f"{what}, {method}: coverage", share, number, *limits)


def _moments(values: stats.Array) -> stats.Moments:
    """Return the moments of each row."""
    mean = values.mean(axis=1)
    m2 = ((values - mean[:, None]) ** 2).sum(axis=1)
    n = np.full(len(values), float(values.shape[1]))
    return stats.Moments(n, mean[:, None], m2[:, None, None])
