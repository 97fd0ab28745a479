"""Sessions of other times, and the parts that they lie in."""

import os
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from common.partitions.bounds import first_id
from common.partitions.catalog import Parts, parts_of
from detection.engine import decode_events
from detection.facade import DetectionResult
from sessions_app.models import BehaviorData, Session
from sessions_app.services.intake import Batch, record_batch
from tests.conftest import encode, make_moves

BATCHES = "sessions_app_behaviordata"
RESULTS = "detection_detectionresult"

needs_postgres = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ,
    reason="Only PostgreSQL keeps tables in parts: `make test` brings it.",
)


class Whose(TypedDict):
    """Whose the sessions are."""

    organization_id: UUID
    survey_id: UUID


def days_ago(days: float) -> datetime:
    """Return a moment of the past."""
    return timezone.now() - timedelta(days=days)


def make_session(moment: datetime, *, organization_id: UUID, survey_id: UUID) -> UUID:
    """Make a session that began then and is still open; return its id."""
    random = os.urandom(10)
    session_id = UUID(int=first_id(moment).int | int.from_bytes(random) & (1 << 80) - 1)
    Session.objects.create(
        id=session_id,
        organization_id=organization_id,
        survey_id=survey_id,
        created_at=moment,
    )
    return session_id


def send(session_id: UUID, *, organization_id: UUID, seq: int = 0) -> None:
    """Send a batch of five moves."""
    events = decode_events(encode(make_moves(seq)["events"])).events
    record_batch(
        organization_id=organization_id,
        session_id=session_id,
        batch=Batch(seq, events, (), None),
    )


def past_session(
    moment: datetime, *, organization_id: UUID, survey_id: UUID, batches: int = 2
) -> UUID:
    """Make a session that began and ended then, with batches and results."""
    session_id = make_session(
        moment, organization_id=organization_id, survey_id=survey_id
    )
    for seq in range(batches):
        send(session_id, organization_id=organization_id, seq=seq)
    Session.objects.filter(id=session_id).update(
        status="completed", ended_at=moment, last_seen_at=moment
    )
    # Foreign keys are deferred, and what waits for its check forbids changes of tables.
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return session_id


def stored(session_id: UUID) -> tuple[int, int]:
    """Count a session's batches and results."""
    return (
        BehaviorData.objects.filter(session_id=session_id).count(),
        DetectionResult.objects.filter(session_id=session_id).count(),
    )


def parts(table: str) -> Parts:
    """Return the parts of a table that has some."""
    found = parts_of(table)
    assert found is not None
    return found


def part_with(table: str, session_id: UUID) -> str:
    """Return the name of the part that holds a session's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT tableoid::regclass::text FROM {table}"  # noqa: S608 - ours
            " WHERE session_id = %s",
            [session_id],
        )
        (found,) = cursor.fetchall()
    return str(found[0])
