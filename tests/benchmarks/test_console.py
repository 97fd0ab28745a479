"""The benchmark of the operator's pages: what it says of the times that it took."""

import pytest

from benchmarks import console
from benchmarks.console import Page, last_page, rows


@pytest.mark.parametrize(
    ("sessions", "page"), [(0, 1), (49, 1), (100, 2), (10_000, 200), (10**6, 200)]
)
def test_last_page_is_one_that_there_is(sessions: int, page: int) -> None:
    """However many sessions there are, no list has more pages."""
    assert last_page(sessions) == page


def test_last_page_is_the_lists() -> None:
    """Else the benchmark would ask for what the product refuses."""
    from common.admin import LargeTableAdmin  # noqa: PLC0415 - used here alone
    from common.paging import MOST_COUNTED  # noqa: PLC0415

    assert LargeTableAdmin.list_per_page == console.PAGE
    assert console.PAGE * console.LAST_PAGE == MOST_COUNTED


def test_slow_openings_are_what_counts() -> None:
    """One in ten that is slow moves the p95, not the median."""
    page = Page("list", 5, ">10,000", [10.0] * 18 + [500.0] * 2)
    assert page.percentile(0.95) == 500
    assert rows([page])[1] == ["list", ">10,000", "5", "10", "500"]
