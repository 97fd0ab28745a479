"""Keeping the figures: adding what ends, and counting everything again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from common.ids import day_of, first_id_of
from detection.facade import DetectionResult, batch_times_of, final_results_of

from ..engine.tally import Finished, figures_of
from ..models import Session, Tally

# Advisory locks are numbers; this one is ours for figures.
LOCK: Final = 0x62_66_74_61
# As many sessions are read at once when counting again.
CHUNK: Final = 500

_ADD: Final = """
INSERT INTO sessions_app_tally
  (organization_id, survey_id, day, status, verdict, figure, number)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (survey_id, day, status, verdict, figure)
DO UPDATE SET number = sessions_app_tally.number + excluded.number
"""


class Cell(NamedTuple):
    """Which sessions a figure is of."""

    organization_id: UUID
    survey_id: UUID
    day: date
    status: str
    verdict: str


class Difference(NamedTuple):
    """A figure that is not what the sessions say."""

    cell: Cell
    figure: str
    stored: int
    counted: int


Counted = Mapping[tuple[Cell, str], int]


def add_session(session: Session, result: DetectionResult) -> None:
    """Add a session that became final. Call it last: it holds rows that many want."""
    _add(_counted([(session, result)]), sign=1)


def take_session(session: Session, result: DetectionResult) -> None:
    """Take a session out again, as it was added: before it is judged anew or erased."""
    _add(_counted([(session, result)]), sign=-1)


@transaction.atomic(savepoint=False)
def _add(counted: Counted, *, sign: int) -> None:
    _wait_for_counting()
    alike = Tally._meta  # noqa: SLF001 - documented
    prepared = [
        [
            alike.get_field(name).get_db_prep_save(value, connection)  # type: ignore[union-attr] # columns have it
            for name, value in zip(
                _COLUMNS, (*cell, figure, sign * number), strict=True
            )
        ]
        # In one order everywhere, or two that add at once wait for each other.
        for (cell, figure), number in sorted(counted.items())
        if number
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, prepared)


_COLUMNS: Final = (
    "organization",
    "survey",
    "day",
    "status",
    "verdict",
    "figure",
    "number",
)


def rebuild(*, organization_id: UUID) -> Iterator[date]:
    """Count an organization's sessions again, day by day; yield each day when done.

    Sessions may go on ending: who adds waits while a day is counted, and what was not
    committed before the count adds itself afterwards. The figures of a day stay as they
    are if results of it are gone: they are all that is left.
    """
    for day in days_of(organization_id=organization_id):
        with transaction.atomic():
            _stop_adding()
            counted = _count(organization_id, day)
            if counted is not None:
                _rows(organization_id, day).delete()
                _insert(counted)
        yield day


def differences(*, organization_id: UUID) -> Iterator[tuple[date, list[Difference]]]:
    """Compare the figures with the sessions, day by day."""
    for day in days_of(organization_id=organization_id):
        with transaction.atomic():
            _stop_adding()
            stored = _stored(organization_id, day)
            counted = _count(organization_id, day)
        if counted is None:
            yield day, []
            continue
        names = sorted({*stored, *counted})
        found = [
            Difference(*name, stored.get(name, 0), counted.get(name, 0))
            for name in names
        ]
        yield day, [one for one in found if one.stored != one.counted]


def days_of(*, organization_id: UUID) -> Sequence[date]:
    """Return the days from an organization's first session or figure to the last."""
    sessions = Session.objects.filter(organization_id=organization_id).order_by("id")
    ends = [sessions.values_list("id", flat=True).first()]
    ends.append(sessions.values_list("id", flat=True).last())
    days = [day_of(one) for one in ends if one is not None]
    tallies = Tally.objects.filter(organization_id=organization_id).order_by("day")
    kept = [row.day for row in (tallies.first(), tallies.last()) if row is not None]
    if not (days := days + kept):
        return []
    first, last = min(days), max(days)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _count(organization_id: UUID, day: date) -> Counted | None:
    """Count the finished sessions of a day; None if results are past retention."""
    sessions = Session.objects.filter(
        organization_id=organization_id,
        id__gte=first_id_of(day),
        id__lt=first_id_of(day + timedelta(days=1)),
        is_final=True,
    ).defer("state", "metadata")
    total: Counter[tuple[Cell, str]] = Counter()
    for chunk in _chunks(sessions.order_by("id")):
        results = final_results_of(
            organization_id=organization_id, session_ids=[one.id for one in chunk]
        )
        if any(one.id not in results for one in chunk):
            return None
        total.update(_counted([(one, results[one.id]) for one in chunk]))
    return {name: number for name, number in total.items() if number}


def _chunks(sessions: QuerySet[Session]) -> Iterator[list[Session]]:
    last: UUID | None = None
    while chunk := list(
        (sessions if last is None else sessions.filter(id__gt=last))[:CHUNK]
    ):
        yield chunk
        last = chunk[-1].id


def _counted(pairs: Sequence[tuple[Session, DetectionResult]]) -> Counted:
    """Return what sessions and their final results amount to."""
    if not pairs:
        return {}
    times = batch_times_of(
        organization_id=pairs[0][0].organization_id,
        session_ids=[session.id for session, _result in pairs],
    )
    total: Counter[tuple[Cell, str]] = Counter()
    for session, result in pairs:
        cell = Cell(
            session.organization_id,
            session.survey_id,
            day_of(session.id),
            session.status,
            result.verdict,
        )
        finished = Finished(
            session.event_count,
            session.batch_count,
            [code for code, *_rest in result.fired],
            times.get(session.id, ()),
        )
        for figure, number in figures_of(finished).items():
            total[cell, figure] += number
    return total


def _rows(organization_id: UUID, day: date) -> QuerySet[Tally]:
    return Tally.objects.filter(organization_id=organization_id, day=day)


def _stored(organization_id: UUID, day: date) -> Counted:
    names = ("organization_id", "survey_id", "day", "status", "verdict")
    rows = _rows(organization_id, day).values_list(*names, "figure", "number")
    return {(Cell(*cell), figure): number for *cell, figure, number in rows if number}


def _insert(counted: Counted) -> None:
    rows: Iterable[Tally] = (
        Tally(**cell._asdict(), figure=figure, number=number)
        for (cell, figure), number in counted.items()
    )
    Tally.objects.bulk_create(rows, batch_size=CHUNK)


def _wait_for_counting() -> None:
    """Add nothing while a day is counted; SQLite has one writer at a time anyway."""
    _lock("pg_advisory_xact_lock_shared")


def _stop_adding() -> None:
    """Let nobody add until the end of this transaction."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LOCK])
