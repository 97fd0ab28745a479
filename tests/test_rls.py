"""PostgreSQL itself keeps organizations apart: asked raw, as the role that serves."""

import os
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError
from psycopg import sql

from accounts.models import Organization, User
from accounts.selectors import origin_is_registered
from accounts.services.invitations import invite
from accounts.services.members import add_member
from accounts.services.signing_in import begin
from common.partitions.catalog import parts_of
from common.tenancy import scope
from common.tenancy.tables import tenant_tables
from sessions_app.facade import Survey, create_survey
from sessions_app.models import Session, SessionTag
from tests.conftest import ORIGIN, Caller, make_moves
from tests.services import postgres
from tests.services.pgbouncer import PgBouncer
from tests.services.processes import ServiceError

pytestmark = pytest.mark.skipif(
    "DATABASE_APP_ROLE" not in os.environ,
    reason="Roles are on a PostgreSQL of our own: `make test` brings it.",
)
committed: Final = pytest.mark.django_db(transaction=True)
in_transaction: Final = pytest.mark.django_db
TABLES: Final = sorted(
    {
        "accounts_apikey",
        "accounts_invitation",
        "accounts_keyorigin",
        "accounts_membership",
        "accounts_organization",
        "accounts_tokenfamily",
        "common_keptanswer",
        "detection_detectionresult",
        "sessions_app_answer",
        "sessions_app_behaviordata",
        "sessions_app_respondent",
        "sessions_app_session",
        "sessions_app_sessiontag",
        "sessions_app_survey",
        "sessions_app_tally",
    }
)


def fill(server: Caller, survey: Survey) -> str:
    """Leave a row of an organization in each table that somebody writes to."""
    name = str(survey.organization_id)
    person = User.objects.create_user(name, f"{name}@survey.example", "a password")
    member = add_member(
        organization_id=survey.organization_id, user_id=person.id, role="admin"
    )
    begin(membership=member)
    invite(organization_id=survey.organization_id, email=person.email, role="viewer")
    opened = server.post(
        "sessions",
        {"survey_id": str(survey.id), "respondent_id": "r-1", "tags": ["first"]},
        headers={"Idempotency-Key": f"opened-once-{name}"},
    )
    session_id = str(opened.json()["id"])
    calls = [
        ("data", make_moves(0)),
        ("answers", {"answers": [{"item": "q1", "type": "number", "value": 3}]}),
        ("complete", None),
    ]
    for path, body in calls:
        answer = server.post(f"sessions/{session_id}/{path}", body)
        assert answer.status_code == 200, answer.content
    return session_id


@pytest.fixture
def ours(server: Caller, site: Caller, survey: Survey) -> str:
    """A session of ours, and a row of ours in every table."""
    return fill(server, survey)


@pytest.fixture
def theirs(strange_server: Caller, stranger: Organization) -> str:
    """A session of theirs."""
    other = create_survey(organization_id=stranger.id, name="Commuting")
    return fill(strange_server, other)


@pytest.fixture
def app(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A connection of the role that serves, which nobody told anything."""
    names = connection.get_connection_params()
    where = {name: names[name] for name in ("host", "port", "dbname")}
    with psycopg.connect(**where, user=postgres.APP_ROLE) as link:
        yield link


def enter(link: psycopg.Connection, organization_id: UUID) -> None:
    """Do by hand what the product does in front of a transaction's statements."""
    link.execute(
        "SELECT set_config('app.organization', %s, true)", [str(organization_id)]
    )


def owners(link: psycopg.Connection, table: str) -> set[UUID]:
    """Return whose rows are seen."""
    column = sql.Identifier(tenant_tables()[table])
    query = sql.SQL("SELECT DISTINCT {} FROM {}").format(column, sql.Identifier(table))
    return {owner for (owner,) in link.execute(query)}


def count(link: Any, table: str = "sessions_app_session") -> int:
    """Return how many rows a connection of Django's sees."""
    with link.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        (number,) = cursor.fetchone()
    return int(number)


def test_every_table_of_organizations_is_tried_here() -> None:
    """A new one has to be filled above, or nobody knows that its wall holds."""
    assert sorted(tenant_tables()) == TABLES


@committed
@pytest.mark.parametrize("table", TABLES)
def test_the_application_sees_its_scope_and_nothing_else(
    table: str,
    app: psycopg.Connection,
    ours: str,
    theirs: str,
    organization: Organization,
    stranger: Organization,
) -> None:
    """Nobody's scope has no rows; each organization's has its own alone."""
    assert owners(app, table) == set()
    enter(app, organization.id)
    assert owners(app, table) == {organization.id}
    app.rollback()
    assert owners(app, table) == set()
    if table != "accounts_keyorigin":  # they have no page, so no origin
        enter(app, stranger.id)
        assert owners(app, table) == {stranger.id}


@committed
@pytest.mark.parametrize("table", TABLES)
def test_nothing_of_another_organization_can_be_changed(
    table: str,
    app: psycopg.Connection,
    ours: str,
    organization: Organization,
    stranger: Organization,
) -> None:
    """Updates and deletions pass by; taking a row along is refused."""
    names = {
        "table": sql.Identifier(table),
        "column": sql.Identifier(tenant_tables()[table]),
    }
    take = sql.SQL("UPDATE {table} SET {column} = %s").format(**names)
    enter(app, stranger.id)
    touched = app.execute(take, [stranger.id]).rowcount
    touched += app.execute(sql.SQL("DELETE FROM {table}").format(**names)).rowcount
    assert touched == 2 * (table == "accounts_organization")  # their own
    app.rollback()
    enter(app, organization.id)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="policy"):
        app.execute(take, [stranger.id])
    app.rollback()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(sql.SQL("TRUNCATE {table}").format(**names))


