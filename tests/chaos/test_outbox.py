"""The final verdict arrives, once, whatever is killed on the way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organization
from common import outbox
from common.models import OutboxRow
from config import celery_app
from detection.facade import DetectionResult
from sessions_app.models import Session
from sessions_app.services.ending import complete_session
from tests.conftest import Visit, make_moves
from tests.services.redis import Redis

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "DATABASE_URL" not in os.environ,
        reason="Workers of their own need PostgreSQL: `make test` brings it.",
    ),
]

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def queue() -> Iterator[Redis]:
    """A Redis of this test's own, and Celery publishing to it."""
    with Redis() as redis:
        before = (celery_app.conf.task_always_eager, celery_app.conf.broker_url)
        use_broker(eager=False, url=redis.url)
        yield redis
        use_broker(eager=before[0], url=before[1])


def use_broker(*, eager: bool, url: str | None) -> None:
    """Point Celery at a broker and forget connections to another."""
    celery_app.conf.update(task_always_eager=eager, broker_url=url)
    vars(celery_app.amqp)["_producer_pool"] = None
    vars(celery_app)["_pool"] = None
    outbox._queue.closed_until = 0.0


@contextmanager
def worker(queue: Redis) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Celery worker on the tests' database."""
    settings = connection.settings_dict
    address = f"{settings['USER']}@{settings['HOST']}:{settings['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{address}/{settings['NAME']}",
        "REDIS_URL": queue.url,
        # Its Redis is this test's own: no other test shares it.
        "PYTEST_XDIST_WORKER": "gw0",
        "CELERY_TASK_ALWAYS_EAGER": "off",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c1"]
    process = subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle", "-l", "WARNING"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a worker and its children without a word of warning."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def wait_for(what: str, seconds: float = 30) -> None:
    """Wait until the outbox's only row is `done` or `started`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        row = OutboxRow.objects.get()
        if (what == "done" and row.done_at) or (what == "started" and row.attempts):
            return
        time.sleep(0.1)
    pytest.fail(f"The row was not {what} within {seconds} s.")


def make_due() -> None:
    """Let a minute pass for the sweep."""
    OutboxRow.objects.update(send_at=timezone.now())


def final_results() -> int:
    """Count the last words on the only session."""
    return DetectionResult.objects.filter(seq=None).count()


def test_verdict_follows_completion(
    queue: Redis, organization: Organization, visit: Visit
) -> None:
    """The way without accidents."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    with worker(queue):
        visit.browser.post(f"sessions/{visit.id}/complete")
        wait_for("done")
    assert final_results() == 1
    assert Session.objects.get().is_final


def test_redis_stopped_while_a_session_completes(
    queue: Redis, organization: Organization, visit: Visit
) -> None:
    """The answer comes at once; the verdict when the queue is back."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    queue.stop()
    start = time.monotonic()
    answer = visit.browser.post(f"sessions/{visit.id}/complete")
    assert answer.status_code == 200
    assert time.monotonic() - start < 10
    assert final_results() == 0
    queue.start()
    outbox._queue.closed_until = 0.0
    with worker(queue):
        make_due()
        assert outbox.sweep() == 1
        wait_for("done")
    assert final_results() == 1


def test_worker_killed_in_the_middle_of_a_task(
    queue: Redis, organization: Organization, visit: Visit
) -> None:
    """Half a task leaves nothing; the next worker does it whole."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    complete_session(organization_id=organization.id, session_id=UUID(visit.id))
    with worker(queue) as first, transaction.atomic():
        # The worker must write to this row, so it stands still inside its work.
        Session.objects.select_for_update().get()
        wait_for_lock()
        kill(first)
    assert final_results() == 0
    assert OutboxRow.objects.get().done_at is None
    with worker(queue):
        make_due()
        outbox.sweep()
        wait_for("done")
    assert final_results() == 1
    assert OutboxRow.objects.get().attempts == 2


def wait_for_lock(seconds: float = 30) -> None:
    """Wait until another connection waits for a lock of ours."""
    end = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            # Within a transaction PostgreSQL would show the same picture again.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.1)
    pytest.fail("No worker came as far as the lock.")


def test_two_deliveries_judge_once(
    queue: Redis, organization: Organization, visit: Visit
) -> None:
    """A message that comes twice finds nothing left to do."""
    complete_session(organization_id=organization.id, session_id=UUID(visit.id))
    row = OutboxRow.objects.get()
    assert outbox.deliver_row(row.id) is True
    assert outbox.deliver_row(row.id) is False
    assert final_results() == 1
