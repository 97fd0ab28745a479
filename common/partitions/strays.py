"""Rows that lie in a table's default part because no other was there for them."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection
from psycopg import sql

from .bounds import Bounds, moment_of, span_of
from .catalog import Parts


def first_stray(parts: Parts, *, key: str, within: Bounds) -> UUID | None:
    """Return the smallest key of the default part within a span."""
    if parts.default is None:
        return None
    query = sql.SQL(
        "SELECT {key} FROM ONLY {part} WHERE {key} >= %s AND {key} < %s"
        " ORDER BY {key} LIMIT 1"
    ).format(key=sql.Identifier(key), part=sql.Identifier(parts.default.name))
    with connection.cursor() as cursor:
        cursor.execute(query, [within.start, within.end])
        row = cursor.fetchone()
    return row[0] if row else None


def count_strays(parts: Parts, *, key: str, within: Bounds, most: int | None) -> int:
    """Count the default part's rows of a span, no further than one above `most`."""
    if parts.default is None:
        return 0
    query = sql.SQL(
        "SELECT count(*) FROM (SELECT 1 FROM ONLY {part}"
        " WHERE {key} >= %s AND {key} < %s LIMIT %s) AS few"
    ).format(key=sql.Identifier(key), part=sql.Identifier(parts.default.name))
    with connection.cursor() as cursor:
        limit = None if most is None else most + 1
        cursor.execute(query, [within.start, within.end, limit])
        (count,) = cursor.fetchone()
    return int(count)


def spans_of_strays(
    parts: Parts, *, key: str, within: Bounds, days: int
) -> Iterator[Bounds]:
    """Yield the spans that the default part holds rows of."""
    while stray := first_stray(parts, key=key, within=within):
        span = span_of(moment_of(stray), days=days)
        yield span
        within = Bounds(span.end, within.end)
