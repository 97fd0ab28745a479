"""An experiment's page: what to do, whether to believe it, and all that it rests on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from django.utils.formats import date_format

from common.formats import DASH, likelihood, number, percent

from .. import selectors
from ..engine.analysis import (
    Bounds,
    Health,
    Measured,
    Outcome,
    Segment,
    by_segment,
)
from ..engine.figures import Figures
from ..models import Experiment, Population
from ..pictures import Course, ForestRow, course, exposures, forest, ratio
from ..results import report_of, sentence
from ..texts import ADVICE, ALARMS, BEARABLE, REASONS, ROLES, STANDS

TONES: Final = {
    "ship": "human",
    "roll_back": "bot",
    "broken": "bot",
    "keep_running": "suspicious",
    "no_difference": "undecided",
    "not_started": "undecided",
}
# A p-value below this is told as "less than".
LEAST_P: Final = 0.0001


@dataclass(frozen=True, slots=True)
class Effect:
    """A line of the table of effects."""

    metric: str
    role: str
    variant: str
    control: str
    value: str
    lift: str
    interval: str
    p: str
    chance: str
    stand: str
    tone: str
    why: str
    drawn: ForestRow


@dataclass(frozen=True, slots=True)
class Shown:
    """A goal's course over the days, as a picture and as a table."""

    title: str
    picture: Course | None
    rows: Sequence[tuple[str, str, str]]


def context_of_page(row: Experiment, request: HttpRequest) -> dict[str, Any]:
    """Return what the template shows."""
    population = Population.ALL if "all" in request.GET else Population.PEOPLE
    phase = row.phase or 1
    design, figures, report = report_of(row, phase=phase, population=population)
    variants = [one.name for one in design.variants]
    days = [_day(one) for one in figures.days]
    drawn = forest(report)
    pairs = [(one, outcome) for one in report.metrics for outcome in one.outcomes]
    newest = selectors.figures_by_segment(
        organization_id=row.organization_id, experiment_id=row.id, phase=phase
    )
    return {
        "row": row,
        "design": design,
        "report": report,
        "population": population,
        "advice": ADVICE[report.verdict.advice],
        "tone": TONES[report.verdict.advice],
        "sentence": sentence(report.verdict),
        "information": percent(report.information),
        "pace": number(report.units_per_day, 0),
        "arms": _arms(variants, report),
        "warnings": [ALARMS[o] for o in report.health.alarms + report.health.warnings],
        "ratio_p": p_value(report.health.ratio_p),
        "ratio_now": p_value((report.health.ratio_over_time or (1.0,))[-1]),
        "ratio_line": ratio(report.health),
        "most": percent(drawn.most),
        "effects": [
            effect(one, outcome, row_drawn)
            for (one, outcome), row_drawn in zip(pairs, drawn.rows, strict=True)
        ],
        "funnels": [
            _funnel(one, variants) for one in report.metrics if not one.outcomes
        ],
        "courses": _courses(report.metrics, days),
        "exposures": exposures(figures, variants, design.planned_units),
        "days": days,
        "units_by_day": _units_by_day(days, figures, variants, report.health),
        "brings": [(one, _as_text(one.payload)) for one in design.variants],
        "segments": [_segment(one) for one in by_segment(design, newest)],
        "detectable": [
            (one.metric.name, percent(one.detectable))
            for one in report.metrics
            if one.metric.role == "goal"
        ],
        "phases": selectors.phases(
            organization_id=row.organization_id, experiment_id=row.id
        ),
    }


def effect(measured: Measured, outcome: Outcome, drawn: ForestRow) -> Effect:
    """Return one treatment's effect in words."""
    metric = measured.metric
    names = BEARABLE if metric.role == "guardrail" else STANDS
    at = next(
        place
        for place, other in enumerate(measured.outcomes, 1)
        if other.variant == outcome.variant
    )
    is_share = metric.kind == "proportion"
    shown = percent if is_share else _plain
    why = outcome.why or outcome.why_lift
    return Effect(
        metric=metric.name,
        role=str(ROLES[metric.role]),
        variant=outcome.variant,
        control=shown(measured.values[0]),
        value=shown(measured.values[at]),
        lift=percent(outcome.lift.point),
        interval=interval(outcome.lift),
        p=p_value(outcome.p_adjusted if outcome.p_adjusted is not None else outcome.p),
        chance=likelihood(outcome.chance),
        stand=str(names[outcome.stand]),
        tone={"better": "human", "worse": "bot"}.get(outcome.stand, "undecided"),
        why=str(REASONS[why]) if why else "",
        drawn=drawn,
    )


