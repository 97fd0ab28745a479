"""What looking on each of 28 days does, and alarms about the ratio of units."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from experiments.engine import statistics as stats
from experiments.engine.analysis.looking import look
from experiments.engine.design import Design, LookingAs, Variant
from experiments.engine.statistics import Array

from .measured import Measured

DAYS = 28
A_DAY = 250
BASE = 0.10
ALPHA = 0.05
WAYS: tuple[LookingAs, ...] = ("group_sequential", "always_valid")


def false_positives(replicates: int, seed: int) -> Iterator[Measured]:
    """Yield how often an effect of nothing is found; and what a plain test would do."""
    random = np.random.default_rng(seed)
    contrast, units = _grown(random, replicates, A_DAY, BASE, BASE)
    for way in WAYS:
        share = _found(way, contrast, units)
        what = f"A/A, looked at daily, {way}: false positives"
        yield Measured(what, share, replicates, most=ALPHA)
    z = np.abs(contrast.difference) / np.sqrt(contrast.variance)
    plain = np.abs(z) >= stats.fixed(contrast.dof, ALPHA)
    yield Measured(
        "A/A, looked at daily, as if once", float(plain.any(axis=0).mean()), replicates
    )
    yield Measured("A/A, looked at once", float(plain[-1].mean()), replicates)


def power(replicates: int, seed: int) -> Iterator[Measured]:
    """Yield how often a planned effect is found by the end of its plan."""
    random = np.random.default_rng(seed + 1)
    for way in WAYS:
        for lift, wanted in ((0.1, 0.8), (0.2, 0.9)):
            base = stats.Plan(stats.Baseline(BASE), ALPHA, looks=DAYS)
            plan = replace(base, looking=stats.Looking(way))
            a_day = round(stats.units_for(plan, lift, wanted) / DAYS)
            contrast, units = _grown(random, replicates, a_day, BASE, BASE * (1 + lift))
            share = _found(way, contrast, units)
            yield Measured(
                f"+{lift:.0%}, planned for {wanted:.0%}, {way}: found",
                share,
                replicates,
                wanted - 0.02,
                wanted + 0.02,
            )


def ratio_alarms(replicates: int, seed: int) -> Iterator[Measured]:
    """Yield how often the ratio of units alarms on any of 28 days."""
    random = np.random.default_rng(seed + 2)
    total = 50_000
    for share, least, most in ((0.5, None, 0.001), (0.52, 0.99, None)):
        first = random.binomial(total // DAYS, share, (replicates, DAYS))
        counts = np.cumsum(np.stack([first, total // DAYS - first], axis=-1), axis=1)
        p = stats.sequential(counts, [1, 1])
        alarmed = float((p[:, -1] < stats.ALARM_BELOW).mean())
        what = f"ratio of units, {share:.0%} of {total:,}, daily: alarm"
        yield Measured(what, alarmed, replicates, least, most)


def _grown(
    random: np.random.Generator,
    replicates: int,
    a_day: int,
    control: float,
    treatment: float,
) -> tuple[stats.Contrast, Array]:
    """Return contrasts, shape `(days, replicates)`, and the units of each day."""
    n = a_day * np.arange(1, DAYS + 1, dtype=float)
    done = [
        np.cumsum(random.binomial(a_day, share, (DAYS, replicates)), axis=0)
        for share in (control, treatment)
    ]
    arms = [stats.proportion(n[:, None], one) for one in done]
    return stats.contrast(*arms), 2 * n


def _found(way: LookingAs, contrast: stats.Contrast, units: Array) -> float:
    """Return in which share of replicates any look that counts finds an effect."""
    design = Design(
        variants=(Variant("control"), Variant("treatment")),
        looking=way,
        planned_units=round(units[-1]),
    )
    looked = look(design, contrast, units, ALPHA)
    z = np.abs(contrast.difference) / np.sqrt(contrast.variance)
    return float(((z >= looked.critical) & looked.decides).any(axis=0).mean())
