"""Pages of a list, by cursor: steady while rows are added, and never counted."""

from typing import Final

from rest_framework.pagination import CursorPagination

MOST: Final = 200


class NewestFirst(CursorPagination):
    """Fifty a page; ids are in the order of their making."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = MOST
