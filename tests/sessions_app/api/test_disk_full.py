"""A disk without room: refused with 503, nothing half stored, and well again after."""

from collections.abc import Iterator

import pytest
from django.db import connection

from sessions_app.models import BehaviorData, Session
from tests.conftest import Caller, Visit, make_moves

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite",
        reason="PostgreSQL has no limit that a test could set; SQLite does.",
    ),
]
MOST_PAGES = 1_073_741_823


def let_grow_to(pages: int) -> int:
    """Let the file have so many pages; return how many it may have now."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        (limit,) = cursor.fetchone()
    return int(limit)


@pytest.fixture
def full(visit: Visit) -> Iterator[None]:
    """Leave no room; SQLite says what it says when the disk is full."""
    let_grow_to(1)
    yield
    let_grow_to(MOST_PAGES)


def test_full_disk_is_told_and_loses_nothing(
    full: None, visit: Visit, server: Caller
) -> None:
    """What was answered with 200 is there, and what was not is not."""
    path = f"sessions/{visit.id}/data"
    stored, status = 0, 200
    for seq in range(400):
        status = visit.browser.post(path, make_moves(seq, 50)).status_code
        if status != 200:
            break
        stored += 1
    assert status == 503
    session = Session.objects.get()
    assert (session.batch_count, BehaviorData.objects.count()) == (stored, stored)
    assert server.get(f"sessions/{visit.id}/status").status_code == 200
    let_grow_to(MOST_PAGES)
    assert visit.browser.post(path, make_moves(stored, 50)).status_code == 200
    assert Session.objects.get().batch_count == stored + 1
