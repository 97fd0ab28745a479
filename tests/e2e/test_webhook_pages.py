"""Webhooks in a real browser: by keyboard, in the dark, and narrow."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Organization
from integrations import sending
from integrations.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from tests.e2e import test_access_pages
from tests.e2e.test_access_pages import LOOKS, Open, fits, sign_in
from tests.e2e.test_admin_pages import spoken
from tests.e2e.test_demo_pages import complaints_of, tab_to

# Its fixtures: somebody with two organizations, and a browser.
open_page = test_access_pages.open_page
owner = test_access_pages.owner

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name is public; nobody's name server is asked."""
    monkeypatch.setattr(sending, "resolve", lambda *_where: ["93.184.216.34"])


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_endpoint_is_made_and_tested_by_keyboard(
    open_page: Open, organization: Organization, scheme: str, width: int
) -> None:
    """From the empty list to the line in the log, and what came of it."""
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    sign_in(page)
    page.wait_for_url("**/admin/")
    _make_endpoint(page)
    expect(page.locator(".bf-key")).to_contain_text("whsec_")
    assert fits(page, width)
    endpoint = WebhookEndpoint.objects.get()
    page.goto(reverse("admin:integrations_webhookendpoint_change", args=[endpoint.id]))
    assert fits(page, width)
    page.goto(f"{page.url.removesuffix('/change/')}/test/")
    tab_to(page, "#content-main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/webhookdelivery/**")
    expect(page.locator("#result_list")).to_contain_text("test.ping")
    _let_it_fail(organization)
    delivery = WebhookDelivery.objects.get()
    page.goto(reverse("admin:integrations_webhookdelivery_change", args=[delivery.id]))
    expect(page.locator("body")).to_contain_text("did not answer with success")
    assert fits(page, width)
    page.goto(reverse("admin:integrations_webhookendpoint_changelist"))
    expect(page.locator("#result_list")).to_contain_text("100.0 % of 1")
    assert spoken(complaints) == []


def _make_endpoint(page: Page) -> None:
    """Fill the form in, from the empty list on."""
    page.goto(reverse("admin:integrations_webhookendpoint_changelist"))
    expect(page.locator("body")).to_contain_text("send it a test")
    page.goto(reverse("admin:integrations_webhookendpoint_add"))
    tab_to(page, "[name=url]")
    page.keyboard.type("https://survey.example/hooks/bonafide?token=1")
    tab_to(page, "[name=description]")
    page.keyboard.type("Production")
    tab_to(page, "[name=event_types][value='verdict.final']")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")


def _let_it_fail(organization: Organization) -> None:
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(
        state="exhausted", attempts=10, status_code=502, error="status"
    )
    made: dict[str, Any] = {
        "organization": organization,
        "endpoint_id": delivery.endpoint_id,
        "delivery": delivery,
    }
    WebhookAttempt.objects.create(
        **made,
        number=1,
        status_code=502,
        error="status",
        duration_ms=1_204,
        response_start="<html><h1>Bad gateway</h1>" + "x" * 300,
    )
