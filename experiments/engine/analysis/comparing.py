"""A metric's treatments against its control, on every day at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import statistics as stats
from ..design import Metric
from ..figures import Figure, Figures
from ..statistics import Array, Contrast, Estimate, Moments


@dataclass(frozen=True, slots=True)
class Compared:
    """A metric: each arm's value, and each treatment against the control.

    Attributes
    ----------
    values
        Of all arms, control first, shape `(days, arms)`.
    contrast
        Shape `(days, treatments)`.
    """

    metric: Metric
    values: Estimate
    contrast: Contrast


def compare(metric: Metric, rows: Sequence[Sequence[Figure]]) -> Compared:
    """Return a metric's comparison; `rows` has a day in each row, control first."""
    if metric.kind == "quantile":
        return _with(metric, _quantiles(metric, rows))
    moments = _moments_of(rows, pairs=_uses_pairs(metric))
    if metric.kind == "proportion":
        done = moments.n * moments.mean[..., 0]
        return _with(metric, stats.proportion(moments.n, done))
    if metric.kind == "ratio":
        return _with(metric, stats.ratio(moments))
    values = stats.mean(moments)
    if not metric.covariate:
        return _with(metric, values)
    control, treatment = _split(moments)
    return Compared(metric, values, stats.adjusted_contrast(control, treatment))


def _with(metric: Metric, values: Estimate) -> Compared:
    """Compare independent values."""
    control = Estimate(*(getattr(values, f)[:, :1] for f in _FIELDS))
    treatment = Estimate(*(getattr(values, f)[:, 1:] for f in _FIELDS))
    return Compared(metric, values, stats.contrast(control, treatment))


_FIELDS = ("n", "point", "variance", "why")


def _split(moments: Moments) -> tuple[Moments, Moments]:
    """Return control and treatments."""
    return (
        Moments(moments.n[:, :1], moments.mean[:, :1], moments.comoment[:, :1]),
        Moments(moments.n[:, 1:], moments.mean[:, 1:], moments.comoment[:, 1:]),
    )


def _quantiles(metric: Metric, rows: Sequence[Sequence[Figure]]) -> Estimate:
    """Return quantiles with the bounds that were counted."""

    def column(name: str) -> Array:
        return np.array(
            [
                [(f.extra.get("quantile") or {}).get(name, 0.0) for f in row]
                for row in rows
            ]
        )

    n = column("n")
    return stats.quantile(
        n,
        n,
        metric.level,
        point=column("point"),
        low=column("low"),
        high=column("high"),
    )


def units_of(figures: Figures, variants: Sequence[str]) -> Array:
    """Return how many units there were, shape `(days, variants)`."""
    found = [[one.n for one in row] for row in figures.of("", variants)]
    return np.array(found, dtype=float).reshape(len(figures.days), len(variants))


def _moments_of(rows: Sequence[Sequence[Figure]], *, pairs: bool) -> Moments:
    """Return figures as moments, of the value alone or with what stands beside it."""
    n = np.array([[one.n for one in row] for row in rows], dtype=float)
    means = np.array([[[one.mean, one.beside_mean] for one in row] for row in rows])
    squares = np.array(
        [
            [[[one.m2, one.cross], [one.cross, one.beside_m2]] for one in row]
            for row in rows
        ]
    )
    if pairs:
        return Moments(n, means, squares)
    return Moments(n, means[..., :1], squares[..., :1, :1])


def _uses_pairs(metric: Metric) -> bool:
    """Say whether a metric needs what stands beside its value."""
    return metric.kind == "ratio" or metric.covariate
