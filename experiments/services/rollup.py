"""What units' events come to, in one statement for all metrics of an experiment.

The same text runs on both databases. A unit is computed from all of its events, not
from what is new: doing it again gives the same, and an event that came late is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from ..engine.design import Design, Metric
from .dialect import (
    id_of,
    materialized,
    moment_of,
    seconds_between,
    uuid_placeholder,
)

_PARTS: Final = "experiments_experimentparticipation"
_EVENTS: Final = "experiments_experimentevent"
_VALUES: Final = "experiments_experimentunitvalue"


@dataclass(frozen=True, slots=True)
class Span:
    """From when on things are new, None for the beginning, and until when."""

    since: datetime | None
    until: datetime


class _Sql:
    """Text and its parameters, in their order."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.params: list[Any] = []

    def add(self, text: str, *params: Any) -> None:
        """Append a piece."""
        self.text.append(text)
        self.params.extend(params)

    def run(self) -> int:
        """Run it; return how many rows it wrote."""
        with connection.cursor() as cursor:
            cursor.execute(" ".join(self.text), self.params)
            return int(cursor.rowcount)


def roll_up(
    *, organization_id: UUID, experiment_id: UUID, design: Design, span: Span
) -> int:
    """Compute the values of all units that came or did something; return how many."""
    metrics = design.metrics
    if not metrics:
        return 0
    sql = _Sql()
    sql.add(
        f"INSERT INTO {_VALUES} (organization_id, experiment_id, participation_id,"
        f" metric, value, beside) WITH unit {materialized()} (SELECT p.id AS id"
    )
    for at, metric in enumerate(metrics):
        _add_columns(sql, at, metric)
    _add_source(sql, organization_id, experiment_id, metrics, span)
    sql.add(")")
    for at, metric in enumerate(metrics):
        sql.add("UNION ALL" if at else "")
        sql.add(
            f"SELECT {uuid_placeholder()}, {uuid_placeholder()}, id, %s, v{at}, b{at}",
            id_of(organization_id),
            id_of(experiment_id),
            metric.name,
        )
        # The condition also keeps SQLite from taking "ON" for a join's.
        sql.add(f"FROM unit WHERE c{at} > 0")
    sql.add(
        "ON CONFLICT (participation_id, metric) DO UPDATE SET value = excluded.value,"
        " beside = excluded.beside"
    )
    return sql.run()


def _add_columns(sql: _Sql, at: int, metric: Metric) -> None:
    """Add a metric's value (v), what stands beside it (b), and its events (c)."""
    inside, params = _inside(metric)
    if metric.kind == "funnel":
        _add_funnel(sql, at, metric, inside, params)
        return
    mine, own = f"e.name = %s AND {inside}", [metric.event, *params]
    value = "1.0" if metric.kind in {"proportion", "count"} else "e.value"
    outer = "max" if metric.kind == "proportion" else "sum"
    sql.add(f", {outer}(CASE WHEN {mine} THEN {value} ELSE 0.0 END) AS v{at}", *own)
    before = "e.name = %s AND e.at < p.first_at"
    if metric.kind == "ratio":
        beside, also = f"e.name = %s AND {inside}", [metric.per, *params]
        sql.add(f", sum(CASE WHEN {beside} THEN e.value ELSE 0.0 END) AS b{at}", *also)
        mine, own = f"({mine} OR {beside})", [*own, *also]
    elif metric.covariate:
        sql.add(
            f", sum(CASE WHEN {before} THEN {value} ELSE 0.0 END) AS b{at}",
            metric.event,
        )
        mine, own = f"({mine} OR {before})", [*own, metric.event]
    else:
        sql.add(f", 0.0 AS b{at}")
    sql.add(f", sum(CASE WHEN {mine} THEN 1 ELSE 0 END) AS c{at}", *own)


def _add_funnel(
    sql: _Sql, at: int, metric: Metric, inside: str, params: Sequence[Any]
) -> None:
    """Add how many steps were reached, each only with all before it."""
    reached = f"max(CASE WHEN e.name = %s AND {inside} THEN 1.0 ELSE 0.0 END)"
    terms, given = [], []
    for number in range(1, len(metric.steps) + 1):
        terms.append(" * ".join([reached] * number))
        for step in metric.steps[:number]:
            given += [step, *params]
    sql.add(f", {' + '.join(terms)} AS v{at}, 0.0 AS b{at}", *given)
    sql.add(f", {reached} AS c{at}", metric.steps[0], *params)


def _inside(metric: Metric) -> tuple[str, list[Any]]:
    """Return what holds of an event that counts: after exposure, within the window."""
    if not metric.window_hours:
        return "e.at >= p.first_at", []
    return (
        f"e.at >= p.first_at AND {seconds_between('e.at', 'p.first_at')} <= %s",
        [metric.window_hours * 3600],
    )


def _add_source(
    sql: _Sql,
    organization_id: UUID,
    experiment_id: UUID,
    metrics: Sequence[Metric],
    span: Span,
) -> None:
    """Add where it all comes from: units that are new, or whose events are."""
    names = sorted({n for m in metrics for n in (m.event, m.per, *m.steps) if n})
    whose = (id_of(organization_id), id_of(experiment_id))
    sql.add(
        f"FROM {_PARTS} p JOIN {_EVENTS} e ON e.experiment_id = p.experiment_id"
        " AND e.unit = p.unit WHERE p.organization_id = %s AND p.experiment_id = %s"
        " AND p.first_at <= %s AND e.received_at <= %s",
        *whose,
        moment_of(span.until),
        moment_of(span.until),
    )
    sql.add(f"AND e.name IN ({', '.join(['%s'] * len(names))})", *names)
    if span.since is not None:
        sql.add(
            "AND p.unit IN (SELECT unit FROM experiments_experimentevent"
            " WHERE organization_id = %s AND experiment_id = %s AND received_at > %s"
            " AND received_at <= %s UNION"
            " SELECT unit FROM experiments_experimentparticipation"
            " WHERE organization_id = %s AND experiment_id = %s AND first_at > %s"
            " AND first_at <= %s)",
            *(*whose, moment_of(span.since), moment_of(span.until)),
            *(*whose, moment_of(span.since), moment_of(span.until)),
        )
    sql.add("GROUP BY p.id")
