"""The pictures of an experiment's page, with places as text: SVG knows no comma.

Everything is drawn between 0 and 100 across and stretched by the page; beside each
picture stands a table with the same numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from .engine.analysis import Bounds, Health, Measured, Report
from .engine.figures import Figures

# The height of a line's picture; the page stretches it.
LINE_PX: Final = 140
# A lift beyond this is drawn at the edge: the table has the number.
WIDEST: Final = 2.0
LEAST_WIDE: Final = 0.01
# The smallest p-value that the picture of the ratio goes down to.
LEAST_P: Final = 1e-6


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One treatment in one metric: wings that hold however often one looked, a bar."""

    wings: tuple[str, str] | None
    bar: tuple[str, str] | None
    point: str | None
    tone: str
    margin: str | None


@dataclass(frozen=True, slots=True)
class Forest:
    """All effects on one axis, nothing in its middle."""

    rows: Sequence[ForestRow]
    most: float


@dataclass(frozen=True, slots=True)
class Course:
    """A line over the days, with a band around it, and where nothing lies."""

    line: str
    band: str
    zero: str
    most: float
    least: float


def forest(report: Report) -> Forest:
    """Return the picture of all lifts."""
    found = [(one, outcome) for one in report.metrics for outcome in one.outcomes]
    ends = [
        abs(end)
        for _one, outcome in found
        for end in (outcome.lift.low, outcome.lift.high, outcome.lift.point)
        if end is not None
    ]
    most = min(max([*ends, LEAST_WIDE]), WIDEST)
    rows = [
        ForestRow(
            wings=_span(outcome.lift, most),
            bar=_span(outcome.lift_once, most),
            point=_place(outcome.lift.point, most),
            tone={"better": "human", "worse": "bot"}.get(outcome.stand, "undecided"),
            margin=_margin(one, most),
        )
        for one, outcome in found
    ]
    return Forest(rows=rows, most=most)


def course(series: Sequence[Bounds]) -> Course | None:
    """Return the picture of an effect over the days; None without any."""
    known = [
        (at, one)
        for at, one in enumerate(series)
        if None not in (one.point, one.low, one.high)
    ]
    if not known:
        return None
    points = [(at, one.point or 0.0) for at, one in known]
    # The first days' bands are as wide as the world: the picture is of the others.
    shown = [one for _at, one in known[len(known) // 4 :]]
    lows = [one.low or 0.0 for one in shown]
    highs = [one.high or 0.0 for one in shown]
    least, most = min([0.0, *lows]), max([0.0, *highs])
    last = max(len(series) - 1, 1)

    def place(at: int, value: float) -> tuple[float, float]:
        inside = min(max(value, least), most)
        down = LINE_PX * (most - inside) / ((most - least) or 1.0)
        return 100 * at / last, down

    upper = [place(at, one.high or 0.0) for at, one in known]
    lower = [place(at, one.low or 0.0) for at, one in known]
    return Course(
        line=_path(place(at, value) for at, value in points),
        band=_path([*upper, *reversed(lower)]) + "Z",
        zero=f"{place(0, 0.0)[1]:.2f}",
        most=most,
        least=least,
    )


def exposures(figures: Figures, variants: Sequence[str], planned: int) -> list[str]:
    """Return a line for each arm: its units over the days, against its plan."""
    rows = figures.of("", variants)
    most = max([one.n for row in rows for one in row] + [planned / len(variants), 1.0])
    last = max(len(rows) - 1, 1)
    return [
        _path(
            (100 * day / last, LINE_PX * (1 - row[at].n / most))
            for day, row in enumerate(rows)
        )
        for at in range(len(variants))
    ]


def ratio(health: Health) -> str:
    """Return the line of the ratio's p-value over the days, on a scale of tens."""
    last = max(len(health.ratio_over_time) - 1, 1)
    return _path(
        (100 * day / last, LINE_PX * log10(max(p, LEAST_P)) / log10(LEAST_P))
        for day, p in enumerate(health.ratio_over_time)
    )


def _margin(measured: Measured, most: float) -> str | None:
    """Return where a guardrail's margin lies."""
    metric = measured.metric
    if metric.role != "guardrail":
        return None
    return _place(metric.margin if metric.better == "lower" else -metric.margin, most)


def _span(bounds: Bounds, most: float) -> tuple[str, str] | None:
    """Return where an interval begins, and how wide it is."""
    if bounds.low is None or bounds.high is None:
        return None
    left, right = (_percent(one, most) for one in (bounds.low, bounds.high))
    return f"{left:.2f}", f"{max(right - left, 0.3):.2f}"


def _place(value: float | None, most: float) -> str | None:
    return None if value is None else f"{_percent(value, most):.2f}"


def _percent(value: float, most: float) -> float:
    """Return where a lift lies between the two ends."""
    return 50 + 50 * min(max(value / most, -1.0), 1.0)


def _path(points: Iterable[tuple[float, float]]) -> str:
    """Return a line through points."""
    return "".join(
        f"{'L' if at else 'M'}{x:.2f} {y:.2f}" for at, (x, y) in enumerate(points)
    )
