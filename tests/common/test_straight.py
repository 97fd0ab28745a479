"""Kept statements go the short way, and leave a connection as they found it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from common.postgresql.straight import Straight, numbered
from common.tenancy import scope

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="PostgreSQL's own connection"
    ),
]

ADD: Final = "INSERT INTO things (id, at, what, raw, told) SELECT %s, %s, %s, %s, %s"
FIND: Final = "SELECT * FROM things WHERE id = %s AND what <> '100%%'"
SETTING: Final = "SELECT current_setting('app.organization', true), %s::text"
ROW: Final = (
    uuid4(),
    datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    "ü %s '\"\\",
    b"\x00\xff" * 3,
    None,
)


@pytest.fixture(autouse=True)
def _things() -> Iterator[None]:
    """Make a table with a column of each kind that the intake writes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE things (id uuid PRIMARY KEY, at timestamptz, what text,"
            " raw bytea, told bigint)"
        )
    yield
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE things")


def run(text: str, *values: Any) -> Any:
    """Run a statement as the intake does."""
    return connection.run_kept(text, values)  # type: ignore[attr-defined] # our wrapper's


def test_values_come_back_as_they_went() -> None:
    """Bytes, moments, nothing, and what looks like a place or an escape."""
    added = run(ADD, *ROW)
    assert (added.count, list(added.rows)) == (1, [])
    found = run(FIND, ROW[0])
    assert (found.count, list(found.rows)) == (1, [ROW])
    assert run(FIND, uuid4()).rows == []


def test_large_values_fit_through() -> None:
    """More than a socket's buffer takes at once, both ways."""
    large = bytes(range(256)) * 40_000
    run(ADD, *ROW[:3], large, 2**40)
    (found,) = run(FIND, ROW[0]).rows
    assert found[3:] == (large, 2**40)


def test_it_goes_straight_unless_somebody_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where statements are counted, an ordinary cursor takes them."""
    seen: list[int] = []
    usual = Straight.run

    def watched(self: Straight, *statements: Any) -> Any:
        seen.append(len(statements))
        return usual(self, *statements)

    monkeypatch.setattr(Straight, "run", watched)
    run(FIND, ROW[0])
    assert seen == [1]
    with CaptureQueriesContext(connection) as queries:
        run(FIND, ROW[0])
    assert (seen, len(queries)) == ([1], 1)


def test_refused_statement_has_not_happened() -> None:
    """Django's error is raised, and the connection goes on."""
    run(ADD, *ROW)
    backend = connection.connection.info.backend_pid
    for _again in range(2):
        with pytest.raises(IntegrityError):
            run(ADD, *ROW)
    with pytest.raises(DataError):
        run(ADD, uuid4(), ROW[1], "a\x00b", b"", None)
    assert run(FIND, ROW[0]).rows == [ROW]
    assert connection.connection.info.backend_pid == backend


def test_scope_is_told_and_forgotten() -> None:
    """In the same transaction, which ends with the statement."""
    organization_id = uuid4()
    with scope.entered(organization_id):
        assert run(SETTING, "x").rows == [(str(organization_id), "x")]
    assert run(SETTING, "x").rows == [("", "x")]
    with connection.cursor() as cursor:
        cursor.execute(SETTING, ["y"])
        assert cursor.fetchone() == ("", "y")


def test_changed_table_is_asked_anew() -> None:
    """A plan of before the change is of no use; nobody notices."""
    run(ADD, *ROW)
    assert run(FIND, ROW[0]).rows == [ROW]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE things ADD COLUMN more integer DEFAULT 7")
    assert run(FIND, ROW[0]).rows == [(*ROW, 7)]


def test_forgotten_plans_are_made_again() -> None:
    """As when a pooler has given the connection another server."""
    run(FIND, ROW[0])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert run(FIND, ROW[0]).rows == []


def test_connection_that_dies_is_replaced() -> None:
    """The statement fails as any other would; the next request has a new one."""
    run(FIND, ROW[0])
    with pytest.raises(OperationalError):
        run("SELECT pg_terminate_backend(pg_backend_pid()), %s::text", "x")
    connection.close_if_unusable_or_obsolete()
    assert run(FIND, ROW[0]).rows == []


def test_interrupted_statement_leaves_no_answer_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An answer that nobody read would be the next one's."""
    run(FIND, ROW[0])

    def stop(_pgconn: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("common.postgresql.straight.generators.send", stop)
        with pytest.raises(KeyboardInterrupt):
            run(SETTING, "not read")
    connection.close_if_unusable_or_obsolete()
    assert run(FIND, ROW[0]).rows == []


def test_places_are_numbered() -> None:
    """And a percent sign that Django needs twice stands once."""
    assert numbered("a %s '%%' %s") == b"a $1 '%' $2"
    assert numbered("none") == b"none"
