"""Members who are in the console."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organization, User
from accounts.services.members import add_member

Enter = Callable[..., Client]


@pytest.fixture
def enter(organization: Organization) -> Enter:
    """Let a new member in: `enter("owner")` is one of ours."""

    def start(role: str, *, may_publish: bool = False) -> Client:
        person = User.objects.create_user(f"our-{role}")
        add_member(
            organization_id=organization.id,
            user_id=person.id,
            role=role,
            may_publish=may_publish,
        )
        client = Client()
        client.force_login(person)
        return client

    return start
