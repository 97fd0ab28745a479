"""Which spans of time a table needs parts for: plain arithmetic, no database."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from common.ids import EPOCH, MILLISECONDS, RANDOM_BITS

# A Monday: weeks begin as calendars show them. Spans of any length are counted from
# here, so that two workers plan the same ones.
ORIGIN: Final = datetime(1970, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Bounds:
    """A span of ids: `start` is in it, `end` is not."""

    start: UUID
    end: UUID

    def __contains__(self, some_id: object) -> bool:
        return isinstance(some_id, UUID) and self.start <= some_id < self.end


def first_id(moment: datetime) -> UUID:
    """Return the smallest id that can be made at this moment, or later."""
    ms = max(0, (moment - EPOCH) // MILLISECONDS)
    return UUID(int=ms << RANDOM_BITS)


def moment_of(some_id: UUID) -> datetime:
    """Return when an id was made, as the clock of its maker said.

    Raises
    ------
    OverflowError
        It says a year after 9999: it was not made by a clock.
    """
    return EPOCH + (some_id.int >> RANDOM_BITS) * MILLISECONDS


def span_of(moment: datetime, *, days: int) -> Bounds:
    """Return the span of this many days that a moment lies in."""
    width = timedelta(days=days)
    start = ORIGIN + (moment - ORIGIN) // width * width
    return Bounds(first_id(start), first_id(start + width))


def spans_ahead(now: datetime, *, days: int, ahead: int) -> list[Bounds]:
    """Return the span of now, and those that follow it."""
    width = timedelta(days=days)
    return [span_of(now + index * width, days=days) for index in range(ahead + 1)]


def uncovered(wanted: Bounds, existing: Iterable[Bounds]) -> Iterator[Bounds]:
    """Yield the pieces of a span that no existing one covers, in their order.

    Spans that were made with another length do not fit the grid; what lies between
    them is filled.
    """
    start = wanted.start
    for other in sorted(existing):
        if other.end <= start or other.start >= wanted.end:
            continue
        if other.start > start:
            yield Bounds(start, other.start)
        start = other.end
    if start < wanted.end:
        yield Bounds(start, wanted.end)


def whole_before(moment: datetime, existing: Sequence[Bounds]) -> UUID:
    """Return where the past begins, without cutting through an existing span.

    What is dropped as a whole later is not deleted row by row now.
    """
    cut = first_id(moment)
    return next((one.start for one in existing if cut in one), cut)
