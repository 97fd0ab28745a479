"""Forgetting what sessions did, when its time is over, and making room for what comes.

Where PostgreSQL keeps a table in parts, a part goes as a whole; what cannot go that way
is deleted a few sessions at a time, and so is everything on SQLite. Sessions themselves
stay, with their last verdict. What the engine remembers of them goes with the batches
that it was made from.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accounts.facade import own_days, record_act
from common.partitions.ahead import MOST_MOVED, Schedule, create_ahead
from common.partitions.bounds import Bounds, first_id, whole_before
from common.partitions.catalog import Part, Parts, parts_of
from common.partitions.changes import Change, drop, report
from common.tenancy import scope
from detection.facade import DetectionResult

from ..models import BehaviorData, Session

log = structlog.get_logger(__name__)

# The column that both tables are parted by: ids of sessions hold their start.
KEY: Final = "session_id"
# A few hundred rows: some milliseconds in which SQLite takes no other batch.
SESSIONS_AT_ONCE: Final = 20
# Small updates of rows that nobody else writes.
STATES_AT_ONCE: Final = 1_000
# Far below the hard limit of a task (300 s); what is left is for the next round.
ROUND_LASTS_S: Final = 60.0
GONE: Final = frozenset({"dropped", "erased"})


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one table's rows are kept after their session began.

    `own` names organizations that keep theirs for longer or shorter, with their own
    number of days. What is kept for longer holds a part back until it is due as well.
    """

    model: type[Model]
    days: int
    own: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Return the name of the table."""
        return self.model._meta.db_table  # noqa: SLF001 - Django's documented API

    @property
    def holds_events(self) -> bool:
        """Say whether these are batches, which sessions' states are made from."""
        return self.model is BehaviorData


@dataclass(frozen=True, slots=True)
class Round:
    """One round over the tables: what time it is, and when it has to end."""

    now: datetime
    dry_run: bool
    ends_at: float

    @property
    def is_over(self) -> bool:
        """Say whether the rest is left to the next round."""
        return time.monotonic() > self.ends_at

    def ago(self, days: int) -> datetime:
        """Return the moment this many days before."""
        return self.now - timedelta(days=days)


def rules() -> list[Rule]:
    """Return how long batches and results are kept, here and by whom else."""
    behaviour = own_days("behaviour_kept_days")
    results = own_days("results_kept_days")
    return [
        Rule(BehaviorData, settings.BEHAVIOUR_KEPT_DAYS, behaviour),
        Rule(DetectionResult, settings.RESULTS_KEPT_DAYS, results),
    ]


def keep_partitions(
    *,
    dry_run: bool = False,
    move_all: bool = False,
    chosen: list[Rule] | None = None,
) -> list[Change]:
    """Make parts ahead, drop those that are past; return what was done.

    `move_all` lifts the limit on what is moved out of the default part at once; those
    who write to it wait meanwhile. Two rounds at once do no harm.
    """
    ends_at = time.monotonic() + ROUND_LASTS_S
    this = Round(now=timezone.now(), dry_run=dry_run, ends_at=ends_at)
    changes: list[Change] = []
    for rule in chosen or rules():
        for change in _keep(rule, this, move_all=move_all):
            changes.append(change)
            if not dry_run:
                report(change)
                _note(change)
    return changes


def _note(change: Change) -> None:
    """Write down what is gone for ever."""
    if change.verb in GONE:
        after = {"table": change.part, "rows": change.rows}
        record_act(f"rows.{change.verb}", after=after)


def _keep(rule: Rule, this: Round, *, move_all: bool) -> Iterator[Change]:
    schedule = Schedule(
        days=settings.PARTITION_DAYS,
        ahead=settings.PARTITIONS_AHEAD,
        oldest=this.ago(max(rule.days, *rule.own.values(), 0)),
        most_moved=None if move_all else MOST_MOVED,
    )
    yield from create_ahead(
        rule.table, key=KEY, now=this.now, schedule=schedule, dry_run=this.dry_run
    )
    parts = parts_of(rule.table)
    if parts is not None:
        yield from _drop_past(rule, parts, this)
        parts = parts_of(rule.table)
    bounds = parts.bounds if parts else []
    yield from _erase(rule, bounds, this)


def _drop_past(rule: Rule, parts: Parts, this: Round) -> Iterator[Change]:
    """Drop the parts that end before the rows' time does, unless they are needed."""
    for part, span in parts.spans:
        if span.end > first_id(this.ago(rule.days)):
            return
        if _is_needed(rule, span, this):
            yield Change("left", part.name, part.rows or 0, part.size_bytes)
        elif change := _drop(rule, part, span, this):
            yield change


def _is_needed(rule: Rule, span: Bounds, this: Round) -> bool:
    """Say whether a part has sessions that are kept for longer, or are still going on.

    Who goes on so long after its start began under a clock that was wrong.
    """
    still = [o for o, days in rule.own.items() if span.end > first_id(this.ago(days))]
    within = Session.objects.filter(id__gte=span.start, id__lt=span.end)
    with scope.everywhere("partitions.keep"):
        return within.filter(
            Q(organization_id__in=still) | Q(last_seen_at__gte=this.ago(rule.days))
        ).exists()


def _drop(rule: Rule, part: Part, span: Bounds, this: Round) -> Change | None:
    """Drop a part, after the states that were made from it."""
    if this.dry_run:
        return Change("dropped", part.name, part.rows or 0, part.size_bytes)
    if rule.holds_events:
        within = Session.objects.filter(id__gte=span.start, id__lt=span.end)
        while _forget_states(within):
            if this.is_over:
                return Change("busy", part.name, part.rows or 0, part.size_bytes)
    return drop(rule.table, part)


def _forget_states(sessions: QuerySet[Session]) -> int:
    """Empty some sessions' states; return how many."""
    some = sessions.exclude(state=b"").order_by("id").values_list("id", flat=True)
    with scope.everywhere("partitions.keep"):
        ids = list(some[:STATES_AT_ONCE])
        return Session.objects.filter(id__in=ids).update(state=b"") if ids else 0


def _erase(rule: Rule, bounds: list[Bounds], this: Round) -> Iterator[Change]:
    """Delete the rows that are due and in no part that will be dropped as a whole."""
    groups = [(rule.days, ~Q(organization_id__in=list(rule.own)))]
    groups += [(days, Q(organization_id=o)) for o, days in rule.own.items()]
    erased = 0
    for days, whose in groups:
        due = _rows(rule).filter(
            whose,
            session_id__lt=whole_before(this.ago(days), bounds),
            session__last_seen_at__lt=this.ago(days),
        )
        if this.dry_run:
            with scope.everywhere("partitions.keep"):
                erased += due.count()
            continue
        while not this.is_over and (rows := _erase_some(rule, due)):
            erased += rows
    if erased:
        yield Change("erased", rule.table, erased)


@scope.everywhere("partitions.keep")
@transaction.atomic
def _erase_some(rule: Rule, due: QuerySet[Any]) -> int:
    """Delete the rows of the oldest sessions, each session's at once."""
    some = due.order_by(KEY).values_list(KEY, flat=True).distinct()
    ids = list(some[:SESSIONS_AT_ONCE])
    if not ids:
        return 0
    if rule.holds_events:
        Session.objects.filter(id__in=ids).update(state=b"")
    rows, _by_model = _rows(rule).filter(session_id__in=ids).delete()
    return rows


def _rows(rule: Rule) -> QuerySet[Any]:
    return rule.model._default_manager.all()  # noqa: SLF001 - Django's documented API
