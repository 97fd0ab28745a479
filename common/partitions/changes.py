"""Making and dropping parts, without holding up those who write.

Seen in pg_locks of PostgreSQL 15: attaching a part asks for SHARE UPDATE EXCLUSIVE on
the table, ACCESS EXCLUSIVE on its default part, and SHARE ROW EXCLUSIVE on the tables
that its foreign keys name; dropping one asks for ACCESS EXCLUSIVE on the table. Whoever
waits for such a lock makes everyone wait who comes later. So nobody waits for longer
than a tenth of a second; there is another try after a pause. DETACH CONCURRENTLY is
refused beside a default part, and dropping what was detached before asks for more:
ACCESS EXCLUSIVE on the tables that the foreign keys name.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

import structlog
from django.db import OperationalError, connection, transaction
from psycopg import errors, sql

from .bounds import Bounds, moment_of, uncovered
from .catalog import Part, Parts, parts_of
from .strays import first_stray

log = structlog.get_logger(__name__)

# Shorter than deadlock_timeout (1 s): where two wait for each other, it is we who give
# way, and never a request.
LOCK_TIMEOUT_MS: Final = 100
ATTEMPTS: Final = 10
PAUSE_S: Final = 1.0
# "partitio" as a number; nothing else here takes advisory locks.
ADVISORY_LOCK: Final = 0x7061_7274_6974_696F

Verb = Literal["created", "dropped", "erased", "left", "crowded", "strayed", "busy"]


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a part, or would be.

    `erased` means rows, deleted one by one. `left` is a part that is past its time and
    still needed. `crowded` is one that cannot be made because the default part holds
    too many rows of it, `strayed` a default part with rows of a time that is not
    planned yet. `busy` was not changed, since others did not let go of the table.
    """

    verb: Verb
    part: str
    rows: int = 0
    size_bytes: int = 0


LOUD: Final = frozenset({"crowded", "strayed", "busy"})


class _NothingToDo(Exception):  # noqa: N818 - no error: it ends an attempt
    """Another worker did it, or is at it."""


def part_name(table: str, span: Bounds) -> str:
    """Return what the part of a span is called."""
    return f"{table}_p{moment_of(span.start):%Y%m%d}"


def create(table: str, *, key: str, span: Bounds) -> Change | None:
    """Make a part, its rows in the default part move in; None if another is at it."""
    name = part_name(table, span)

    def act() -> Change:
        parts = parts_of(table)
        if parts is None or [*uncovered(span, parts.bounds)] != [span]:
            raise _NothingToDo
        # Beside the table first: PARTITION OF would ask for ACCESS EXCLUSIVE on it.
        _run("CREATE TABLE {new} (LIKE {table} INCLUDING ALL)", new=name, table=table)
        moved = _move_in(parts, key, span, name)
        _run(
            "ALTER TABLE {table} ATTACH PARTITION {new}"
            f" FOR VALUES FROM ('{span.start}') TO ('{span.end}')",
            new=name,
            table=table,
        )
        return Change("created", name, rows=moved)

    return _attempt(name, act)


def drop(table: str, part: Part) -> Change | None:
    """Drop a part with all its rows; None if another worker is at it."""

    def act() -> Change:
        parts = parts_of(table)
        if parts is None or part.name not in {one.name for one, _span in parts.spans}:
            raise _NothingToDo
        _run("DROP TABLE {part}", part=part.name)
        return Change("dropped", part.name, part.rows or 0, part.size_bytes)

    return _attempt(part.name, act)


def report(change: Change) -> None:
    """Write a change to the log, as a warning if somebody has to do something."""
    write = log.warning if change.verb in LOUD else log.info
    write(
        f"partition.{change.verb}",
        partition=change.part,
        rows=change.rows,
        size_bytes=change.size_bytes,
    )


def _move_in(parts: Parts, key: str, span: Bounds, name: str) -> int:
    """Move a span's rows out of the default part, which is locked if it has any."""
    if parts.default is None or not first_stray(parts, key=key, within=span):
        return 0
    default = parts.default.name
    # Before the rows are taken: one that came between would refuse the attachment.
    _run("LOCK TABLE ONLY {default} IN ACCESS EXCLUSIVE MODE", default=default)
    return _run(
        "WITH moved AS (DELETE FROM ONLY {default} WHERE {key} >= %s AND {key} < %s"
        " RETURNING *) INSERT INTO {new} SELECT * FROM moved",
        span.start,
        span.end,
        default=default,
        key=key,
        new=name,
    )


def _run(query: str, *values: UUID, **names: str) -> int:
    """Run a statement in which names stand in braces; return the number of rows."""
    named = {place: sql.Identifier(name) for place, name in names.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(**named), values or None)
        return int(cursor.rowcount)


def _attempt(name: str, act: Callable[[], Change]) -> Change | None:
    """Act in a transaction that holds nobody up; try again if it gets no lock."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with _short_locks():
                return act()
        except _NothingToDo:
            return None
        except OperationalError as error:
            refused = errors.LockNotAvailable | errors.DeadlockDetected
            if not isinstance(error.__cause__, refused):
                raise
            log.info("partition.locked", partition=name, attempt=attempt)
        time.sleep(PAUSE_S)
    return Change("busy", name)


@contextmanager
def _short_locks() -> Iterator[None]:
    """Open a transaction that gives up soon, and is the only one of its kind.

    The advisory lock is the transaction's own: behind a pooler, one of the session's
    would belong to somebody else.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_LOCK])
            (ours,) = cursor.fetchone()
            if not ours:
                raise _NothingToDo
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
        yield