def interval(bounds: Bounds) -> str:
    """Return an interval, from its lower to its upper end."""
    if bounds.low is None or bounds.high is None:
        return DASH
    return f"{percent(bounds.low)} … {percent(bounds.high)}"


def p_value(p: float | None) -> str:
    """Return a p-value; never 0, which no sample can show."""
    if p is None:
        return DASH
    return f"< {number(LEAST_P, 4)}" if p < LEAST_P else number(p, 4)


def _plain(value: float | None) -> str:
    return number(value, 3)


def _day(ordinal: int) -> str:
    return date_format(date.fromordinal(ordinal), "SHORT_DATE_FORMAT")


def _arms(variants: Sequence[str], report: Any) -> list[dict[str, str]]:
    """Return each arm's units: as they are, as they should be, and who is left out."""
    health = report.health
    return [
        {
            "name": name,
            "units": number(health.units[at]),
            "expected": number(health.expected[at], 0),
            "in_several": number(health.in_several[at]),
            "bots": number(health.bots[at]),
        }
        for at, name in enumerate(variants)
    ]


def _as_text(payload: Mapping[str, Any]) -> str:
    """Return what a variant brings along, as JSON writes it; nothing for nothing."""
    return json.dumps(payload, ensure_ascii=False) if payload else ""


def _units_by_day(
    days: Sequence[str], figures: Figures, variants: Sequence[str], health: Health
) -> list[tuple[str, list[str], str]]:
    """Return each day's units by arm, and how likely their shares are by chance."""
    rows = figures.of("", variants)
    return [
        (day, [number(one.n) for one in row], p_value(p))
        for day, row, p in zip(days, rows, health.ratio_over_time, strict=True)
    ]


def _funnel(measured: Measured, variants: Sequence[str]) -> dict[str, Any]:
    """Return how many units of each arm reached each step."""
    rows = []
    for at, name in enumerate(variants):
        figure = measured.figures[at]
        reached = figure.extra.get("steps") or [0] * len(measured.metric.steps)
        shares = [percent(one / figure.n if figure.n else None) for one in reached]
        rows.append({"name": name, "units": number(figure.n), "shares": shares})
    return {"name": measured.metric.name, "steps": measured.metric.steps, "rows": rows}


def _courses(metrics: Sequence[Measured], days: Sequence[str]) -> list[Shown]:
    """Return each goal's effect over the days."""
    return [
        Shown(
            title=f"{one.metric.name}: {outcome.variant}",
            picture=course(outcome.series),
            rows=[
                (day, _difference(one, bounds.point), _between(one, bounds))
                for day, bounds in zip(days, outcome.series, strict=True)
            ],
        )
        for one in metrics
        if one.metric.role == "goal"
        for outcome in one.outcomes
    ]


def _difference(measured: Measured, value: float | None) -> str:
    if measured.metric.kind == "proportion":
        return percent(value)
    return number(value, 3)


def _between(measured: Measured, bounds: Bounds) -> str:
    if bounds.low is None or bounds.high is None:
        return DASH
    low, high = (_difference(measured, one) for one in (bounds.low, bounds.high))
    return f"{low} … {high}"


def _segment(segment: Segment) -> dict[str, str]:
    """Return a segment's effect in words."""
    return {
        "name": segment.name,
        "metric": segment.metric,
        "variant": segment.variant,
        "units": number(segment.units),
        "lift": percent(segment.lift.point),
        "interval": interval(segment.lift),
        "p": p_value(segment.p_adjusted),
        "why": str(REASONS[segment.why]) if segment.why else "",
    }
