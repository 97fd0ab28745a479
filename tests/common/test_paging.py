"""Large lists are counted as far as their pages reach."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import paging
from common.models import OutboxRow
from common.paging import BoundedPaginator

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> Any:
    """Return seven rows."""
    OutboxRow.objects.bulk_create(OutboxRow(topic="x", key=str(n)) for n in range(7))
    return OutboxRow.objects.order_by("-id")


def test_small_list_is_counted(rows: Any) -> None:
    """And has all of its pages."""
    pages = BoundedPaginator(rows, 3)
    assert (pages.count, pages.num_pages, pages.has_more) == (7, 3, False)
    assert len(pages.page(3).object_list) == 1


def test_large_list_ends_where_it_is_not_counted(
    rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one query, which stops at the first row that no page shows."""
    monkeypatch.setattr(paging, "MOST_COUNTED", 6)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        pages = BoundedPaginator(rows, 3)
        assert (pages.count, pages.num_pages, pages.has_more) == (6, 2, True)
    assert len(queries) == 1
    assert "LIMIT 7" in queries[0]["sql"]


def test_pages_follow_one_another(rows: Any) -> None:
    """Each row stands on one page, in the order of the list."""
    pages = BoundedPaginator(rows, 3)
    seen = [row for page in pages for row in page]
    assert seen == list(rows)


def test_rows_before_a_page_are_not_read(rows: Any) -> None:
    """Only their place in the index is passed."""
    pages = BoundedPaginator(rows, 3)
    with CaptureQueriesContext(connection) as queries:
        list(pages.page(2))
    _count, ids, found = (query["sql"] for query in queries)
    assert "OFFSET 3" in ids
    assert "topic" not in ids
    assert "OFFSET" not in found
