"""What was written cannot be changed, and whoever forces it is found."""

import json
import threading
from collections.abc import Callable
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from accounts.audit import sealing
from accounts.audit.record import record_act
from accounts.audit.sealing import OWN, seal_all
from accounts.audit.verifying import SEALED_WITHIN
from accounts.models import AuditRow, AuditSeal, Organization
from common.tenancy import scope
from tests.isolation.roles import with_roles

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)
postgres_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's file is its owner's to change."
)


TABLES = ["accounts_auditrow", "accounts_auditseal"]


def act(organization: Organization | None, count: int = 1) -> None:
    """Write acts down."""
    for _each in range(count):
        record_act("organization.created", target=organization, after={"name": "Ours"})


@pytest.fixture
def sealed(organization: Organization) -> Organization:
    """Have a sealed chain of an organization, and one of the installation."""
    act(organization, 5)
    act(None, 2)
    seal_all()
    return organization


def verify(*args: str) -> dict[str, Any]:
    """Run the command; return what it answers in JSON."""
    out = StringIO()
    try:
        call_command("verify_audit", "--json", *args, stdout=out)
    except CommandError as error:
        said = {"error": str(error)}
    else:
        said = {}
    found: dict[str, Any] = json.loads(out.getvalue()) | said
    return found


def breaks(*args: str) -> list[tuple[str, int | None]]:
    """Return what does not hold, and at which number."""
    return [(one["what"], one["number"]) for one in verify(*args)["breaks"]]


@pytest.fixture
def force() -> Callable[..., None]:
    """Change the audit as who owns the tables can: triggers off."""

    def triggers(do: str) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"ALTER TABLE {table} {do} TRIGGER never_changed")

    def run(sql: str, *values: Any) -> None:
        triggers("DISABLE")
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        triggers("ENABLE")

    return run


def row_at(organization: Organization, number: int) -> str:
    """Return the id of the row at a place, as the database takes it."""
    seal = AuditSeal.objects.get(chain=organization.id, number=number)
    return plain(seal.row_id)


def plain(one: UUID) -> str:
    """Return an id as a database takes it."""
    return str(one) if connection.vendor == "postgresql" else one.hex


def test_chain_holds(sealed: Organization) -> None:
    """Each row is sealed once, in one order, and nothing is wrong."""
    found = verify()
    assert found["breaks"] == []
    assert found["checked"] == AuditRow.objects.count() == AuditSeal.objects.count()
    numbers = AuditSeal.objects.filter(chain=sealed.id).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert seal_all() == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "member.added"),
        ("difference", '{"name": [null, "Theirs"]}'),
        ("actor_name", "somebody else"),
        ("reason", "x"),
        ("created_at", "2020-01-01 00:00:00+00:00"),
        ("outcome", "refused"),
    ],
)
def test_changed_row_is_found(
    sealed: Organization, force: Callable[..., None], column: str, value: str
) -> None:
    """With its place; what stands behind it still holds."""
    row_id = row_at(sealed, 3)
    force(f"UPDATE accounts_auditrow SET {column} = %s WHERE id = %s", value, row_id)  # noqa: S608 - ours
    assert breaks() == [("changed", 3)]


def test_removed_row_is_found(sealed: Organization, force: Callable[..., None]) -> None:
    """Its seal stands there without it."""
    force("DELETE FROM accounts_auditrow WHERE id = %s", row_at(sealed, 2))
    assert breaks() == [("missing", 2)]


def test_row_removed_with_its_seal_is_found(
    sealed: Organization, force: Callable[..., None]
) -> None:
    """A number is missing, also when those behind it move up."""
    row_id = row_at(sealed, 2)
    force("DELETE FROM accounts_auditrow WHERE id = %s", row_id)
    force("DELETE FROM accounts_auditseal WHERE row_id = %s", row_id)
    assert breaks() == [("cut_out", 2)]
    force(
        "UPDATE accounts_auditseal SET number = number - 1"
        " WHERE chain = %s AND number = 3",
        plain(sealed.id),
    )
    assert ("changed", 2) in breaks()


def test_rows_that_change_places_are_found(
    sealed: Organization, force: Callable[..., None]
) -> None:
    """Each digest holds its number."""
    two, three = row_at(sealed, 2), row_at(sealed, 3)
    spare = plain(UUID(int=7))
    for new, old in ((spare, two), (two, three), (three, spare)):
        force("UPDATE accounts_auditseal SET row_id = %s WHERE row_id = %s", new, old)
    assert breaks() == [("changed", 2), ("changed", 3)]


