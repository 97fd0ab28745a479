"""What a real browser's requests say of it, and what is missed when it lies."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from sessions_app.models import Session

from .test_demo_verdict import answer_like_a_script

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
    " (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
)


def network_checks(browser: Browser, address: str, **options: Any) -> dict[str, str]:
    """Return what the questions about requests gave, after a whole visit."""
    with browser.new_context(**options) as context:
        status = answer_like_a_script(context.new_page(), address)
    assert Session.objects.count() == 1
    checks: dict[str, str] = status["checks"]
    return {code: check for code, check in checks.items() if code[:8] == "network."}


def test_headers_of_a_real_browser_belong_together(
    browser: Browser, live_server: Any
) -> None:
    """Only its missing window is noticed; this machine counts as trustworthy."""
    checks = network_checks(browser, live_server.url, locale="de-DE")
    fired = [code for code, check in checks.items() if check == "fired"]
    assert fired == ["network.headless_agent"]
    assert checks["network.no_fetch_metadata"] == "clear"
    assert checks["network.hints_mismatch"] == "clear"
    assert checks["network.language_mismatch"] == "clear"


def test_exchanged_user_agent_contradicts_its_hints(
    browser: Browser, live_server: Any
) -> None:
    """The option changes the name, and leaves the version of the engine.

    What a page still sends when it is left may go out under the true name: then two
    browsers share the session, and the page's own system was named once.
    """
    checks = network_checks(browser, live_server.url, user_agent=WINDOWS)
    assert checks["network.hints_mismatch"] == "fired"
    told = [checks["network.platform_mismatch"], checks["network.headers_changed"]]
    assert sorted(told) == ["clear", "fired"]
