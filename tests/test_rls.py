"""Organizations are kept apart: by the API, by pages, and by PostgreSQL itself.

Calls and pages come from the URL conf, tables from the models, and what each of them is
to whom stands in docs/security.md. The rows are asked for raw, as the role that serves.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError
from psycopg import sql

from accounts.models import Membership, Organization
from accounts.selectors import origin_is_registered
from common.partitions.catalog import parts_of
from common.tenancy import scope
from common.tenancy.tables import tenant_tables
from config.settings.tenancy import APPEND_ONLY
from sessions_app.facade import Survey, create_survey
from sessions_app.models import Session, SessionTag
from tests.conftest import ORIGIN, Caller
from tests.isolation import calls, document, pages
from tests.isolation.calls import Call
from tests.isolation.roles import with_roles
from tests.isolation.rows import PID, TABLES, count, enter, fill, owners, owners_seen
from tests.isolation.world import World, build
from tests.services import postgres
from tests.services.pgbouncer import PgBouncer
from tests.services.processes import ServiceError

committed: Final = pytest.mark.django_db(transaction=True)
in_transaction: Final = pytest.mark.django_db


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


# -- calls and pages, from the URL conf


@pytest.fixture
def world(organization: Organization) -> World:
    """Ours, with everything."""
    return build(organization)


@pytest.mark.api
@in_transaction
@pytest.mark.parametrize("call", calls.every(), ids=lambda call: call.name)
def test_a_call_is_for_who_stands_in_the_table(
    call: Call, world: World, stranger: Organization
) -> None:
    """Whoever else makes it learns nothing, not even whether there is such a thing."""
    for who, caller in calls.callers_of(call, world, build(stranger)).items():
        answer = calls.made(call, caller, world)
        assert calls.outcome(answer) == call.outcome_for(who), (who, answer.content)
        if who.startswith("their"):
            said = calls.without_echo(call, pages.text_of(answer), world)
            assert not [each for each in world.secrets if each in said]


@pytest.mark.api
@in_transaction
@pytest.mark.parametrize("call", calls.every(), ids=lambda call: call.name)
def test_what_is_theirs_is_like_nothing(
    call: Call, world: World, stranger: Organization
) -> None:
    """The same words as for an id that nobody has."""
    for who, caller in calls.strangers_of(build(stranger)).items():
        if call.outcome_for(who) == "404":
            theirs, nobodys = (
                calls.words(call, caller, each) for each in (world, world.of_nobody())
            )
            assert theirs == nobodys


def test_document_shows_each_call() -> None:
    """When this fails, put the table that it prints into docs/security.md."""
    assert document.table("calls") == document.table_of_calls()


@pytest.mark.api
@pytest.mark.timeout(600)
@in_transaction
def test_pages_are_for_whom_the_document_says(world: World) -> None:
    """The same holds for this table; what is not open shows nobody anything."""
    rows = {}
    for pattern in pages.every():
        address = pages.address_of(pattern, world.organization)
        found = pages.visitors(world.organization)
        rows[pattern] = {
            who: pages.told(one.get(address)) for who, one in found.items()
        }
        assert pages.is_open(pattern) or rows[pattern]["nobody"] != calls.GOOD
    assert document.table("pages") == document.table_of_pages(rows)


@pytest.mark.api
@in_transaction
def test_no_page_shows_or_changes_what_is_theirs(
    world: World, stranger: Organization
) -> None:
    """An owner elsewhere asks for each of our pages, and sends each of our forms."""
    build(stranger)
    mallory = Membership.objects.get(organization=stranger, role="owner").user
    before = world.rows()
    for pattern in pages.every():
        address = pages.address_of(pattern, world.organization)
        # A new one for each: notices would name what was asked for before.
        browser = pages.browser_of(mallory)
        for answer in (browser.get(address), browser.post(address, {"post": "yes"})):
            said = pages.text_of(answer).replace(address, "")
            assert not [each for each in world.secrets if each in said], address
    assert world.rows() == before


# -- rows, asked for raw


def test_every_table_of_organizations_is_tried_here() -> None:
    """A new one has to be filled above, or nobody knows that its wall holds."""
    assert sorted(tenant_tables()) == TABLES


@committed
@with_roles
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
@with_roles
@pytest.mark.parametrize("table", sorted({*TABLES} - {*APPEND_ONLY}))
def test_nothing_of_another_organization_can_be_changed(
    table: str,
    app: psycopg.Connection,
    ours: str,
    organization: Organization,
    stranger: Organization,
) -> None:
    """Updates and deletions pass by; taking a row along is refused."""
    column = sql.Identifier(tenant_tables()[table])
    names = {"table": sql.Identifier(table), "column": column}
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
@with_roles
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
@with_roles
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
@with_roles
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
@with_roles
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
@with_roles
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
@with_roles
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
@with_roles
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
@with_roles
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
@with_roles
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
@with_roles
def test_a_task_leaves_nothing_to_the_next(ours: str, theirs: str) -> None:
    """Both sessions were judged by one worker, each within its organization."""
    assert scope.current() == scope.UNTOLD
    assert Session.objects.filter(is_final=True).count() == 2


@committed
@with_roles
@pytest.mark.usefixtures("ours", "theirs")
def test_a_pooler_hands_no_scope_on(
    login: Callable[..., Any], organization: Organization, stranger: Organization
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