@committed
@pytest.mark.parametrize(
    "table", ["sessions_app_behaviordata", "detection_detectionresult"]
)
def test_parts_cannot_be_read_by_themselves(
    table: str, app: psycopg.Connection, ours: str, organization: Organization
) -> None:
    """Policies stand on the whole table: a part would be a door beside the wall."""
    parts = parts_of(table)
    assert parts is not None
    names = [part.name for part, _span in parts.spans]
    assert parts.default is not None
    for name in [*names, parts.default.name]:
        enter(app, organization.id)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="denied"):
            app.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(name)))
        app.rollback()


@in_transaction
def test_a_row_cannot_name_another_organizations_session(
    ours: str, stranger: Organization
) -> None:
    """Foreign keys see everything; those over two columns do not let it through."""
    SessionTag.objects.create(
        organization_id=stranger.id, session_id=UUID(ours), tag="stolen"
    )
    with pytest.raises(IntegrityError, match="of_organization"):
        connection.check_constraints()


@committed
def test_a_key_is_found_before_anybody_is_known(
    app: psycopg.Connection, server: Caller, site: Caller
) -> None:
    """Two functions answer one question each; the tables stay closed."""
    query = "SELECT count(*) FROM accounts_key_of_prefix(%s)"
    with connection.cursor() as cursor:
        cursor.execute("SELECT prefix FROM accounts_apikey WHERE kind = 'secret'")
        (prefix,) = cursor.fetchone()
    assert app.execute(query, [prefix]).fetchone() == (1,)
    assert app.execute(query, ["bf_sk_live_unknown"]).fetchone() == (0,)
    assert app.execute("SELECT count(*) FROM accounts_apikey").fetchone() == (0,)
    assert origin_is_registered(ORIGIN)


# -- the product's own way to the database


@committed
def test_a_scope_lasts_as_long_as_its_block(
    login: Callable[..., Any], ours: str, theirs: str, organization: Organization
) -> None:
    """Without a transaction and in one, and after an exception as well."""
    link = login()
    for _ in range(8):  # from the sixth time on statements are prepared
        assert count(link) == 0
        with scope.entered(organization.id):
            assert count(link) == 1
    with pytest.raises(ZeroDivisionError), scope.entered(organization.id):
        assert count(link) == 1 / 0
    assert count(link) == 0
    with scope.everywhere("tests"):
        assert count(link) == 2
    link.set_autocommit(False)
    with scope.everywhere("tests"):
        assert count(link) == 2
    with scope.entered(organization.id):
        assert count(link) == 1
    assert count(link) == 0
    link.rollback()
    link.set_autocommit(True)


