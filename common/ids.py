"""Identifiers that leave the process, and the day that they name."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

MILLISECONDS: Final = timedelta(milliseconds=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# A UUIDv7 begins with 48 bits of milliseconds; the rest has 80.
RANDOM_BITS: Final = 80


def new_id() -> UUID:
    """Return a UUIDv7: unguessable enough, and in the order of their making."""
    return uuid7()


def day_of(some_id: UUID) -> date:
    """Return the day (UTC) on which an id was made."""
    return (EPOCH + (some_id.int >> RANDOM_BITS) * MILLISECONDS).date()


def first_id_of(day: date) -> UUID:
    """Return the least id that can be made on a day.

    Examples
    --------
    >>> day_of(first_id_of(date(2026, 11, 23)))
    datetime.date(2026, 11, 23)
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return UUID(int=((midnight - EPOCH) // MILLISECONDS) << RANDOM_BITS)
