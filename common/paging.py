"""Pages of a large list: counted as far as anyone leafs, and no further."""

from functools import cached_property
from typing import Any, Final

from django.core.paginator import Page, Paginator

# Two hundred pages of fifty rows. Who wants what lies behind narrows the range: the
# last page is as quick as the first one, whatever the table holds.
MOST_COUNTED: Final = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg] # generic for mypy only
    """Count no more rows than are shown; say when there are more."""

    template_name = "common/pagination.html"

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        # The order and what else a row holds do not change how many there are, but
        # the order decides which ones are looked at first: those of the first pages.
        return int(rows.values("pk")[: MOST_COUNTED + 1].count())

    @property
    def count(self) -> int:
        """Return how many rows can be reached."""
        return min(self._found, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        """Say whether there are rows that no page shows."""
        return self._found > MOST_COUNTED

    def page(self, number: int | str) -> "Page[Any]":
        """Return a page: its ids first, by an index alone, and then its rows.

        Together, the database reads and joins every row before the page as well.
        """
        at = self.validate_number(number)
        rows: Any = self.object_list
        first = (at - 1) * self.per_page
        ids = rows.values_list("pk", flat=True)[first : first + self.per_page]
        return Page(rows.filter(pk__in=list(ids)), at, self)