@committed
def test_a_savepoint_that_is_rolled_back_takes_no_scope_along(
    login: Callable[..., Any], ours: str, theirs: str, organization: Organization
) -> None:
    """What was told inside of it is undone by PostgreSQL, and told again."""
    link = login()
    link.set_autocommit(False)
    with scope.everywhere("tests"):
        assert count(link) == 2
        saved = link.savepoint()
        with scope.entered(organization.id):
            assert count(link) == 1
            link.savepoint_rollback(saved)
            assert count(link) == 1
        saved = link.savepoint()
        with pytest.raises(ProgrammingError), scope.entered(organization.id):
            count(link, "no_such_table")
        link.savepoint_rollback(saved)
        assert count(link) == 2
    link.rollback()
    link.set_autocommit(True)


@committed
def test_nothing_stays_on_a_connection(
    login: Callable[..., Any], ours: str, organization: Organization
) -> None:
    """Whoever has it next finds neither an organization nor another role."""
    link = login()
    with scope.entered(organization.id):
        count(link)
    with scope.everywhere("tests"):
        count(link)
    found = link.connection.execute(
        "SELECT current_setting('app.organization', true), current_user"
    ).fetchone()
    assert found == ("", postgres.APP_ROLE)


@committed
def test_large_reads_and_many_writes_are_held_as_well(
    login: Callable[..., Any], ours: str, theirs: str, organization: Organization
) -> None:
    """A cursor of the server's and `executemany` go through no pipeline."""
    link = login()
    rename = "UPDATE sessions_app_survey SET name = name || %s"
    with scope.entered(organization.id):
        with link.chunked_cursor() as cursor:
            cursor.execute("SELECT organization_id FROM sessions_app_session")
            assert cursor.fetchall() == [(organization.id,)]
        with link.cursor() as cursor:
            cursor.executemany(rename, [["a"], ["b"]])
            assert cursor.rowcount == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sessions_app_survey ORDER BY name")
        assert cursor.fetchall() == [("Commuting",), ("Commutingab",)]


@in_transaction
def test_a_request_begins_and_ends_with_nobody(
    server: Caller, strange_server: Caller, ours: str, organization: Organization
) -> None:
    """On one connection: theirs after ours, and one that shows no key at all."""
    assert server.get(f"sessions/{ours}/status").status_code == 200
    assert scope.current() == scope.UNTOLD
    assert strange_server.get(f"sessions/{ours}/status").status_code == 404
    assert Caller().get(f"sessions/{ours}/status").status_code == 401
    with scope.entered(organization.id):
        # A thread that did not clean up after its last work.
        assert strange_server.get("sessions").json()["results"] == []


@in_transaction
def test_a_view_that_forgets_whose_rows_it_wants_finds_none(
    server: Caller, strange_server: Caller, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second lock holds where the first one is left open."""

    def of_anybody(organization_id: UUID, **_options: Any) -> Any:
        return Session.objects.all().prefetch_related("tags")

    monkeypatch.setattr("sessions_app.selectors.sessions", of_anybody)
    assert len(server.get("sessions").json()["results"]) == 1
    assert strange_server.get("sessions").json()["results"] == []


@committed
def test_a_task_leaves_nothing_to_the_next(ours: str, theirs: str) -> None:
    """Both sessions were judged by one worker, each within its organization."""
    assert scope.current() == scope.UNTOLD
    assert Session.objects.filter(is_final=True).count() == 2


@committed
def test_a_pooler_hands_no_scope_on(
    login: Callable[..., Any],
    ours: str,
    theirs: str,
    organization: Organization,
    stranger: Organization,
) -> None:
    """Two clients share PgBouncer's one connection, statement by statement."""
    names = connection.get_connection_params()
    try:
        pooler = PgBouncer(str(names["host"]), int(names["port"]), postgres.APP_ROLE)
    except ServiceError as error:
        pytest.skip(str(error))
    with pooler:
        where = {"HOST": "127.0.0.1", "PORT": pooler.port}
        one, two = login(**where), login(**where)
        pids = []
        for _ in range(3):
            with scope.entered(organization.id):
                assert owners_seen(one) == {organization.id}
            assert count(two) == 0
            with scope.entered(stranger.id):
                assert owners_seen(two) == {stranger.id}
            assert count(one) == 0
            pids += [link.connection.execute(PID).fetchone() for link in (one, two)]
        assert len(set(pids)) == 1
        one.close()
        two.close()


PID: Final = "SELECT pg_backend_pid()"


def owners_seen(link: Any) -> set[UUID]:
    """Return whose sessions a connection of Django's sees."""
    with link.cursor() as cursor:
        cursor.execute("SELECT organization_id FROM sessions_app_session")
        return {owner for (owner,) in cursor.fetchall()}
