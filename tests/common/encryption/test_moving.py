"""Plain columns become sealed ones with what was in them, and plain again."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Authenticator, Invitation, Organization, User
from accounts.services.two_factor import begin_set_up
from sessions_app.models import Answer, Session
from tests.conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(*where: str) -> None:
    """Go to a migration, as the command does."""
    call_command("migrate", *where, verbosity=0, interactive=False)


@pytest.fixture
def _there_again() -> Iterator[None]:
    """Leave the tables as all other tests need them."""
    yield
    migrate()


def column(table: str, name: str) -> list[Any]:
    """Return what stands in a column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table} ORDER BY {name}")  # noqa: S608 - ours
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.usefixtures("_there_again")
def test_there_and_back(organization: Organization, visit: Visit) -> None:
    """Behind the walls of any organization."""
    ada = User.objects.create_user("ada", "ada@survey.example")
    secret = begin_set_up(user=ada).secret
    Invitation.objects.create(
        organization=organization,
        email="Bob@survey.example",
        role="viewer",
        expires_at=timezone.now(),
    )
    session = Session.objects.get(id=visit.id)
    session.metadata = {"wave": 3}
    session.save()
    ids = {"organization_id": session.organization_id, "session_id": session.id}
    for item, value in (("q1", "often"), ("q2", None)):
        Answer.objects.create(**ids, item=item, kind="text", value=value)

    migrate("accounts", "0006")
    migrate("sessions_app", "0009")
    assert column("otp_totp_totpdevice", "key") == [secret]
    assert "ada@survey.example" in column("accounts_user", "email")
    assert column("accounts_invitation", "email") == ["Bob@survey.example"]
    metadata = column("sessions_app_session", "metadata")
    assert [json.loads(text) for text in metadata if text] == [{"wave": 3}]

    migrate()
    assert User.objects.get(username="ada").email == "ada@survey.example"
    invited = Invitation.objects.get()
    assert invited.email == "Bob@survey.example"
    assert len(invited.email_index) == 64
    assert Session.objects.get(id=visit.id).metadata == {"wave": 3}
    assert {one.item: one.value for one in Answer.objects.all()} == {
        "q1": "often",
        "q2": None,
    }
    assert Authenticator.objects.get().secret == secret
    assert secret not in str(column("accounts_authenticator", "secret"))
    assert column("otp_totp_totpdevice", "key") == []
