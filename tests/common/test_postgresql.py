"""Whether a connection still lives is asked after a rest, and not before."""

from collections.abc import Iterator
from time import monotonic

import pytest
from django.db import connection

from common.postgresql import base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="PostgreSQL's own connection"
    ),
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Each time that a connection was asked, and its answer."""
    answers: list[bool] = []
    usual = base.DatabaseWrapper.is_usable

    def is_usable(self: base.DatabaseWrapper) -> bool:
        answers.append(usual(self))
        return answers[-1]

    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", is_usable)
    for name, value in (("CONN_HEALTH_CHECKS", True), ("CONN_MAX_AGE", 60)):
        monkeypatch.setitem(connection.settings_dict, name, value)
    connection.close()
    yield answers
    connection.close()


def request() -> int:
    """Use the connection as a request does; return which one the server says it is."""
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    connection.close_if_unusable_or_obsolete()
    return int(number)


def test_requests_in_a_row_do_not_ask(asked: list[bool]) -> None:
    """One after the other, as under load."""
    assert len({request() for _ in range(5)}) == 1
    assert asked == []


def test_rested_connection_is_asked(
    asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, and it goes on if it answers."""
    first = request()
    monkeypatch.setattr(base, "monotonic", lambda: 1e12)
    assert request() == first
    assert asked == [True]


def test_connection_that_died_at_rest_is_replaced(
    asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request that finds it dead does not fail."""
    first = request()
    assert connection.connection is not None
    connection.connection.close()
    monkeypatch.setattr(base, "monotonic", lambda: 1e12)
    assert request() != first
    assert asked == [False]


def test_idle_requests_do_not_count(
    asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What did not touch the database says nothing of it."""
    request()
    later = monotonic() + 2 * base.FRESH_S
    monkeypatch.setattr(base, "monotonic", lambda: later)
    for _ in range(3):
        connection.close_if_unusable_or_obsolete()
    request()
    assert asked == [True]


def test_only_statements_that_are_kept_are_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However often another one comes: its plan would be one for any values."""
    monkeypatch.setattr(base, "KEPT", {"SELECT %s + 41"})
    with connection.cursor() as cursor:
        for number in range(8):
            cursor.execute("SELECT %s + 41", [number])
            cursor.execute("SELECT %s + 42", [number])
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        statements = " ".join(text for (text,) in cursor.fetchall())
    assert "+ 41" in statements
    assert "+ 42" not in statements
