"""Flags in a real browser: made, targeted, tried, rolled out, overridden, restored."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Organization
from flags.facade import evaluate
from flags.models import FeatureFlag
from tests.e2e import test_access_pages
from tests.e2e.test_access_pages import LOOKS, Open, fits, sign_in
from tests.e2e.test_admin_pages import spoken
from tests.e2e.test_demo_pages import complaints_of, tab_to

# Its fixtures: somebody with two organizations, and a browser.
open_page = test_access_pages.open_page
owner = test_access_pages.owner

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_flag_from_nothing_to_restored(
    open_page: Open, organization: Organization, scheme: str, width: int
) -> None:
    """By an owner, on one page, and at each step people get what it says."""
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    sign_in(page)
    page.wait_for_url("**/admin/")
    _make(page)
    assert fits(page, width)
    _target(page)
    _try(page, "ada", "plan = gold", "They get on.")
    assert fits(page, width)
    _roll_out(page)
    row = FeatureFlag.objects.get()
    assert row.definition["release"]["rollout"]["percent"] == 30
    _override(page)
    who = {"organization_id": organization.id}
    assert evaluate("new-page", **who, user="cyd").rule == "override:user"
    _switch_off(page)
    assert evaluate("new-page", **who, user="cyd").value is False
    _go_back(page)
    row.refresh_from_db()
    assert (row.version, row.definition.get("release")) == (5, None)
    assert fits(page, width)
    page.goto(reverse("admin:flags_featureflag_changelist"))
    expect(page.locator("#result_list")).to_contain_text("new-page")
    assert fits(page, width)
    assert spoken(complaints) == []


def _make(page: Page) -> None:
    page.goto(reverse("admin:flags_featureflag_changelist"))
    expect(page.locator("body")).to_contain_text("takes it back in a second")
    page.goto(reverse("admin:flags_featureflag_add"))
    tab_to(page, "[name=name]")
    page.keyboard.type("new-page")
    tab_to(page, "[name=description]")
    page.keyboard.type("The new page of questions.")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/change/$"))
    expect(page.locator(".bf-words")).to_contain_text("Everybody gets off.")


def _target(page: Page) -> None:
    tab_to(page, "[name=rules-0-attribute]")
    page.keyboard.type("plan")
    tab_to(page, "[name=rules-0-values]")
    page.keyboard.type("gold, platinum")
    page.keyboard.press("Enter")
    expect(page.locator(".bf-words")).to_contain_text(
        "If plan is one of gold, platinum: on."
    )


def _try(page: Page, user: str, attributes: str, said: str) -> None:
    page.locator("#preview_user").fill(user)
    page.locator("#preview_attributes").fill(attributes)
    page.locator("#preview button").click()
    expect(page.locator("#preview")).to_contain_text(said)
    expect(page.locator("#preview")).to_contain_text("A rule decided.")


def _roll_out(page: Page) -> None:
    slider = page.locator("#percent-slider")
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[name=percent]")).to_have_value("30")
    page.locator("[name=served]").select_option("on")
    page.locator("[name=act][value=edit]").click()
    expect(page.locator(".bf-words")).to_contain_text("on for 30 %")


def _override(page: Page) -> None:
    page.locator("#override_user").fill("cyd")
    page.locator("#override_reason").fill("She reported it.")
    page.locator("[name=act][value=override]").click()
    expect(page.locator("table")).to_contain_text("cyd")


def _switch_off(page: Page) -> None:
    page.get_by_role("link", name="Switch it off").click()
    expect(page.locator("#content-main")).to_contain_text("overrides included")
    page.locator("[name=comment]").fill("Too slow.")
    page.locator("#content-main button[type=submit]").click()
    page.wait_for_url(re.compile(r"/change/$"))
    expect(page.locator(".bf-words")).to_contain_text("switched off")


def _go_back(page: Page) -> None:
    page.get_by_role("button", name="Back to version 2").click()
    expect(page.locator(".bf-words")).not_to_contain_text("30 %")
