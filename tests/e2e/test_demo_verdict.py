"""A script that answers the demo survey is not called a person."""

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.services import ensure_demo
from sessions_app.models import Session

from .client.looking import ready, until

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def answer_like_a_script(page: Page, address: str) -> dict[str, Any]:
    """Walk through the demo with Playwright's plain click and fill."""
    ensure_demo(address)
    page.goto(f"{address}/demo/")
    page.click("main button[type=submit]")
    for _page in range(3):
        for name in page.evaluate(
            "[...new Set([...document.querySelectorAll('main input[type=radio]')]"
            ".map(radio => radio.name))]"
        ):
            page.click(f"main input[name='{name}'] >> nth=1")
        for field in page.query_selector_all("main textarea"):
            field.fill("I walk to work, and on rainy days I take the bus instead.")
        page.click("main form button[type=submit]")
    page.wait_for_url("**/demo/result")
    ready(page)
    page.wait_for_timeout(500)
    until(page, "window.bonafide.status().then(s => s && s.is_final)")
    status: dict[str, Any] = page.evaluate("window.bonafide.status()")
    return status


def test_script_is_found(page: Page, live_server: Any) -> None:
    """With every family of detectors on."""
    status = answer_like_a_script(page, live_server.url)
    assert status["verdict"] in {"bot", "suspicious"}
    assert len(status["reasons"]) >= 2
    assert Session.objects.get().event_count == status["event_count"] > 50


def test_script_is_found_by_behaviour_alone(
    page: Page, live_server: Any, settings: Any
) -> None:
    """With device and network switched off, what it did still gives it away."""
    settings.FAMILIES_OFF = ["device", "network"]
    status = answer_like_a_script(page, live_server.url)
    assert status["verdict"] in {"bot", "suspicious"}
    assert len(status["reasons"]) >= 2
    assert not {"device", "network"} & {r["family"] for r in status["reasons"]}


def test_script_without_a_browser_has_no_verdict(live_server: Any) -> None:
    """Forms that are posted without the client leave nothing to call human."""
    ensure_demo(live_server.url)
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(CookieJar())
    )

    def fetch(path: str, fields: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(fields).encode() if fields else None
        address = live_server.url + path
        request = urllib.request.Request(  # noqa: S310 - our own server
            address, data, {"Referer": address}
        )
        body: bytes = opener.open(request).read()
        return body.decode()

    page = fetch("/demo/")
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1]
    fetch("/demo/", {"csrfmiddlewaretoken": token})
    page = fetch("/demo/1")
    names = set(re.findall(r'<input[^>]*type="radio"[^>]*name="(\w+)"', page))
    assert names
    assert Session.objects.count() == 0
