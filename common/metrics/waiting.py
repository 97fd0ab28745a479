"""What waits at this moment: asked when the page is, and not more often.

While the database or Redis is away nothing is said of them but that: a page that
failed would hide everything else.
"""

import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from redis import Redis
from redis.exceptions import RedisError

from ..models import OutboxRow

log = structlog.get_logger(__name__)

# Several who ask at once share an answer; a scrape comes every 15 s.
KEPT_S: Final = 5.0
# An answer that takes longer is not worth holding up the intake.
STATEMENT_LIMIT_MS: Final = 1_000
REDIS_LIMIT_S: Final = 0.5
# More than this is told as this: whoever looks knows enough, and the look stays short.
MOST_COUNTED: Final = 100_000
# Celery's own, of who changes tables, and of who sends webhooks (CELERY_TASK_ROUTES).
QUEUES: Final = ("celery", "owner", "webhooks")

Look = Callable[[], Iterator[Metric]]


class Part:
    """One place that is looked at, and what it said a moment ago."""

    def __init__(self, name: str, look: Look, away: type[Exception]) -> None:
        self.name = name
        self._look = look
        self._away = away
        self._lock = Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    def forget(self) -> None:
        """Look anew the next time."""
        self._until = 0.0

    def collect(self) -> Iterator[Metric]:
        """Yield what there is to say, and whether there was an answer."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = self._asked()
                self._until = time.monotonic() + KEPT_S
            yield from self._kept

    def _asked(self) -> list[Metric]:
        up = GaugeMetricFamily(
            f"bonafide_{self.name}_up", f"Whether the {self.name} answered this page."
        )
        try:
            found = list(self._look())
        except self._away as error:
            log.warning("metrics.away", part=self.name, error=type(error).__name__)
            found = []
        up.add_metric([], float(bool(found)))
        return [up, *found]


def _outbox() -> Iterator[Metric]:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_LIMIT_MS}")
        rows = OutboxRow.objects.filter(done_at=None, dead_at=None)
        first = rows.order_by("send_at").values("created_at")[:MOST_COUNTED]
        found = first.aggregate(count=Count("*"), oldest=Min("created_at"))
        dead = OutboxRow.objects.filter(dead_at__isnull=False).order_by("-id")
        given_up = dead[:MOST_COUNTED].count()
    oldest = found["oldest"]
    age_s = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    yield _gauge("outbox_waiting", "Outbox rows that are not done.", found["count"])
    yield _gauge("outbox_oldest_seconds", "Age of the oldest of them.", max(0.0, age_s))
    yield _gauge("outbox_dead", "Outbox rows that were given up.", given_up)


def _queue() -> Iterator[Metric]:
    url = str(settings.CELERY_BROKER_URL)
    if not url.startswith(("redis", "unix")):
        # The embedded default has no queue: tasks run where they are left.
        yield _length(dict.fromkeys(QUEUES, 0))
        return
    limits: dict[str, Any] = {
        "socket_timeout": REDIS_LIMIT_S,
        "socket_connect_timeout": REDIS_LIMIT_S,
    }
    with Redis.from_url(url, **limits) as redis:
        yield _length({name: int(redis.llen(name)) for name in QUEUES})


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"bonafide_{name}", meaning, value=float(value))


def _length(lengths: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(
        "celery_queue_length", "Messages in a queue.", labels=["queue_name"]
    )
    for name, length in lengths.items():
        family.add_metric([name], length)
    return family


PARTS: Final = (
    Part("database", _outbox, DatabaseError),
    Part("queue", _queue, RedisError),
)
REGISTRY: Final = CollectorRegistry()
for _part in PARTS:
    REGISTRY.register(_part)