def test_end_that_was_cut_off_is_found_by_a_kept_head(
    sealed: Organization, force: Callable[..., None]
) -> None:
    """The database alone cannot tell it from a chain that is shorter."""
    last = AuditSeal.objects.filter(chain=sealed.id).order_by("-number").first()
    assert last is not None
    assert verify("--head", last.digest)["heads_gone"] == []
    force("DELETE FROM accounts_auditrow WHERE id = %s", plain(last.row_id))
    force("DELETE FROM accounts_auditseal WHERE row_id = %s", plain(last.row_id))
    assert breaks() == []
    found = verify("--head", last.digest)
    assert found["heads_gone"] == [last.digest]
    assert "1 places" in found["error"]


def test_row_that_nobody_sealed_is_found(organization: Organization) -> None:
    """Once the task has had its time."""
    seal_all()
    act(organization)
    assert breaks() == []
    AuditRow.objects.bulk_create(
        [
            AuditRow(
                organization=organization,
                verb="signed_in",
                actor_kind="user",
                created_at=timezone.now() - 2 * SEALED_WITHIN,
            )
        ]
    )
    assert [what for what, _number in breaks()] == ["unsealed"]


def test_seals_need_the_servers_key(sealed: Organization, settings: Any) -> None:
    """Who writes to the database and lacks it makes no chain that holds."""
    settings.KEY_PEPPER = "another one"
    assert len(breaks()) == AuditRow.objects.count()


def test_command_tells_in_words(
    sealed: Organization, force: Callable[..., None]
) -> None:
    """And ends with an error; one organization alone can be asked for."""
    out = StringIO()
    call_command("verify_audit", organization=sealed.name, stdout=out)
    assert "entries are as they were written" in out.getvalue()
    row_id = row_at(sealed, 4)
    force("DELETE FROM accounts_auditrow WHERE id = %s", row_id)
    with pytest.raises(CommandError, match="1 places"):
        call_command("verify_audit", stdout=out)
    assert f"organization {sealed.id}, number 4: entry" in out.getvalue()
    assert "is gone." in out.getvalue()
    with pytest.raises(CommandError, match="organization"):
        call_command("verify_audit", organization="Nobody", stdout=out)


STATEMENTS = ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"]


def run_as(role: str, statement: str) -> None:
    """Run a statement as a role, and come back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)


@with_roles
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("role", ["DATABASE_APP_ROLE", "DATABASE_OPS_ROLE"])
def test_no_role_that_serves_may_change_it(
    table: str, statement: str, role: str, settings: Any
) -> None:
    """The rights are missing."""
    with pytest.raises(DatabaseError, match="permission denied"):
        run_as(getattr(settings, role), statement.format(table))


@postgres_only
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", STATEMENTS[:2])
def test_not_even_the_owner_may_change_it(table: str, statement: str) -> None:
    """A trigger refuses whoever has the rights, superusers among them."""
    with pytest.raises(DatabaseError, match="never changed"):
        run_as("NONE", statement.format(table))


class Working(threading.Thread):
    """Does something until it is over, with a connection of its own."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self.work = work
        self.start()

    def run(self) -> None:
        """Do it."""
        try:
            self.work()
        finally:
            connections.close_all()


@committed
@postgres_only
def test_rows_that_come_late_are_sealed(organization: Organization) -> None:
    """Eight threads write, some slowly, while two seal: none is missed or doubled."""
    stop = threading.Event()

    def write() -> None:
        for each in range(25):
            with transaction.atomic():
                act(organization)
                # Some rows are older than many that are sealed before them.
                stop.wait(0.02 if each % 5 == 0 else 0)

    def seal() -> None:
        while not stop.is_set():
            seal_all()

    writers = [Working(write) for _each in range(8)]
    sealers = [Working(seal) for _each in range(2)]
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    seal_all()
    assert AuditRow.objects.filter(organization=organization).count() >= 200
    assert AuditSeal.objects.count() == AuditRow.objects.count()
    assert breaks() == []


def test_chain_outlives_its_organization(
    sealed: Organization, force: Callable[..., None]
) -> None:
    """What was done there can still be read and verified."""
    chain = sealed.id
    with scope.everywhere("test"):
        Organization.objects.filter(id=chain).delete()
    assert AuditRow.objects.filter(organization_id=chain).count() >= 5
    assert chain in sealing.chains()
    assert OWN in sealing.chains()
    assert breaks() == []
