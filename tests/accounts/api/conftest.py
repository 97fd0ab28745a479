"""People who call the API."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Membership, Organization, User
from accounts.services.members import add_member
from accounts.services.signing_in import begin
from tests.conftest import Caller

PASSWORD = "a long way to tipperary"

Join = Callable[..., Membership]
SignIn = Callable[[Membership], Caller]


def anyone() -> Caller:
    """Return somebody who has shown nothing."""
    return Caller()


@pytest.fixture
def join(organization: Organization) -> Join:
    """Make members: `join("ada", "owner")` is one of ours."""

    def make(name: str, role: str, where: Organization | None = None) -> Membership:
        person = User.objects.filter(username=name).first()
        person = person or User.objects.create_user(
            name, f"{name}@survey.example", PASSWORD
        )
        return add_member(
            organization_id=(where or organization).id, user_id=person.id, role=role
        )

    return make


@pytest.fixture
def sign_in() -> SignIn:
    """Return what a member's program calls with."""
    return lambda membership: Caller(begin(membership=membership).access)


def ask(name: str, password: str = PASSWORD, **more: Any) -> Any:
    """Ask for tokens."""
    return anyone().post("auth/token", {"username": name, "password": password, **more})
