"""Sealed columns, through each way that a model has into and out of them."""

import copy
import pickle
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.core.serializers.base import SerializationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Invitation, Organization, User
from common.encryption.blind_index import index_of
from common.encryption.fields import Sealed
from common.encryption.sealing import SealError
from common.ids import new_id
from sessions_app.models import Answer, Session
from tests.conftest import Visit

pytestmark = pytest.mark.django_db
ADDRESS = "grace@survey.example"


@pytest.fixture
def invited(organization: Organization) -> Invitation:
    """An invitation, read anew."""
    made = make_invitation(organization)
    made.save()
    return Invitation.objects.get(id=made.id)


def make_invitation(organization: Organization, **fields: Any) -> Invitation:
    """Return one that is not saved."""
    asked = {"email": ADDRESS, "role": "viewer", "expires_at": timezone.now()}
    return Invitation(organization=organization, **(asked | fields))


def stored(row: Any, column: str = "email") -> str:
    """Return what stands in the table."""
    table = row._meta.db_table
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [key])  # noqa: S608 - ours
        found: str = cursor.fetchone()[0]
        return found


def overwrite(row: Any, text: str | None, column: str = "email") -> None:
    """Put something into the table, past the field."""
    table = row._meta.db_table
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [text, key])  # noqa: S608 - ours


def test_table_holds_no_plain_text(invited: Invitation) -> None:
    """And the row says it again."""
    assert stored(invited).startswith("v1.tests.")
    assert ADDRESS not in stored(invited)
    assert invited.email == ADDRESS


def test_each_way_of_reading_opens_it(invited: Invitation) -> None:
    """Deferred, refreshed, copied, pickled, in bulk."""
    rows = Invitation.objects
    assert rows.only("id").get().email == ADDRESS
    assert rows.defer("email").get().email == ADDRESS
    assert next(rows.iterator()).email == ADDRESS
    assert rows.in_bulk()[invited.id].email == ADDRESS
    assert rows.raw("SELECT * FROM accounts_invitation")[0].email == ADDRESS
    again = rows.get()
    again.email = "else@survey.example"
    again.refresh_from_db()
    assert again.email == ADDRESS
    unread = rows.get()
    assert copy.copy(unread).email == ADDRESS
    assert pickle.loads(pickle.dumps(unread)).email == ADDRESS  # noqa: S301 - ours


def test_values_stay_sealed(invited: Invitation) -> None:
    """They know no row, and say nothing when they are printed."""
    rows: Any = Invitation.objects.values_list("email", flat=True)
    (value,) = rows
    assert isinstance(value, Sealed)
    assert repr(value) == str(value) == "<sealed>"


def test_saving_something_else_leaves_it(invited: Invitation) -> None:
    """What is not among `update_fields` is not written."""
    before = stored(invited)
    invited.role = "analyst"
    invited.save(update_fields=["role"])
    assert stored(invited) == before
    invited.save()
    assert stored(invited) != before
    assert Invitation.objects.get().email == ADDRESS


def test_rows_in_bulk_are_sealed(organization: Organization) -> None:
    """Each for its own place."""
    made = [
        make_invitation(organization, email=f"{name}@survey.example") for name in "abc"
    ]
    Invitation.objects.bulk_create(made)
    assert sorted(str(one.email) for one in Invitation.objects.all()) == [
        f"{name}@survey.example" for name in "abc"
    ]
    for one in made:
        one.email = "same@survey.example"
    Invitation.objects.bulk_update(made, ["role"])
    assert Invitation.objects.filter(email_index="").count() == 0


def test_row_written_over_another_opens(visit: Visit) -> None:
    """An answer given again keeps the first one's id."""
    session = Session.objects.get(id=visit.id)
    for value in ("first", {"second": [1, None]}):
        Answer.objects.bulk_create(
            [
                Answer(
                    organization_id=session.organization_id,
                    session_id=session.id,
                    item="q1",
                    kind="text",
                    value=value,
                )
            ],
            update_conflicts=True,
            unique_fields=["session", "item"],
            update_fields=["value"],
        )
    assert Answer.objects.get().value == {"second": [1, None]}


