"""Seeing to it that there is a part for whatever comes, before it comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from .bounds import Bounds, first_id, spans_ahead, uncovered
from .catalog import Parts, parts_of
from .changes import Change, create, part_name
from .strays import count_strays, first_stray, spans_of_strays

# Who writes to the default part waits while rows move out of it: 20,000 batches took
# 0.3 s on a busy machine with two cores (benchmarks/partitions.py).
MOST_MOVED: Final = 20_000
LAST_ID: Final = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many days a part spans and how many are made ahead.

    Rows in the default part get a part of their own if they are no older than
    `oldest`. `most_moved` is how many rows may move at once; None lifts that.
    """

    days: int
    ahead: int
    oldest: datetime
    most_moved: int | None = MOST_MOVED


def create_ahead(
    table: str, *, key: str, now: datetime, schedule: Schedule, dry_run: bool = False
) -> Iterator[Change]:
    """Make the parts that are missing, and say what is left in the default part."""
    parts = parts_of(table)
    if parts is None:
        return
    wanted = spans_ahead(now, days=schedule.days, ahead=schedule.ahead)
    past = Bounds(first_id(schedule.oldest), wanted[0].start)
    lost = spans_of_strays(parts, key=key, within=past, days=schedule.days)
    for span in [*lost, *wanted]:
        for piece in uncovered(span, parts.bounds):
            change = _made(parts, key, piece, schedule.most_moved, dry_run=dry_run)
            if change is not None:
                yield change
    later = Bounds(wanted[-1].end, LAST_ID)
    if parts.default and first_stray(parts, key=key, within=later):
        rows = count_strays(parts, key=key, within=later, most=MOST_MOVED)
        yield Change("strayed", parts.default.name, rows)


def _made(
    parts: Parts, key: str, piece: Bounds, most: int | None, *, dry_run: bool
) -> Change | None:
    """Make one part, if what it takes from the default part is not too much."""
    rows = count_strays(parts, key=key, within=piece, most=most)
    if most is not None and rows > most:
        return Change("crowded", part_name(parts.table, piece), rows)
    if dry_run:
        return Change("created", part_name(parts.table, piece), rows)
    return create(parts.table, key=key, span=piece)
