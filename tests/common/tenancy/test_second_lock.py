"""What holds when the first lock, a filter in the query, has been forgotten."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from unfold.admin import ModelAdmin

from accounts.models import Organization, User
from accounts.services.members import add_member
from common import outbox
from common.admin import BaseAdmin
from common.models import OutboxRow
from sessions_app.facade import create_survey
from sessions_app.models import Survey
from tests.isolation.roles import with_roles

pytestmark = [pytest.mark.django_db, with_roles]


@pytest.fixture
def both(organization: Organization, stranger: Organization) -> None:
    """Have a survey here and one elsewhere."""
    create_survey(organization_id=organization.id, name="Ours")
    create_survey(organization_id=stranger.id, name="Theirs")


@pytest.fixture
def names_seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have a handler that reads all surveys, and note what it found."""
    seen: list[str] = []

    def handler(*, organization_id: UUID | None, key: str) -> None:
        seen.extend(Survey.objects.order_by("name").values_list("name", flat=True))

    monkeypatch.setitem(outbox._handlers, "test", handler)
    return seen


@pytest.mark.usefixtures("both")
def test_a_list_that_forgets_to_filter_shows_a_member_their_own(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page works within the chosen organization, whatever its query says."""
    monkeypatch.setattr(BaseAdmin, "get_queryset", ModelAdmin.get_queryset)
    person = User.objects.create_user("our-owner")
    add_member(organization_id=organization.id, user_id=person.id, role="owner")
    client = Client()
    client.force_login(person)
    answer: Any = client.get("/admin/sessions_app/survey/")
    assert [row.name for row in answer.context_data["cl"].result_list] == ["Ours"]


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("whose", "seen"), [("organization", ["Ours"]), ("stranger", ["Theirs"])]
)
def test_work_for_later_is_done_within_its_organization(
    request: pytest.FixtureRequest,
    names_seen: list[str],
    whose: str,
    seen: list[str],
) -> None:
    """A handler that reads everything reads what belongs to its row."""
    owner: Organization = request.getfixturevalue(whose)
    row = OutboxRow.objects.create(topic="test", key="a", organization_id=owner.id)
    assert outbox.deliver_row(row.id)
    assert names_seen == seen
