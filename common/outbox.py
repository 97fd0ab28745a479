"""Work for later that survives the loss of queue, worker and web process.

A service adds a row in its own transaction. After the commit a nudge hands the row
to Celery; what the nudge lost, the sweep sends again. A row is done when the
transaction that did its work says so, hence never twice and never half.
"""

import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol
from uuid import UUID

import structlog
from celery import current_app
from django.db import connection, transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone
from kombu.exceptions import OperationalError

from .models import OutboxRow
from .redaction import error_in_a_line, place_of
from .tenancy import scope

log = structlog.get_logger(__name__)

# Sent within the transaction that revives a row: `row`, `topic`.
sent_again: Final = Signal()

# The task that calls `deliver_row`, by name: it imports this module.
DELIVER: Final = "outbox.deliver"
# Longer than any task of ours takes when nothing is wrong, short enough for a
# respondent's verdict to be there before the platform asks for it.
SEND_AGAIN_AFTER: Final = timedelta(seconds=60)
# While no worker is there each row waits twice as long as before, up to a quarter of
# an hour: the queue would fill with copies otherwise.
MOST_DOUBLINGS: Final = 4
# A task that failed five times in five minutes fails for a reason of its own.
MOST_ATTEMPTS: Final = 5
# One pass hands over no more than this, so that a sweep after an outage does not
# flood the queue that just came back.
SWEEP_SIZE: Final = 1_000
# After the queue did not answer it is left alone for a while; the sweep comes later.
LEFT_ALONE_S: Final = 5.0
KEEP_DONE_FOR: Final = timedelta(days=7)
# Work that is done later than this after it was left, and the clean-up after that.
LATEST: Final = timedelta(days=2)


class Handler(Protocol):
    """What does the work of a topic, inside the row's transaction."""

    def __call__(self, *, organization_id: UUID | None, key: str) -> None:
        """Do it; an exception means that it was not done."""


_handlers: dict[str, Handler] = {}


class _Queue:
    """Whether the queue is worth asking: a hung Redis costs each request 5 s."""

    closed_until = 0.0


_queue: Final = _Queue()


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of a topic."""

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        return handler

    return register


def add(*, topic: str, key: UUID | str, organization_id: UUID | None) -> OutboxRow:
    """Leave work behind; it is done after the surrounding transaction commits."""
    row = OutboxRow.objects.create(
        topic=topic,
        key=str(key),
        organization_id=organization_id,
        send_at=timezone.now() + SEND_AGAIN_AFTER,
    )
    transaction.on_commit(lambda: nudge(row.id), robust=True)
    return row


def nudge(row_id: UUID) -> bool:
    """Hand a row to a worker; say whether the queue took it."""
    return hand(DELIVER, str(row_id))


def hand(task: str, *args: str) -> bool:
    """Hand a task to a worker; say whether the queue took it.

    For work that is found again in the database when the queue loses it.
    """
    if time.monotonic() < _queue.closed_until:
        return False
    try:
        current_app.tasks[task].delay(*args)
    except (OperationalError, OSError) as error:
        _queue.closed_until = time.monotonic() + LEFT_ALONE_S
        # It is safe in the database; a sweep sends it when the queue is back.
        log.warning(
            "outbox.nudge_lost", task=task, ids=args, error=error_in_a_line(error)
        )
        return False
    return True


def deliver_row(row_id: UUID) -> bool:
    """Do a row's work, once; say whether this call did it.

    Raises
    ------
    Exception
        Whatever the handler raised. The attempt is counted and the reason kept.
    """
    if not _count_attempt(row_id):
        return False
    try:
        return _do(row_id)
    except Exception as error:
        # The edge of a task: any failure is noted on the row, then goes on to
        # Celery, which logs it.
        reason = f"{error_in_a_line(error)} ({place_of(error)})"[:300]
        OutboxRow.objects.filter(id=row_id).update(last_error=reason)
        _give_up_if_spent(row_id)
        raise


@transaction.atomic
def _count_attempt(row_id: UUID) -> bool:
    """Count a start before the work, so that a task that kills its worker ends.

    A row that another worker holds is being done: there is nothing to wait for.
    """
    row = _held(row_id)
    if row is None or row.dead_at is not None:
        return False
    if row.attempts >= MOST_ATTEMPTS:
        _give_up_if_spent(row_id)
        return False
    row.attempts += 1
    row.save(update_fields=["attempts"])
    return True


def _give_up_if_spent(row_id: UUID) -> None:
    """Mark a row that has had all its attempts as dead, for people to see."""
    spent = OutboxRow.objects.filter(
        id=row_id, done_at=None, dead_at=None, attempts__gte=MOST_ATTEMPTS
    )
    if spent.update(dead_at=timezone.now()):
        log.error("outbox.given_up", row_id=str(row_id), attempts=MOST_ATTEMPTS)


def _held(row_id: UUID) -> OutboxRow | None:
    """Return an open row, locked; None if it is done or held by another worker."""
    rows = OutboxRow.objects.filter(id=row_id, done_at=None)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return rows.first()


@transaction.atomic
def _do(row_id: UUID) -> bool:
    """Run the handler and mark the row in one transaction."""
    row = _held(row_id)
    if row is None:
        return False
    handle = partial(
        _handlers[row.topic], organization_id=row.organization_id, key=row.key
    )
    if row.organization_id is None:
        handle()
    else:
        with scope.entered(row.organization_id):
            handle()
    row.done_at = timezone.now()
    row.save(update_fields=["done_at"])
    return True


def sweep() -> int:
    """Send what is due again, forget what was done long ago; return how many went."""
    now = timezone.now()
    due = OutboxRow.objects.filter(done_at=None, dead_at=None, send_at__lte=now)
    sent = 0
    for row in due.order_by("send_at")[:SWEEP_SIZE]:
        # Two sweeps at once: the one that moves `send_at` has the row.
        claimed = OutboxRow.objects.filter(id=row.id, send_at=row.send_at).update(
            send_at=now + SEND_AGAIN_AFTER * 2 ** min(row.sends, MOST_DOUBLINGS),
            sends=F("sends") + 1,
        )
        if not claimed:
            continue
        if not nudge(row.id):
            break
        sent += 1
    old = OutboxRow.objects.filter(done_at__lt=now - KEEP_DONE_FOR)
    OutboxRow.objects.filter(id__in=old.values("id")[:SWEEP_SIZE]).delete()
    return sent


@transaction.atomic
def send_again(row_id: UUID) -> bool:
    """Give a row that was given up five more attempts; say whether there was one."""
    revived = OutboxRow.objects.filter(id=row_id, dead_at__isnull=False).update(
        dead_at=None, attempts=0, sends=0, send_at=timezone.now()
    )
    if revived:
        row = OutboxRow.objects.get(id=row_id)
        sent_again.send(OutboxRow, row=row, topic=row.topic)
        transaction.on_commit(lambda: nudge(row_id), robust=True)
    return bool(revived)


def forget(keys: Collection[UUID], *, since: datetime) -> int:
    """Remove all that is left or was done for some things; return how many rows.

    `since` is when anything was last left for them. What was done before the clean-up's
    time is gone already; no index has keys, so nobody looks through the rest for it.
    """
    rows = OutboxRow.objects.filter(key__in=[str(key) for key in keys])
    if since < timezone.now() - KEEP_DONE_FOR - LATEST:
        rows = rows.filter(done_at=None)
    return rows.delete()[0]
