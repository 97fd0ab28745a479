"""Surveys in the admin: the policy in words, and changed by the service."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from common.errors import ConflictError
from sessions_app import admin
from sessions_app.documents import policy_sentences
from sessions_app.facade import Survey, create_survey

TAKEN: Final = "There is a survey of that name already."

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db: None) -> Client:
    """Sign in as someone who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator"))
    return client


def fields(**changed: Any) -> dict[str, Any]:
    """Return the form as a browser sends it."""
    usual = {
        "name": "Commuting",
        "bot_action": "block",
        "suspicious_action": "review",
        "declared_agent_action": "review",
    }
    return {**usual, **changed}


def address(survey: Survey) -> str:
    """Return where a survey is changed."""
    return reverse("admin:sessions_app_survey_change", args=[survey.id])


def test_policy_is_changed(staff: Client, survey: Survey) -> None:
    """Actions, switches and the families that are off."""
    sent = fields(bot_action="challenge", show_reasons="on", families_off=["keyboard"])
    assert staff.post(address(survey), sent).status_code == 302
    survey.refresh_from_db()
    assert (survey.bot_action, survey.show_reasons) == ("challenge", True)
    assert survey.families_off == ["keyboard"]


def test_page_says_the_policy_in_words(staff: Client, survey: Survey) -> None:
    """So that nobody has to guess what a switch does."""
    text = staff.get(address(survey)).content.decode()
    assert "A session that was automated: Block." in text
    assert "The browser learns nothing." in text


def test_words_follow_the_policy(survey: Survey) -> None:
    """Each switch says another sentence."""
    survey.behaviour_may_block = survey.blocking_ends_session = True
    survey.share_action = True
    survey.families_off = ["touch", "of a later release"]
    said = " ".join(policy_sentences(survey))
    assert "enough to block them." in said
    assert "ends at once." in said
    assert "learns the action, and not why" in said
    assert "Touch, of a later release." in said
    survey.show_reasons = True
    assert "the verdict and its reasons" in " ".join(policy_sentences(survey))


def test_survey_is_made(staff: Client, organization: Organization) -> None:
    """By the form, for an organization."""
    sent = fields(organization=str(organization.id), name="Reading")
    answer = staff.post(reverse("admin:sessions_app_survey_add"), sent)
    assert answer.status_code == 302
    survey = Survey.objects.get()
    assert (survey.name, survey.organization_id) == ("Reading", organization.id)


def test_name_of_another_survey_is_refused(
    staff: Client, organization: Organization, survey: Survey
) -> None:
    """Beside the field."""
    create_survey(organization_id=organization.id, name="Reading")
    answer = staff.post(address(survey), fields(name="Reading"))
    assert TAKEN in answer.content.decode()
    assert Survey.objects.get(id=survey.id).name == "Commuting"


def test_name_that_was_just_taken_is_told(
    staff: Client, survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the form and the write, another took it."""

    def refuse(**_fields: object) -> None:
        raise ConflictError(TAKEN)

    monkeypatch.setattr(admin, "change_survey", refuse)
    answer = staff.post(address(survey), fields(name="Reading"), follow=True)
    assert answer.status_code == 200
    assert TAKEN in answer.content.decode()


def test_name_is_one_line(staff: Client, survey: Survey) -> None:
    """As the API has it."""
    answer = staff.post(address(survey), fields(name="Com\x07muting"))
    assert answer.status_code == 200
    assert Survey.objects.get(id=survey.id).name == "Commuting"


def test_nothing_changed_writes_nothing(staff: Client, survey: Survey) -> None:
    """The form may be sent as it came."""
    assert staff.post(address(survey), fields()).status_code == 302


def test_survey_cannot_be_deleted(staff: Client, survey: Survey) -> None:
    """Its sessions stand on it."""
    gone = reverse("admin:sessions_app_survey_delete", args=[survey.id])
    assert staff.post(gone, {"post": "yes"}).status_code == 403


def test_survey_without_organization_is_told_so(staff: Client) -> None:
    """What is chosen may be gone, or no choice at all."""
    answer = staff.post("/admin/sessions_app/survey/add/", {"name": "Nobody's"})
    assert answer.status_code == 200
    assert "This field is required." in answer.content.decode()