@pytest.mark.parametrize("value", [None, "", 0, False, [], {}, "ü\x00\ud800", 2**63])
def test_json_comes_back_as_it_was(visit: Visit, value: Any) -> None:
    """None is NULL; whatever else is sealed, also what is empty."""
    session = Session.objects.get(id=visit.id)
    session.metadata = value
    session.save(update_fields=["metadata"])
    assert Session.objects.get(id=visit.id).metadata == value
    assert (stored(session, "metadata") is None) == (value is None)
    found = Session.objects.filter(metadata__isnull=value is None)
    assert found.filter(id=visit.id).exists()


@pytest.mark.parametrize("change", ["row", "organization", "letter", "plain"])
def test_moved_or_changed_value_raises(
    invited: Invitation, stranger: Organization, change: str
) -> None:
    """Reading fails; nothing is handed out in its place."""
    if change == "row":
        other = make_invitation(invited.organization, email="b@survey.example")
        other.save()
        overwrite(invited, stored(other))
    elif change == "organization":
        Invitation.objects.filter(id=invited.id).update(organization=stranger)
    elif change == "letter":
        text = stored(invited)
        overwrite(invited, text[:-8] + ("A" if text[-8] != "A" else "B") + text[-7:])
    else:
        overwrite(invited, ADDRESS)
    found = Invitation.objects.get(id=invited.id)
    with pytest.raises(SealError):
        found.email  # noqa: B018 - reading is what raises
    with pytest.raises(SealError):
        found.save()


def test_row_that_becomes_another_one_is_sealed_anew(invited: Invitation) -> None:
    """If it was read before; else it cannot be known any more."""
    assert invited.email == ADDRESS
    invited.pk = new_id()
    invited._state.adding = True
    invited.save()
    assert Invitation.objects.get(id=invited.pk).email == ADDRESS
    unread = Invitation.objects.get(id=invited.pk)
    unread.pk = new_id()
    with pytest.raises(SealError):
        unread.save()


@pytest.mark.parametrize(
    "lookup", ["email", "email__iexact", "email__contains", "email__in", "email__gt"]
)
def test_it_cannot_be_looked_up(lookup: str) -> None:
    """A query would find nothing, in silence."""
    with pytest.raises(FieldError):
        list(Invitation.objects.filter(**{lookup: ["a"]}))


def test_it_cannot_be_updated_without_its_row(invited: Invitation) -> None:
    """`update()` knows no row to bind it to."""
    with pytest.raises(TypeError, match="sealed"), transaction.atomic():
        Invitation.objects.update(email="b@survey.example")
    Invitation.objects.update(email=None)
    assert Invitation.objects.get().email is None


def test_fixtures_are_refused(invited: Invitation) -> None:
    """They would hold the plain text."""
    with pytest.raises(SerializationError, match="pg_dump"):
        serializers.serialize("json", [invited])


def test_addresses_are_validated(organization: Organization) -> None:
    """As those of a plain field."""
    with pytest.raises(ValidationError):
        make_invitation(organization, email="nobody").full_clean(exclude=["digest"])


def test_index_finds_any_case_of_one_organization(
    invited: Invitation, stranger: Organization
) -> None:
    """The same address elsewhere has another index."""
    here = index_of(Invitation, "email_index", " GRACE@Survey.example", stranger.id)
    assert here != invited.email_index
    found = index_of(
        Invitation, "email_index", " GRACE@Survey.example", invited.organization_id
    )
    assert found == invited.email_index
    assert index_of(User, "email_index", ADDRESS) not in {found, here}
    assert index_of(User, "email_index", "  ") == ""


def test_index_of_something_else_is_refused() -> None:
    """A programmer's mistake."""
    with pytest.raises(TypeError, match="blind index"):
        index_of(User, "username", "ada")


def test_people_without_an_address_are_not_alike() -> None:
    """Nobody is found by an empty address."""
    User.objects.create_user("ada")
    User.objects.create_user("bob", "")
    assert set(User.objects.values_list("email_index", flat=True)) == {""}
