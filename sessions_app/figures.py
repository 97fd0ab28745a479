"""The overview's figures: what finished sessions added up to, and what is under way.

Finished sessions come from `Tally`, all others are counted as they stand. A session is
in one of the two at any moment, so the sum is exact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet, Sum

from common.ids import day_of, first_id_of

from .engine import tally
from .engine.shares import Change, change_of
from .models import Session, Survey, Tally

# More reasons than fit a screen explain nothing.
MOST_REASONS: Final = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions figures are of; None leaves a field open. Both days are in."""

    organization_id: UUID
    first_day: date
    last_day: date
    survey_id: UUID | None = None
    status: str | None = None
    verdict: str | None = None

    @property
    def days(self) -> Sequence[date]:
        """Every day of the range."""
        count = (self.last_day - self.first_day).days + 1
        return [self.first_day + timedelta(days=n) for n in range(count)]

    def before(self) -> "Wanted":
        """Return the same of the days before, as many as these."""
        length = timedelta(days=len(self.days))
        first, last = self.first_day - length, self.last_day - length
        return replace(self, first_day=first, last_day=last)


@dataclass(slots=True)
class Figures:
    """What some sessions amount to."""

    sessions: int = 0
    events: int = 0
    batches: int = 0
    by_verdict: Counter[str] = field(default_factory=Counter)

    def share(self, verdict: str) -> float | None:
        """Return which share of the sessions has a verdict, None without sessions."""
        return self.by_verdict[verdict] / self.sessions if self.sessions else None

    def add(self, verdict: str, figure: str, number: int) -> None:
        """Take a tally in."""
        if figure == tally.SESSIONS:
            self.sessions += number
            self.by_verdict[verdict] += number
        elif figure == tally.EVENTS:
            self.events += number
        elif figure == tally.BATCHES:
            self.batches += number


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that one look at the overview shows.

    Reasons and times are of finished sessions; the rest is of all. Times are in ms,
    within 19 %, and None while nothing was judged.
    """

    total: Figures
    # Every day of the range, in order, days without a session included.
    days: Mapping[date, Figures]
    # A detector's code, and in how many sessions it fired; the most frequent first.
    reasons: Sequence[tuple[str, int]]
    median_ms: float | None
    p95_ms: float | None
    under_way: int


@dataclass(frozen=True, slots=True)
class ChangedSurvey:
    """A survey whose share of bots is another one than in the days before."""

    survey: Survey
    change: Change


def overview(wanted: Wanted) -> Overview:
    """Return the figures of some days."""
    total, days = Figures(), {day: Figures() for day in wanted.days}
    reasons: Counter[str] = Counter()
    bins: Counter[int] = Counter()
    under_way = 0
    for figure, number in _found(wanted):
        if figure.startswith(tally.REASON):
            reasons[figure.removeprefix(tally.REASON)] += number
        else:
            bins[int(figure.removeprefix(tally.TIMING))] += number
    for day, verdict, figure, number in _finished(wanted):
        total.add(verdict, figure, number)
        days[day].add(verdict, figure, number)
    for day, verdict, figure, number in _under_way(wanted):
        total.add(verdict, figure, number)
        days[day].add(verdict, figure, number)
        under_way += number if figure == tally.SESSIONS else 0
    return Overview(
        total,
        days,
        [pair for pair in reasons.most_common(MOST_REASONS) if pair[1] > 0],
        tally.quantile(bins, 0.5),
        tally.quantile(bins, 0.95),
        under_way,
    )


def changed_surveys(wanted: Wanted) -> Sequence[ChangedSurvey]:
    """Return the surveys whose share of bots changed, the greatest change first.

    What chance explains is no change: the interval of the difference has to leave
    zero out. Finished sessions only.
    """
    now, before = _bots(wanted), _bots(wanted.before())
    changes = {
        survey_id: change
        for survey_id in now.keys() & before.keys()
        if (change := change_of(*before[survey_id], *now[survey_id])).is_one
    }
    surveys = Survey.objects.filter(
        organization_id=wanted.organization_id, id__in=changes
    )
    found = [ChangedSurvey(one, changes[one.id]) for one in surveys]
    return sorted(found, key=lambda one: -abs(one.change.difference))


Row = tuple[date, str, str, int]


def _tallies(wanted: Wanted) -> QuerySet[Tally]:
    rows = Tally.objects.filter(
        organization_id=wanted.organization_id,
        day__gte=wanted.first_day,
        day__lte=wanted.last_day,
    )
    return rows.filter(**_narrowed(wanted))


def _narrowed(wanted: Wanted) -> Mapping[str, object]:
    narrowed = {
        "survey_id": wanted.survey_id,
        "status": wanted.status,
        "verdict": wanted.verdict,
    }
    return {name: value for name, value in narrowed.items() if value is not None}


def _finished(wanted: Wanted) -> Iterable[Row]:
    """Return how many there were, by day and verdict."""
    rows = _tallies(wanted).filter(figure__in=tally.COUNTED)
    groups = rows.values_list("day", "verdict", "figure")
    return groups.annotate(total=Sum("number")).order_by()


def _found(wanted: Wanted) -> Iterable[tuple[str, int]]:
    """Return reasons and times; nobody asks on which day."""
    rows = _tallies(wanted).exclude(figure__in=tally.COUNTED)
    return rows.values_list("figure").annotate(total=Sum("number")).order_by()


def _under_way(wanted: Wanted) -> Iterable[Row]:
    """Yield the same of sessions that are not final; there are never many."""
    rows = Session.objects.filter(
        organization_id=wanted.organization_id,
        is_final=False,
        id__gte=first_id_of(wanted.first_day),
        id__lt=first_id_of(wanted.last_day + timedelta(days=1)),
        **_narrowed(wanted),
    ).values_list("id", "verdict", "event_count", "batch_count")
    for session_id, verdict, events, batches in rows.iterator():
        day = day_of(session_id)
        yield day, verdict, tally.SESSIONS, 1
        yield day, verdict, tally.EVENTS, events
        yield day, verdict, tally.BATCHES, batches


def _bots(wanted: Wanted) -> Mapping[UUID, tuple[int, int]]:
    """Return each survey's bots and sessions, whatever verdict is wanted."""
    rows = _tallies(replace(wanted, verdict=None)).filter(figure=tally.SESSIONS)
    groups = rows.values_list("survey_id", "verdict").annotate(total=Sum("number"))
    found: dict[UUID, tuple[int, int]] = {}
    for survey_id, verdict, number in groups.order_by():
        bots, sessions = found.get(survey_id, (0, 0))
        found[survey_id] = bots + number * (verdict == "bot"), sessions + number
    return found
