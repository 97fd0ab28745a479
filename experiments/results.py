"""What an experiment shows, as a document.

It stands on numpy and scipy, which take half a second to load: whoever needs it imports
it then.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from . import selectors
from .engine.analysis import Measured, Report, analyse, by_segment
from .engine.deciding import Verdict
from .engine.design import Design, read
from .engine.figures import Figures
from .models import Experiment, Population
from .texts import AT_END, DAYS_LEFT, SENTENCES


def report_of(
    row: Experiment, *, phase: int, population: Population
) -> tuple[Design, Figures, Report]:
    """Return what a phase shows of a population: design, figures, report."""
    design = _design_of(row, phase)
    figures = selectors.figures(
        organization_id=row.organization_id,
        experiment_id=row.id,
        phase=phase,
        population=population,
    )
    return design, figures, analyse(design, figures)


def results_document(
    row: Experiment, *, phase: int | None = None, population: str = Population.PEOPLE
) -> dict[str, Any]:
    """Return all that an experiment shows, with what it was computed from."""
    number = phase or row.phase
    design, figures, report = report_of(
        row, phase=number, population=Population(population)
    )
    newest = selectors.figures_by_segment(
        organization_id=row.organization_id, experiment_id=row.id, phase=number
    )
    return {
        "experiment": row.name,
        "state": row.state,
        "phase": number,
        "population": population,
        "counted_until": row.counted_until,
        "ruleset": row.ruleset,
        "verdict": {**asdict(report.verdict), "sentence": sentence(report.verdict)},
        "information": report.information,
        "units_per_day": report.units_per_day,
        "days": [date.fromordinal(day) for day in figures.days],
        "health": asdict(report.health),
        "metrics": [_metric(design, one) for one in report.metrics],
        "segments": [asdict(one) for one in by_segment(design, newest)],
    }


def _design_of(row: Experiment, phase: int) -> Design:
    """Return the arms and weights of a phase, with the metrics of today."""
    phases = selectors.phases(organization_id=row.organization_id, experiment_id=row.id)
    stored: Mapping[str, Any] = next(
        (one.design for one in phases if one.number == phase), row.design
    )
    return read({**row.design, "variants": stored["variants"]})


def _metric(design: Design, measured: Measured) -> dict[str, Any]:
    """Return one metric."""
    metric = measured.metric
    names = [one.name for one in design.variants]
    values = measured.values or (None,) * len(names)
    return {
        "name": metric.name,
        "kind": metric.kind,
        "role": metric.role,
        "better": metric.better,
        "margin": metric.margin or None,
        "information": measured.information,
        "detectable_lift": measured.detectable,
        "arms": [
            {"variant": name, "value": value, **asdict(figure)}
            for name, value, figure in zip(names, values, measured.figures, strict=True)
        ],
        "effects": [asdict(one) for one in measured.outcomes],
    }


def sentence(verdict: Verdict) -> str:
    """Return what to do as a sentence, in the reader's language."""
    said = SENTENCES[verdict.rule]
    if verdict.rule == "guardrail_unproven" and verdict.advice == "no_difference":
        said = AT_END
    told = str(said) % {"variant": verdict.variant, "metric": verdict.metric}
    if verdict.advice == "keep_running" and verdict.days_left:
        left = str(DAYS_LEFT) % {"days": verdict.days_left}
        return f"{told} {left}"
    return told
