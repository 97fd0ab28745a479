"""The demo in a real browser: by keyboard alone, in every look, in every state."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from portal.services import ensure_demo
from sessions_app.models import Answer, Session

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LOOKS: Final = [
    ("light", 320),
    ("light", 360),
    ("dark", 360),
    ("light", 1400),
    ("dark", 1400),
]
# The result page looks three times a second apart before it closes the visit.
SETTLED_MS: Final = 20_000
# More than there are places to stop on any page.
MOST_TABS: Final = 60
TEXT: Final = "We took the night train to the sea. Nobody slept."

# A page may be left as soon as it is loaded, so it notes its width itself.
NOTE_WIDTH: Final = """addEventListener("load", () => {
  localStorage.widths = `${localStorage.widths || ""} ${document.body.scrollWidth}`;
})"""

Open = Callable[..., Page]


@pytest.fixture
def address(live_server: Any) -> str:
    """Where the demo is."""
    ensure_demo(live_server.url)
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a page in a browser of its own: `open_page(color_scheme="dark")`."""
    contexts = []

    def start(width: int = 1400, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale="en-GB", **options
        )
        contexts.append(context)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()


def complaints_of(page: Page) -> list[str]:
    """Return a list that fills with what the browser complains about."""
    found: list[str] = []

    def note(said: ConsoleMessage) -> None:
        # The end of a group that was never begun shows nowhere: a probe's question.
        if said.type != "endGroup":
            found.append(f"{said.type}: {said.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def send(page: Page) -> None:
    """Send the page's form."""
    page.click("main form button[type=submit]")


def choose(page: Page, *ids: str) -> None:
    """Choose answers and send them."""
    for one in ids:
        page.click(f"label[for='{one}']")
    send(page)


def answer_everything(page: Page, address: str) -> None:
    """Walk from the start to the result."""
    page.goto(f"{address}/demo/")
    send(page)
    choose(page, "q1-foot", "q2-10-29")
    choose(page, "q3-1-4", "q3-2-2", "q3-3-3", "q3-4-1", "q3-5-5")
    page.fill("#q4", TEXT)
    send(page)
    page.wait_for_url("**/demo/result")


def settle(page: Page) -> None:
    """Wait for the final verdict."""
    expect(page.locator("#result")).to_have_attribute(
        "data-state", "final", timeout=SETTLED_MS
    )


def lose(route: Route) -> None:
    """Let a request get lost."""
    route.abort()


def tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until an element has the focus."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by keyboard.")


def press(page: Page, selector: str, *keys: str) -> None:
    """Go to an element by keyboard, and press keys there."""
    tab_to(page, selector)
    for key in keys:
        page.keyboard.press(key)


def test_keyboard_alone_is_enough(page: Page, address: str) -> None:
    """Nobody needs a pointer to get from the landing page to the reasons."""
    page.goto(address)
    press(page, "a[href='/demo/']", "Enter")
    page.wait_for_url("**/demo/")
    press(page, "main button", "Enter")
    page.wait_for_url("**/demo/1")
    press(page, "[name=q1]", "Space", "ArrowDown")
    press(page, "[name=q2]", "ArrowDown")
    press(page, "main button", "Enter")
    page.wait_for_url("**/demo/2")
    for row in range(1, 6):
        press(page, f"[name=q3-{row}]", "ArrowDown", "ArrowDown")
    press(page, "main button", "Enter")
    page.wait_for_url("**/demo/3")
    tab_to(page, "#q4")
    page.keyboard.type(TEXT, delay=5)
    press(page, "main button", "Enter")
    page.wait_for_url("**/demo/result")
    settle(page)
    press(page, "summary", "Enter")
    expect(page.locator("details[open]")).to_have_count(1)
    given = {one.item: one.value for one in Answer.objects.all()}
    assert (given["q1"], given["q4"]) == ("bicycle", TEXT)
    assert given["q3"] == dict.fromkeys("12345", 3)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_browser_has_nothing_to_complain_about(
    open_page: Open, address: str, scheme: str, width: int
) -> None:
    """No page breaks its policy, writes to the console, or is wider than the screen."""
    page = open_page(width, color_scheme=scheme)
    complaints = complaints_of(page)
    page.add_init_script(NOTE_WIDTH)
    page.goto(address)
    page.goto(f"{address}/demo/")
    send(page)
    send(page)
    answer_everything(page, address)
    settle(page)
    for summary in page.locator("summary:visible").all():
        summary.click()
    widths = page.evaluate("localStorage.widths").split()
    widths.append(page.evaluate("document.body.scrollWidth"))
    assert complaints == []
    assert len(widths) >= 7
    assert max(map(int, widths)) <= width


