"""What parts a table has, as PostgreSQL's catalogue tells."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from .bounds import Bounds

UUID_IN_BOUND: Final = re.compile(r"'([0-9a-f-]{36})'")

PARTS: Final = """
    SELECT part.relname, pg_get_expr(part.relpartbound, part.oid),
           part.reltuples::bigint, coalesce(pg_total_relation_size(part.oid), 0)
    FROM pg_inherits
    JOIN pg_class part ON part.oid = pg_inherits.inhrelid
    JOIN pg_class whole ON whole.oid = pg_inherits.inhparent AND whole.relkind = 'p'
    WHERE whole.oid = to_regclass(%s)
    ORDER BY part.relname
"""


class StrangeBoundError(ValueError):
    """A part was made by hand, with a bound that ours do not have."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a table; `bounds` is None for the one that takes everything else.

    `rows` is what the last ANALYZE saw, None if there was none yet.
    """

    name: str
    bounds: Bounds | None
    rows: int | None
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of one table, the oldest first."""

    table: str
    spans: tuple[tuple[Part, Bounds], ...]
    default: Part | None

    @property
    def bounds(self) -> list[Bounds]:
        """Return the spans that are covered."""
        return [bounds for _part, bounds in self.spans]

    def covers(self, some_id: UUID) -> bool:
        """Say whether an id has a part of its own, and not only the default."""
        return any(some_id in bounds for bounds in self.bounds)


def parts_of(table: str) -> Parts | None:
    """Return a table's parts; None if it is whole, as everything is on SQLite.

    Raises
    ------
    StrangeBoundError
        Somebody made a part that is not bounded by two ids.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [table])
        parts = [
            Part(name, _bounds(name, bound), rows if rows >= 0 else None, size)
            for name, bound, rows, size in cursor.fetchall()
        ]
    if not parts:
        return None
    spans = [(part, part.bounds) for part in parts if part.bounds]
    return Parts(
        table=table,
        spans=tuple(sorted(spans, key=lambda one: one[1])),
        default=next((part for part in parts if part.bounds is None), None),
    )


def _bounds(name: str, bound: str) -> Bounds | None:
    """Read ``FOR VALUES FROM ('…') TO ('…')``."""
    if bound == "DEFAULT":
        return None
    found = UUID_IN_BOUND.findall(bound)
    if len(found) != 2:  # noqa: PLR2004 - from and to
        msg = f"{name} has bounds that cannot be kept: {bound}."
        raise StrangeBoundError(msg)
    return Bounds(*map(UUID, found))
