"""The numbers of a day: what all units of each arm come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, sqrt
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from ..engine.design import Metric
from ..engine.figures import Figure
from ..models import ExperimentParticipation, LeftOut
from .dialect import id_of, is_postgresql, moment_of

# The bounds of a quantile are order statistics at 95 % (see engine.statistics).
_Z95: Final = 1.959963984540054


class Group(NamedTuple):
    """Units that are counted together."""

    phase: int
    variant: str
    left_out: str
    segment: str


def matured_before(metric: Metric | None, until: datetime) -> datetime:
    """Return the last first exposure whose window is over."""
    hours = metric.window_hours if metric else 0.0
    return until - timedelta(hours=hours)


def units(experiment_id: UUID, organization_id: UUID) -> QuerySet[Any]:
    """Return whoever can be in a result."""
    return ExperimentParticipation.objects.filter(
        organization_id=organization_id, experiment_id=experiment_id, saw_others=False
    ).exclude(left_out=LeftOut.FORCED)


def units_by_group(found: QuerySet[Any], before: datetime) -> Mapping[Group, int]:
    """Return how many units each group has whose first exposure was before a moment."""
    rows = (
        found.filter(first_at__lte=before)
        .values_list("phase", "variant", "left_out", "segment")
        .annotate(number=Count("id"))
    )
    return {Group(*row[:4]): row[4] for row in rows}


def left_out_by_variant(
    experiment_id: UUID, organization_id: UUID, until: datetime
) -> Mapping[tuple[int, str], dict[str, int]]:
    """Return how many units are not in the results, by phase and first variant."""
    rows = (
        ExperimentParticipation.objects.filter(
            organization_id=organization_id,
            experiment_id=experiment_id,
            first_at__lte=until,
        )
        .values_list("phase", "variant", "left_out", "saw_others")
        .annotate(number=Count("id"))
    )
    found: dict[tuple[int, str], dict[str, int]] = {}
    for phase, variant, left_out, saw_others, number in rows:
        why = "saw_others" if saw_others else left_out
        if why:
            told = found.setdefault((phase, variant), {})
            told[why] = told.get(why, 0) + number
    return found


# PostgreSQL's variance is Youngs and Cramer's, in one pass.
_ON_POSTGRESQL: Final = (
    " SELECT phase, variant, left_out, segment, count(*), avg(v),"
    " var_pop(v) * count(*), avg(b), var_pop(b) * count(*), covar_pop(v, b) * count(*)"
    " FROM one GROUP BY phase, variant, left_out, segment"
)
# SQLite has none that is fast: means first, then what deviates from them.
_ON_SQLITE: Final = (
    ", middle AS (SELECT phase, variant, left_out, segment, count(*) AS n,"
    " avg(v) AS mv, avg(b) AS mb FROM one GROUP BY phase, variant, left_out, segment)"
    " SELECT phase, variant, left_out, segment, n, mv, sum((v - mv) * (v - mv)), mb,"
    " sum((b - mb) * (b - mb)), sum((v - mv) * (b - mb)) FROM one JOIN middle"
    " USING (phase, variant, left_out, segment)"
    " GROUP BY phase, variant, left_out, segment, n, mv, mb"
)
_SOURCE: Final = (
    "FROM experiments_experimentunitvalue u JOIN experiments_experimentparticipation p"
    " ON p.id = u.participation_id WHERE u.organization_id = %s"
    " AND u.experiment_id = %s AND u.metric = %s AND p.saw_others = %s"
    " AND p.left_out <> %s AND p.first_at <= %s"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Which values are counted: a metric's, of units exposed before a moment."""

    organization_id: UUID
    experiment_id: UUID
    metric: str
    before: datetime

    @property
    def params(self) -> list[Any]:
        """Return what the source asks for, in its order."""
        return [
            id_of(self.organization_id),
            id_of(self.experiment_id),
            self.metric,
            False,
            LeftOut.FORCED.value,
            moment_of(self.before),
        ]


def sums_by_group(counted: Counted, cap: float | None) -> Mapping[Group, Figure]:
    """Return the moments of units with a value; all others are noughts."""
    at_most = "CASE WHEN u.value > %s THEN %s ELSE u.value END"
    value = "u.value" if cap is None else at_most
    one = (
        "WITH one AS (SELECT p.phase AS phase, p.variant AS variant, p.left_out AS"
        f" left_out, p.segment AS segment, {value} AS v, u.beside AS b {_SOURCE})"
    )
    capped = [] if cap is None else [cap, cap]
    rows = _rows(
        one + (_ON_POSTGRESQL if is_postgresql() else _ON_SQLITE),
        [*capped, *counted.params],
    )
    return {Group(*row[:4]): Figure(*row[4:]) for row in rows}


def cap_of(counted: Counted, percentile: float, unit_count: int) -> float | None:
    """Return the value at a percentile of all units of all arms; None if it is nothing.

    Pooled: a cap of each arm's own would take away what an arm does.
    """
    noughts = unit_count - _number_of_values(counted)
    place = ceil(percentile * unit_count) - noughts - 1
    if place < 0:
        return None
    found = _rows(
        f"SELECT u.value {_SOURCE} ORDER BY u.value LIMIT 1 OFFSET %s",
        [*counted.params, place],
    )
    return float(found[0][0]) if found and found[0][0] > 0 else None


def quantile_of(
    counted: Counted, level: float, phase: int, variant: str
) -> dict[str, float] | None:
    """Return an arm's quantile of values and its 95 % bounds; None without values."""
    arm = f"{_SOURCE} AND p.phase = %s AND p.variant = %s AND p.left_out = %s"
    params = [*counted.params, phase, variant, LeftOut.NOT.value]
    n = int(_rows(f"SELECT count(*) {arm}", params)[0][0])
    if not n:
        return None
    away = _Z95 * sqrt(n * level * (1 - level))
    places = {
        "point": ceil(n * level) - 1,
        "low": floor(n * level - away),
        "high": ceil(n * level + away),
    }
    found = {"n": float(n)}
    for name, place in places.items():
        row = _rows(
            f"SELECT u.value {arm} ORDER BY u.value LIMIT 1 OFFSET %s",
            [*params, min(max(place, 0), n - 1)],
        )
        found[name] = float(row[0][0])
    return found


def steps_of(counted: Counted, steps: int) -> Mapping[tuple[int, str], list[int]]:
    """Return how many units of each arm reached each step of a funnel."""
    reached = ", ".join(
        f"sum(CASE WHEN u.value >= {step} THEN 1 ELSE 0 END)"
        for step in range(1, steps + 1)
    )
    rows = _rows(
        f"SELECT p.phase, p.variant, {reached} {_SOURCE} AND p.left_out = %s"
        " GROUP BY p.phase, p.variant",
        [*counted.params, LeftOut.NOT.value],
    )
    return {(row[0], row[1]): [int(one) for one in row[2:]] for row in rows}


def _number_of_values(counted: Counted) -> int:
    return int(_rows(f"SELECT count(*) {_SOURCE}", counted.params)[0][0])


def _rows(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
