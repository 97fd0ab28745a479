"""Being copied and forgotten, in a real browser: by keyboard, dark and narrow too."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Organization, User
from accounts.services.members import add_member
from sessions_app.facade import Survey
from sessions_app.models import Erasure, Session
from tests.conftest import Caller, make_moves
from tests.e2e.test_access_pages import Open, open_page, sign_in
from tests.e2e.test_admin_pages import PASSWORD
from tests.e2e.test_demo_pages import complaints_of, tab_to

__all__ = ["open_page"]

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LOOKS: Final = [("light", 1400), ("dark", 400)]


@pytest.fixture
def asked_for(server: Caller, survey: Survey, organization: Organization) -> str:
    """Somebody with two sessions, and an admin. Return a session's id."""
    person = User.objects.create_user("ada", "ada@survey.example", PASSWORD)
    add_member(organization_id=organization.id, user_id=person.id, role="admin")
    body: dict[str, Any] = {
        "survey_id": str(survey.id),
        "respondent_id": "panelist-4711",
        "consent": {"given": True, "version": "2026-03"},
    }
    ids = [server.post("sessions", body).json()["id"] for _ in range(2)]
    assert server.post(f"sessions/{ids[0]}/data", make_moves(0)).status_code == 200
    return str(ids[0])


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_respondent_is_copied_and_erased_by_keyboard(
    open_page: Open, asked_for: str, tmp_path: Path, scheme: str, width: int
) -> None:
    """From the session's page; nothing goes before somebody says that they are sure."""
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    sign_in(page)
    page.wait_for_url("**/admin/")
    page.goto(f"/admin/sessions_app/session/{asked_for}/change/")
    expect(page.locator("body")).to_contain_text("2026-03")
    page.get_by_role("link", name="Copy for the respondent").click()
    expect(page.locator("[name=session_id]")).to_have_value(asked_for)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    copy = tmp_path / "copy.json"
    download.value.save_as(copy)
    assert len(json.loads(copy.read_bytes())["sessions"]) == 2

    page.goto(reverse("admin:sessions_app_erasure_changelist"))
    expect(page.locator("body")).to_contain_text("the receipt stands here")
    page.goto(reverse("admin:sessions_app_erasure_erase"))
    tab_to(page, "[name=respondent_id]")
    page.keyboard.type("panelist-4711")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 sessions")
    assert Session.objects.count() == 2
    tab_to(page, "[name=is_sure]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("This is the receipt")
    assert not Session.objects.exists()
    assert Erasure.objects.get().sessions == 2
    assert complaints == []


@pytest.mark.parametrize("said", ["", "nobody"])
def test_mistakes_are_told(open_page: Open, asked_for: str, said: str) -> None:
    """Beside the form, which keeps what was filled in."""
    page = open_page()
    sign_in(page)
    page.wait_for_url("**/admin/")
    page.goto(reverse("admin:sessions_app_erasure_erase"))
    page.locator("[name=respondent_id]").fill(said)
    page.get_by_role("button", name="Erase").click()
    expected = "Nothing is known" if said else "Give either"
    expect(page.locator("#content-main")).to_contain_text(expected)
    expect(page.locator("[name=respondent_id]")).to_have_value(said)
    assert Session.objects.filter(id=asked_for).exists()


def test_retention_is_set(open_page: Open, asked_for: str) -> None:
    """By an admin, within bounds; empty is the installation's time."""
    page = open_page()
    sign_in(page)
    page.wait_for_url("**/admin/")
    organization = Organization.objects.get(name="Ours")
    page.goto(f"/admin/accounts/organization/{organization.id}/change/")
    page.locator("[name=behaviour_kept_days]").fill("0")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("body")).to_contain_text("Between 1 and 3650 days")
    page.locator("[name=behaviour_kept_days]").fill("30")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/organization/")
    organization.refresh_from_db()
    assert (organization.behaviour_kept_days, organization.results_kept_days) == (
        30,
        None,
    )


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_page_of_what_is_stored(open_page: Open, scheme: str, width: int) -> None:
    """Anybody reads it; nothing is wider than the window."""
    page: Page = open_page(scheme, width)
    complaints = complaints_of(page)
    page.goto(reverse("privacy"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What is stored, and why")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
