"""Batches go on coming while parts are made and dropped."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from accounts.models import Organization
from common.partitions import changes
from common.partitions.bounds import Bounds, first_id
from sessions_app.models import Session

from .past import (
    BATCHES,
    RESULTS,
    Whose,
    days_ago,
    make_session,
    needs_postgres,
    parts,
    send,
)

pytestmark = [needs_postgres, pytest.mark.django_db(transaction=True)]

SENDERS = 4
ROUNDS = 12


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again sooner than a worker does: the test is short."""
    monkeypatch.setattr(changes, "PAUSE_S", 0.02)
    monkeypatch.setattr(changes, "ATTEMPTS", 50)


def with_own_connection(work: Callable[[], Any]) -> Callable[[], Any]:
    """Close the thread's connection when its work is done."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return run


def send_until(stop: threading.Event, session_id: UUID, organization_id: UUID) -> Any:
    """Send batches to one session; return how long each took."""
    times: list[float] = []
    while not stop.is_set():
        start = time.monotonic()
        send(session_id, organization_id=organization_id, seq=len(times))
        times.append(time.monotonic() - start)
    return times


def spans_far_ahead() -> Iterator[Bounds]:
    """Yield weeks that nobody else in the tests has parts for."""
    for index in range(ROUNDS):
        start = days_ago(-1000 - 7 * index)
        yield Bounds(first_id(start), first_id(start + timedelta(days=7)))


def test_intake_goes_on_while_parts_come_and_go(
    organization: Organization, survey: Any, impatient: None
) -> None:
    """Every batch is stored once; none waited longer than the locks allow."""
    whose = Whose(organization_id=organization.id, survey_id=survey.id)
    # Half of them write to the default part, which the making of parts locks.
    moments = [days_ago(0), days_ago(-2000)] * (SENDERS // 2)
    sessions = [make_session(moment, **whose) for moment in moments]
    stop = threading.Event()
    with ThreadPoolExecutor(SENDERS) as pool:
        sent: list[Future[list[float]]] = [
            pool.submit(
                with_own_connection(
                    lambda s=one: send_until(stop, s, organization.id)  # type: ignore[misc] # bound now
                )
            )
            for one in sessions
        ]
        try:
            done = come_and_go()
        finally:
            stop.set()
        times = [future.result() for future in sent]
    assert done == {"created": 2 * ROUNDS, "dropped": 2 * ROUNDS}
    for session_id, took in zip(sessions, times, strict=True):
        session = Session.objects.get(id=session_id)
        assert session.batch_count == len(took) > 10
        assert session.event_count == 5 * len(took)
    # A lock is waited for a tenth of a second, then let go; the rest is the machine's.
    assert max(map(max, times)) < 1.0


def come_and_go() -> dict[str, int]:
    """Make parts of both tables and drop them; return how often each was done."""
    counts = {"created": 0, "dropped": 0}
    for span in spans_far_ahead():
        for table in (BATCHES, RESULTS):
            made = changes.create(table, key="session_id", span=span)
            counts[made.verb if made else "none"] += 1
            (part,) = [one for one, bounds in parts(table).spans if bounds == span]
            dropped = changes.drop(table, part)
            counts[dropped.verb if dropped else "none"] += 1
    return counts
