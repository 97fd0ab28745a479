"""The client when things go wrong: no network, no server, no page, a hostile page."""

import pytest
from playwright.sync_api import BrowserContext, Page

from detection.engine.events import KeyDown
from sessions_app.models import Session

from .conftest import Kept
from .looking import QUESTION, complaints_of, of, ready, until
from .site import SurveySite

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_offline_is_survived(
    page: Page, context: BrowserContext, elsewhere: SurveySite, kept: Kept
) -> None:
    """What happens meanwhile comes later."""
    page.goto(elsewhere.add("/", QUESTION))
    ready(page)
    context.set_offline(True)
    page.type("#q", "abcde")
    page.wait_for_timeout(2_500)
    context.set_offline(False)
    page.type("#q", "f")
    kept(lambda found: len(of(KeyDown, found)) == 6)


def test_reload_is_survived(page: Page, elsewhere: SurveySite, kept: Kept) -> None:
    """What the server could not take is kept in the tab."""
    page.goto(elsewhere.add("/", QUESTION))
    ready(page)
    page.route("**/data", lambda route: route.fulfill(status=503))
    page.type("#q", "abcde")
    page.reload()
    page.unroute("**/data")
    page.reload()
    kept(lambda found: len(of(KeyDown, found)) == 5)
    assert Session.objects.count() == 1


def test_last_words_arrive(page: Page, elsewhere: SurveySite, kept: Kept) -> None:
    """A page that is left in the middle of everything sends what it has."""
    page.goto(elsewhere.add("/", QUESTION))
    ready(page)
    page.type("#q", "abcde")
    page.goto("about:blank")
    kept(lambda found: len(of(KeyDown, found)) == 5)


def test_closed_tab_sends_its_last_words(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """So does one that is closed."""
    page.goto(elsewhere.add("/", QUESTION))
    ready(page)
    page.type("#q", "abcde")
    page.close(run_before_unload=True)
    kept(lambda found: len(of(KeyDown, found)) == 5)


def test_page_from_the_past_goes_on(
    page_with_history: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """Going back to a page that the browser has kept continues its session."""
    page = page_with_history
    page.goto(elsewhere.add("/1", QUESTION))
    ready(page)
    page.type("#q", "abc")
    page.evaluate("window.isKept = true")
    page.goto(elsewhere.add("/2", QUESTION))
    ready(page)
    page.type("#q", "de")
    page.evaluate("history.back()")
    # Playwright's own going back waits for a load that does not come.
    until(page, "window.isKept")
    page.type("#q", "f")
    kept(lambda found: len(of(KeyDown, found)) == 6)
    times = [event.t for event in of(KeyDown, kept())]
    assert times == sorted(times)
    assert Session.objects.count() == 1


def test_hostile_page_notices_nothing(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """The page throws, stops events, breaks built-ins: neither side minds."""
    body = QUESTION + '<button id="b">Go</button>'
    complaints = complaints_of(page)
    page.goto(elsewhere.add("/", body))
    ready(page)
    page.evaluate(
        """() => {
          window.fetch = () => { throw new Error("ours") };
          EventTarget.prototype.dispatchEvent = () => { throw new Error("ours") };
          Element.prototype.closest = () => { throw new Error("ours") };
          document.addEventListener("keydown", (event) => {
            event.stopImmediatePropagation();
          }, true);
          document.querySelector("#b").onclick = () => { window.wasClicked = true };
        }"""
    )
    page.keyboard.press("Tab")
    page.keyboard.type("abc")
    page.click("#b")
    assert page.evaluate("window.wasClicked")
    page.wait_for_timeout(1_000)
    page.evaluate("bonafide.flush()")
    assert complaints == []


def test_lists_of_a_page_are_not_touched(page: Page, elsewhere: SurveySite) -> None:
    """No global but one, no changed built-in, no element, no cookie."""
    address = elsewhere.add("/", QUESTION)
    look = """() => [
      Object.getOwnPropertyNames(window).sort(),
      document.documentElement.outerHTML.length,
      document.cookie,
      String(history.pushState) + String(fetch) + String(console.groupEnd),
      Object.getOwnPropertyNames(Error).sort(),
    ]"""
    page.route("**/tracking-client.js", lambda route: route.abort())
    page.goto(address)
    before = page.evaluate(look)
    page.unroute("**/tracking-client.js")
    page.goto(address)
    ready(page)
    page.wait_for_timeout(500)
    after = page.evaluate(look)
    assert set(after[0]) - set(before[0]) == {"bonafide"}
    assert after[1:] == before[1:]
