"""What a batch costs the session's table: on PostgreSQL, no index is written."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from sessions_app.models import Session
from sessions_app.services.at_hand import at_hand
from sessions_app.services.intake import ROUGHLY
from tests.conftest import Visit, make_moves

BATCHES = 60
# An index on what each batch moves would make it none. Nearly all are in the page, but
# while anybody else looks at the database, old versions of a row keep their room.
MOST = 0.5


def updates() -> tuple[int, int]:
    """Return how often a session's row was changed, and how often in its page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables"
            " WHERE relname = 'sessions_app_session'"
        )
        changed, in_page = cursor.fetchone()
    return changed, in_page


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own")
@pytest.mark.django_db(transaction=True)
def test_batches_write_no_index(visit: Visit) -> None:
    """But for the few that change the verdict, rows change within their page."""
    changed_before, in_page_before = updates()
    for seq in range(BATCHES):
        answer = visit.browser.post(f"sessions/{visit.id}/data", make_moves(seq, 50))
        assert answer.status_code == 200
    changed, in_page = updates()
    assert changed - changed_before == BATCHES
    assert in_page - in_page_before >= BATCHES * MOST


@pytest.mark.django_db
def test_indexed_moment_follows_in_steps(visit: Visit) -> None:
    """It stays for some minutes, and is then as exact as the other one."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    session = Session.objects.get()
    assert session.roughly_seen_at < session.last_seen_at
    earlier = timezone.now() - ROUGHLY - timedelta(seconds=1)
    Session.objects.update(roughly_seen_at=earlier)
    at_hand.forget()
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(1))
    session = Session.objects.get()
    assert session.roughly_seen_at == session.last_seen_at
