"""Pages of a list, by cursor: steady while rows are added, and never counted."""

from typing import Any, Final
from uuid import UUID

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

MOST: Final = 200


class NewestFirst(CursorPagination):
    """Fifty a page; ids are in the order of their making."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = MOST

    def decode_cursor(self, request: Request) -> Any:
        """Return the place that a cursor names.

        Raises
        ------
        NotFound
            It names none: it was not taken from `next`.
        """
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                UUID(str(cursor.position))
            except ValueError:
                raise NotFound(self.invalid_cursor_message) from None
        return cursor
