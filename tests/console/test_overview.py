"""The overview: what happened in some days, and what to do where nothing did."""

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from sessions_app.facade import Survey, create_survey
from tests.sessions_app.test_figures import finished

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/"


def day(ago: int = 0) -> date:
    """Return a day of the last ones, by UTC's calendar."""
    return timezone.now().astimezone(UTC).date() - timedelta(days=ago)


def look(staff: Client, **asked: Any) -> str:
    """Return the page as text."""
    answer = staff.get(ADDRESS, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_installation_without_anybody_says_what_to_do(staff: Client) -> None:
    """No empty charts."""
    Organization.objects.all().delete()
    assert "manage.py create_organization" in look(staff)


def test_days_without_sessions_say_so(
    staff: Client, organization: Organization
) -> None:
    """And how to fill them."""
    assert "No session in these days" in look(staff)


def test_shares_reasons_and_days_are_shown(staff: Client, survey: Survey) -> None:
    """In words and numbers, not in pictures alone."""
    for verdict in ("human", "human", "bot"):
        finished(survey, verdict, reasons=["pointer.teleports"])
    page = look(staff)
    assert "66.7 %" in page
    assert "pointer.teleports" in page
    assert "The same as a table" in page
    assert 'class="bf-bot" x=' in page


def test_filters_narrow_the_page(
    staff: Client, organization: Organization, survey: Survey
) -> None:
    """Survey, status, verdict and days; the form shows what was chosen."""
    other = create_survey(organization_id=organization.id, name="Another one")
    finished(survey, "bot")
    finished(other, "human")
    finished(other, "human", day=day(ago=40))
    assert "100.0 %" in look(staff, survey=str(other.id))
    assert "No session in these days" in look(staff, status="expired")
    assert "50.0 %" in look(staff)
    month = look(staff, first=str(day(60)), last=str(day()), verdict="human")
    assert 'value="human" selected' in month
    assert "<strong>100.0 %</strong>" in month


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"first": "2026-11-05", "last": "2026-11-01"}, "before the first one"),
        ({"first": "2020-01-01", "last": "2026-11-01"}, "At most 366 days"),
        ({"first": "yesterday"}, "Enter a valid date"),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "before 1972"),
        ({"last": "9999-12-31", "first": "9999-12-31"}, "after 2199"),
        ({"survey": "x' OR 1=1"}, "Select a valid choice"),
        ({"organization": "nobody"}, "Select a valid choice"),
        ({"verdict": "\x00"}, "Select a valid choice"),
    ],
)
def test_wrong_choice_is_explained(
    staff: Client, organization: Organization, asked: dict[str, str], said: str
) -> None:
    """Beside the field, with everything else as it was chosen."""
    assert said in look(staff, **asked)


def test_changed_survey_is_named(staff: Client, survey: Survey) -> None:
    """With a link to its own figures."""
    for _one in range(20):
        finished(survey, "human", day=day(ago=1))
        finished(survey, "bot")
    page = look(staff, first=str(day()), last=str(day()))
    assert f"survey={survey.id}" in page
    assert ">100.0 %</strong>" in page


def test_organizations_are_looked_at_one_by_one(
    staff: Client, organization: Organization, survey: Survey
) -> None:
    """Who stands first in the alphabet is shown until another is chosen."""
    stranger = Organization.objects.create(name="AAA")
    finished(survey, "bot")
    assert "No session in these days" in look(staff)
    assert "100.0 %" in look(staff, organization=str(organization.id))
    assert "No session in these days" in look(staff, organization=str(stranger.id))


def test_who_may_not_see_sessions_sees_no_figures(survey: Survey) -> None:
    """Figures are sessions too."""
    finished(survey, "bot")
    user = User.objects.create_user("helper", is_staff=True)
    client = Client()
    client.force_login(user)
    assert "You may not see sessions" in look(client)
    allowed = Permission.objects.get(
        codename="view_session", content_type__app_label="sessions_app"
    )
    user.user_permissions.add(allowed)
    assert "100.0 %" in look(client)


def test_queries_do_not_grow(
    staff: Client, survey: Survey, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """With days, surveys or sessions."""
    look(staff)
    for ago in range(6):
        finished(survey, "bot", day=day(ago), reasons=["click.centred"])
    with django_assert_max_num_queries(11):
        look(staff)
