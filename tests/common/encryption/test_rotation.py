"""A new key takes over while everybody goes on writing, and nothing is lost."""

import secrets
import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.models import Invitation, Organization
from common.checks import field_keys_can_be_read, no_field_key_is_missing
from common.encryption import registry, rotation
from common.encryption.keys import new_field_key
from common.encryption.sealing import key_id_of, unseal
from common.models import FieldKey
from common.tenancy import scope

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW, NEWER = (new_field_key(name) for name in ("old", "new", "newer"))


@pytest.fixture(autouse=True)
def _forget(settings: LazySettings) -> Iterator[None]:
    """Begin with the old key, and with nothing known of the database."""
    settings.FIELD_KEYS = OLD
    registry._known.clear()
    yield
    registry._known.clear()


def invite(organization: Organization, count: int = 1) -> list[Invitation]:
    """Add invitations."""
    return Invitation.objects.bulk_create(
        Invitation(
            organization=organization,
            email=f"p{at}@survey.example",
            role="viewer",
            expires_at=timezone.now(),
        )
        for at in range(count)
    )


def key_ids() -> set[str]:
    """Return which keys have sealed the invitations."""
    rows: Any = Invitation.objects.values_list("email", flat=True)
    return {key_id_of(value.text) for value in rows}


def run(*args: Any, **options: Any) -> str:
    """Run the command; return what it said."""
    out = StringIO()
    call_command("rotate_keys", *args, stdout=out, **options)
    return out.getvalue()


def missing() -> list[str]:
    """Return what the check of the database complains about."""
    return [one.msg for one in no_field_key_is_missing(databases=["default"])]


def test_every_value_gets_the_new_key(
    organization: Organization, settings: LazySettings
) -> None:
    """And the old one may be taken away, which it could not before."""
    invite(organization, 7)
    settings.FIELD_KEYS = NEW
    assert "The key old is used" in missing()[0]
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    assert missing() == []
    assert "accounts.Invitation.email: 7 values wait." in run("--dry-run")
    assert key_ids() == {"old"}
    said = run("--batch", "3")
    assert "accounts.Invitation.email: 7 values were sealed anew." in said
    assert "Not needed any more in this database: old." in said
    settings.FIELD_KEYS = NEW
    assert missing() == []
    assert {one.email for one in Invitation.objects.all()} == {
        f"p{at}@survey.example" for at in range(7)
    }
    assert "0 values were sealed anew" in run()


def test_run_that_was_ended_goes_on(
    organization: Organization, settings: LazySettings
) -> None:
    """What is done says so itself."""
    invite(organization, 6)
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    (column,) = (
        one
        for one in rotation.sealed_columns()
        if str(one) == "accounts.Invitation.email"
    )
    assert next(rotation.rotate(column, batch=4)) == 4
    assert key_ids() == {"new", "old"}
    assert rotation.waiting(column) == 2
    assert sum(rotation.rotate(column, batch=4)) == 2
    assert key_ids() == {"new"}


def test_value_that_does_not_open_stops_it(
    organization: Organization, settings: LazySettings
) -> None:
    """With its column's name; nothing is written over."""
    invite(organization)
    settings.FIELD_KEYS = f"{NEW},{new_field_key('old')}"
    with pytest.raises(CommandError, match=r"Invitation\.email: 0 values"):
        run()
    settings.FIELD_KEYS = NEW
    with pytest.raises(CommandError, match="no key old"):
        run()
    settings.FIELD_KEYS = OLD
    assert Invitation.objects.get().email == "p0@survey.example"


def test_batch_is_a_number_of_rows() -> None:
    """Not less than one."""
    with pytest.raises(CommandError, match="at least 1"):
        run("--batch", "0")


def test_value_that_changes_meanwhile_stays(
    organization: Organization, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wrote between reading and writing has the last word."""
    (row,) = invite(organization)
    settings.FIELD_KEYS = f"{NEW},{OLD}"

    def change(*args: Any) -> bytes:
        row.email = "changed@survey.example"
        row.save(update_fields=["email"])
        return unseal(*args)

    monkeypatch.setattr(rotation, "unseal", change)
    assert "accounts.Invitation.email: 0 values were sealed anew." in run()
    assert Invitation.objects.get().email == "changed@survey.example"


class Writer(threading.Thread):
    """Changes its rows, one after the other, until it is told to stop."""

    def __init__(self, rows: list[Invitation]) -> None:
        super().__init__()
        self.rows, self.stop = rows, threading.Event()
        self.last = {row.id: str(row.email) for row in rows}
        self.failed: BaseException | None = None

    def run(self) -> None:
        """Write, and remember what was written last."""
        try:
            while not self.stop.is_set():
                for row in self.rows:
                    self.last[row.id] = write_again(row)
        except BaseException as error:  # noqa: BLE001 - the test tells it
            self.failed = error
        finally:
            connections.close_all()


def write_again(row: Invitation) -> str:
    """Change a row's address; return the new one."""
    with scope.entered(row.organization_id):
        fresh = Invitation.objects.get(id=row.id)
        fresh.email = f"{secrets.token_hex(4)}@survey.example"
        fresh.save(update_fields=["email", "email_index"])
    return str(fresh.email)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time."
)
def test_rotation_under_load_loses_nothing(
    organization: Organization, settings: LazySettings
) -> None:
    """Three threads write while two keys follow one another."""
    rows = invite(organization, 30)
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    writers = [Writer(rows[at::3]) for at in range(3)]
    for writer in writers:
        writer.start()
    for keys in (f"{NEW},{OLD}", f"{NEWER},{NEW},{OLD}", f"{NEWER},{NEW},{OLD}"):
        settings.FIELD_KEYS = keys
        run("--batch", "2")
    for writer in writers:
        writer.stop.set()
        writer.join()
    assert [writer.failed for writer in writers] == [None] * 3
    run()
    assert key_ids() == {"newer"}
    last = {key: email for writer in writers for key, email in writer.last.items()}
    assert {row.id: row.email for row in Invitation.objects.all()} == last


def test_key_is_known_once_it_is_used(
    organization: Organization, settings: LazySettings
) -> None:
    """One that comes back is in use again; another one of its id is refused."""
    assert FieldKey.objects.count() == 0
    invite(organization)
    assert [str(one) for one in FieldKey.objects.all()] == ["old"]
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    run()
    assert registry.used() == ["new"]
    registry._known.clear()
    settings.FIELD_KEYS = f"{OLD},{NEW}"
    invite(organization)
    assert registry.used() == ["new", "old"]
    settings.FIELD_KEYS = f"{new_field_key('new')},{OLD}"
    assert "new is another one" in missing()[0]


def test_check_needs_readable_keys_and_a_database(settings: LazySettings) -> None:
    """Without the database nothing is looked up; broken keys are told once."""
    assert no_field_key_is_missing() == []
    assert field_keys_can_be_read() == []
    settings.FIELD_KEYS = "broken"
    assert [one.id for one in field_keys_can_be_read()] == ["encryption.E002"]
    assert missing() == []


def test_new_keys_are_made(settings: LazySettings) -> None:
    """Ready to be put in front of the others."""
    out = StringIO()
    call_command("make_field_key", id="fresh", stdout=out)
    settings.FIELD_KEYS = f"{out.getvalue()}{OLD}"
    assert field_keys_can_be_read() == []
    assert "The key that writes is fresh." in run("--dry-run")
