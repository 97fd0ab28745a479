"""Who may copy and erase respondents in the console, and whose."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.facade import create_operator
from accounts.models import Organization, User
from accounts.services.members import add_member
from sessions_app.facade import Survey, create_survey
from sessions_app.models import Session
from sessions_app.services.opening import open_session

pytestmark = pytest.mark.django_db

PAGES = [f"admin:sessions_app_erasure_{page}" for page in ("export", "erase")]


@pytest.fixture(autouse=True)
def _same_name_in_both(survey: Survey, stranger: Organization) -> None:
    theirs = create_survey(organization_id=stranger.id, name="Theirs")
    for where in (survey, theirs):
        open_session(
            organization_id=where.organization_id,
            survey_id=where.id,
            respondent_id="r-1",
        )


def member(organization: Organization, role: str) -> Client:
    """Sign in as a member."""
    person = User.objects.create_user(role)
    add_member(organization_id=organization.id, user_id=person.id, role=role)
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_not_everybody_may(organization: Organization, role: str, page: str) -> None:
    """Neither see the page nor send its form."""
    client = member(organization, role)
    body = {"respondent_id": "r-1", "is_sure": "on"}
    assert client.get(reverse(page)).status_code == 403
    assert client.post(reverse(page), body).status_code == 403
    assert Session.objects.count() == 2


def test_member_erases_in_their_organization_alone(
    organization: Organization, stranger: Organization
) -> None:
    """Whatever organization a forged form names."""
    body = {"respondent_id": "r-1", "is_sure": "on", "organization": str(stranger.id)}
    done: Any = member(organization, "admin").post(reverse(PAGES[1]), body)
    assert done.status_code == 302
    assert Session.objects.get().organization_id == stranger.id


def test_staff_choose_the_organization(organization: Organization) -> None:
    """They are asked for it, and work there alone."""
    create_operator(username="operator")
    client = Client()
    client.force_login(User.objects.get(username="operator"))
    body = {"respondent_id": "r-1", "is_sure": "on"}
    asked = client.post(reverse(PAGES[1]), body)
    assert asked.status_code == 200
    assert Session.objects.count() == 2
    done = client.post(reverse(PAGES[1]), body | {"organization": str(organization.id)})
    assert done.status_code == 302
    assert Session.objects.exclude(organization=organization).count() == 1
    assert not Session.objects.filter(organization=organization).exists()
    page = client.get(reverse("admin:sessions_app_erasure_changelist"))
    assert "Ours" in page.content.decode()