def test_focus_goes_to_the_mistakes(page: Page, address: str) -> None:
    """The summary has the focus, and its links lead to the questions."""
    page.goto(f"{address}/demo/")
    send(page)
    send(page)
    expect(page.locator("#errors")).to_be_focused()
    page.click("#errors a >> nth=1")
    expect(page.locator("#q2-under-10")).to_be_focused()


def test_targets_are_large_enough_for_a_finger(open_page: Open, address: str) -> None:
    """Whatever is pressed on a phone is at least 44 pixels high."""
    page = open_page(360, has_touch=True)
    page.goto(f"{address}/demo/")
    send(page)
    for one in page.locator("button, .choice, .button").all():
        box = one.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_result_says_why(page: Page, address: str) -> None:
    """A script sees its verdict in words, its score, and the reasons."""
    answer_everything(page, address)
    settle(page)
    expect(page.locator("#headline")).to_have_text("This looks automated.")
    expect(page.locator("[data-slot=score]")).to_have_text("99 of 99")
    assert page.locator("meter").evaluate("meter => meter.value") == 99
    assert page.locator(".reason").count() >= 2
    assert page.locator(".reason dd").count() >= 2


def test_answering_again_is_a_new_visit(page: Page, address: str) -> None:
    """The start page makes the tab forget the visit before."""
    for _run in range(2):
        answer_everything(page, address)
        settle(page)
    assert Session.objects.filter(status="completed").count() == 2


def test_blocked_script_is_told(page: Page, address: str) -> None:
    """Who blocks the client is told that nothing was collected."""
    page.route("**/tracking-client.js", lose)
    answer_everything(page, address)
    expect(page.locator("[data-slot=state]")).to_contain_text("Nothing was collected.")
    assert not Session.objects.exists()


def test_lost_network_can_be_tried_again(page: Page, address: str) -> None:
    """While the server is away the page says so; a button asks again."""
    lost = [f"{address}/api/v1/sessions/*/status", f"{address}/healthz/live"]
    for place in lost:
        page.route(place, lose)
    answer_everything(page, address)
    expect(page.locator("#result")).to_have_attribute("data-state", "away")
    for place in lost:
        page.unroute(place)
    page.click("[data-do=retry]")
    settle(page)


def test_forgotten_visit_is_told(page: Page, address: str) -> None:
    """A token that is refused by a server that is well means that the visit is over."""
    page.route(
        f"{address}/api/v1/sessions/*/status", lambda route: route.fulfill(status=401)
    )
    answer_everything(page, address)
    expect(page.locator("#result")).to_have_attribute("data-state", "gone")


def test_expired_visit_is_told(page: Page, address: str) -> None:
    """A visit that ended by itself still shows its verdict."""

    def expire(route: Route) -> None:
        status = route.fetch().json()
        route.fulfill(json={**status, "status": "expired", "is_final": True})

    page.route(f"{address}/api/v1/sessions/*/status", expire)
    answer_everything(page, address)
    expect(page.locator("#result")).to_have_attribute("data-state", "expired")
    expect(page.locator("#headline")).to_be_visible()


def test_without_javascript_nothing_is_judged(open_page: Open, address: str) -> None:
    """The survey works to its end, and the result says honestly why it is undecided."""
    page = open_page(java_script_enabled=False)
    answer_everything(page, address)
    expect(page.get_by_role("heading", level=2)).to_have_text(
        "The verdict is “undecided”."
    )
    assert not Session.objects.exists()
