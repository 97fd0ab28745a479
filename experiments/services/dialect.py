"""Where the two databases differ in what experiments ask of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection


def is_postgresql() -> bool:
    """Say which of the two it is."""
    return connection.vendor == "postgresql"


def id_of(value: UUID) -> Any:
    """Return an id as the database holds it."""
    return value if is_postgresql() else value.hex


def moment_of(value: datetime) -> Any:
    """Return a moment as the database compares it."""
    return connection.ops.adapt_datetimefield_value(value)


def uuid_placeholder() -> str:
    """Return a placeholder that is known to be an id where nothing else says so."""
    return "%s::uuid" if is_postgresql() else "%s"


def seconds_between(later: str, earlier: str) -> str:
    """Return how many seconds lie between two columns."""
    if is_postgresql():
        return f"EXTRACT(EPOCH FROM {later} - {earlier})"
    return f"((julianday({later}) - julianday({earlier})) * 86400.0)"


def materialized() -> str:
    """Return what keeps a common table from being computed several times."""
    return "AS MATERIALIZED" if is_postgresql() else "AS"


def hold(what: UUID) -> None:
    """Wait until nobody else holds this, and hold it to the transaction's end.

    Not a lock of a row: whoever records an exposure or an event refers to the
    experiment's row, and would wait. SQLite has one writer at a time anyway.
    """
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [what.int & (2**63 - 1)])
