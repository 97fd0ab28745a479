"""Who carries deliveries: Celery's workers, or threads of the embedded default.

Never the request that caused one: a receiver may take fifteen seconds.
"""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final
from uuid import UUID

import structlog
from celery import current_app
from django.db import close_old_connections
from django.utils import timezone

from common import outbox
from common.tenancy import scope

from . import selectors
from .services import delivering

log = structlog.get_logger(__name__)

# The task that calls `work`, by name: it imports this module.
SEND: Final = "webhooks.send"
# They wait for others most of the time; an endpoint that hangs has one of them.
THREADS: Final = 8
# What does not fit stays in the database for the next sweep.
MOST_QUEUED: Final = 1_000


class Couriers:
    """Threads of this process that send what is due: for the embedded default."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="courier")
        self._lock = Lock()
        self._queued: set[UUID] = set()

    def start(self) -> None:
        """Take whatever is handed over in this process from now on."""
        _here.couriers = self

    def stop(self) -> None:
        """End; what is queued is sent after the next start."""
        _here.couriers = None
        self._threads.shutdown(wait=False, cancel_futures=True)

    def take(self, organization_id: UUID, delivery_id: UUID) -> bool:
        """Queue a delivery, once; say whether it is queued."""
        with self._lock:
            if delivery_id in self._queued:
                return True
            if len(self._queued) >= MOST_QUEUED:
                return False
            self._queued.add(delivery_id)
        self._threads.submit(self._carry, organization_id, delivery_id)
        return True

    def _carry(self, organization_id: UUID, delivery_id: UUID) -> None:
        with self._lock:
            self._queued.discard(delivery_id)
        close_old_connections()
        try:
            work(organization_id=organization_id, delivery_id=delivery_id)
        except Exception:
            # The edge of a task: the sweep finds the delivery again.
            log.exception("webhook.send_failed", delivery_id=str(delivery_id))
        finally:
            close_old_connections()


class _Here:
    """The couriers of this process; none where nothing or Celery sends."""

    couriers: Couriers | None = None


_here: Final = _Here()


def hand_over(*, organization_id: UUID, delivery_id: UUID) -> bool:
    """Let somebody send a delivery soon; say whether there is anybody.

    Where tasks run at once, in the thread that asks for them, nobody is asked: only a
    server with threads for it sends (`manage.py serve`).
    """
    if not current_app.conf.task_always_eager:
        return outbox.hand(SEND, str(organization_id), str(delivery_id))
    couriers = _here.couriers
    return couriers is not None and couriers.take(organization_id, delivery_id)


def work(*, organization_id: UUID, delivery_id: UUID) -> None:
    """Make an attempt, and hand the endpoint's next one over: it has room now."""
    with scope.entered(organization_id):
        endpoint_id = delivering.attempt(
            organization_id=organization_id, delivery_id=delivery_id
        )
        if endpoint_id is not None:
            hand_over_due(organization_id=organization_id, endpoint_id=endpoint_id)


def hand_over_due(*, organization_id: UUID, endpoint_id: UUID, most: int = 1) -> None:
    """Hand over what an endpoint has waiting, the longest waiting first."""
    for delivery_id in selectors.due_of(
        organization_id=organization_id,
        endpoint_id=endpoint_id,
        at=timezone.now(),
        most=most,
    ):
        hand_over(organization_id=organization_id, delivery_id=delivery_id)


def sweep() -> int:
    """Hand over what is due anywhere, in turns; return how much somebody took."""
    taken: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for organization_id, delivery_id in selectors.due_everywhere(timezone.now()):
        if not hand_over(organization_id=organization_id, delivery_id=delivery_id):
            break
        taken[organization_id].append(delivery_id)
    for organization_id, delivery_ids in taken.items():
        with scope.entered(organization_id):
            delivering.note_handed(
                organization_id=organization_id, delivery_ids=delivery_ids
            )
    return sum(map(len, taken.values()))
