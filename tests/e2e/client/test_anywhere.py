"""The client on pages of every kind: policies, frames, routers, shadows, tabs."""

import pytest
from playwright.sync_api import Page

from detection.engine.events import Click, Device, Input, KeyDown, Page as PageEvent
from sessions_app.models import Session

from .conftest import Kept
from .looking import QUESTION, complaints_of, of, ready, until
from .site import STRICT, SurveySite

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_strict_policy_is_kept(page: Page, elsewhere: SurveySite, kept: Kept) -> None:
    """Two files and one address are all the client needs, on another origin."""
    elsewhere.policy = STRICT
    complaints = complaints_of(page)
    page.goto(elsewhere.add("/", QUESTION))
    ready(page)
    page.type("#q", "abc")
    events = kept(
        lambda found: (
            any(one.renderer for one in of(Device, found))
            and len(of(KeyDown, found)) == 3
        )
    )
    page.wait_for_timeout(500)
    assert complaints == []
    # No worker may be started here: the page itself names its graphics.
    assert [one.worker_differs for one in of(Device, events)] == [None, None]


def test_worker_answers_where_the_policy_allows_blobs(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """The same browser says the same twice, and its graphics are asked there."""
    elsewhere.policy = STRICT + "; worker-src blob:"
    complaints = complaints_of(page)
    page.goto(elsewhere.add("/", QUESTION, worker="blob"))
    events = kept(lambda found: any(one.renderer for one in of(Device, found)))
    told = of(Device, events)
    assert [one.worker_differs for one in told] == [None, [], None]
    assert [bool(one.renderer) for one in told] == [False, False, True]
    assert complaints == []


def test_blocked_probes_are_no_loss(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """Who blocks the second file still tells how the page is used."""
    page.route("**/tracking-probes.js*", lambda route: route.abort())
    page.goto(elsewhere.add("/", QUESTION))
    ready(page)
    page.type("#q", "abc")
    assert not of(Device, kept(lambda found: len(of(KeyDown, found)) == 3))


def test_framed_survey_is_observed(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """A panel shows the survey in a frame of another origin."""
    inner = elsewhere.add("/survey", QUESTION)
    elsewhere.pages["/"] = f'<iframe src="{inner}" width="600" height="400"></iframe>'
    page.goto(elsewhere.origin.replace("127.0.0.1", "localhost") + "/")
    frame = page.frame_locator("iframe")
    frame.locator("#q").click()
    frame.locator("#q").press_sequentially("abc")
    clicks = of(Click, kept(lambda found: len(of(KeyDown, found)) == 3))
    assert [0 <= click.x <= 600 for click in clicks] == [True]


def test_router_steps_are_pages(page: Page, elsewhere: SurveySite, kept: Kept) -> None:
    """Chromium tells of them; nothing of the page's is patched."""
    page.goto(elsewhere.add("/", "<p>one two</p>"))
    ready(page)
    page.evaluate(
        "history.pushState(null, '', '/step-2');"
        "document.querySelector('p').textContent = 'one two three'"
    )
    events = kept(lambda found: len(of(PageEvent, found)) == 2)
    assert [one.words for one in of(PageEvent, events)] == [2, 3]
    assert page.evaluate("/native code/.test(history.pushState)")


def test_open_shadow_is_observed(page: Page, elsewhere: SurveySite, kept: Kept) -> None:
    """Web components are fields as others are."""
    page.goto(elsewhere.add("/", "<survey-field></survey-field>"))
    page.evaluate(
        "document.querySelector('survey-field').attachShadow({mode: 'open'})"
        ".innerHTML = '<input id=inner>'"
    )
    ready(page)
    page.click("#inner")
    page.keyboard.type("abc")
    events = kept(lambda found: len(of(Input, found)) == 3)
    assert {one.field for one in of(Input, events)} == {of(KeyDown, events)[0].field}
    assert of(Click, events)[0].target == "text"


def test_right_to_left_page_is_taken(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """Where pages scroll to negative places no batch is refused."""
    wide = '<div style="width: 4000px; height: 4000px"></div>' + QUESTION
    page.goto(elsewhere.add("/", wide, html='dir="rtl" lang="ar"'))
    ready(page)
    page.mouse.move(300, 300)
    page.mouse.wheel(-900, 0)
    until(page, "scrollX < 0")
    page.type("#q", "سبب")
    kept(lambda found: len(of(Input, found)) == 3)


def test_copied_tab_loses_nothing(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """A second tab that inherits the session numbers its batches around the first."""
    address = elsewhere.add("/", QUESTION)
    page.goto(address)
    ready(page)
    with page.expect_popup() as opened:
        page.evaluate("address => { window.open(address) }", address)
    second = opened.value
    ready(second)
    for _turn in range(3):
        for tab in (page, second):
            tab.type("#q", "ab")
            tab.wait_for_timeout(300)
    kept(lambda found: len(of(KeyDown, found)) == 12)
    assert Session.objects.count() == 1


def test_nothing_before_consent(page: Page, elsewhere: SurveySite, kept: Kept) -> None:
    """Neither a request nor a stored word."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(elsewhere.add("/", QUESTION, consent="required"))
    page.type("#q", "abc")
    page.wait_for_timeout(1_000)
    assert not [url for url in asked if "/api/" in url or "probes" in url]
    assert page.evaluate("sessionStorage.length") == 0
    page.evaluate("bonafide.consent(true)")
    page.type("#q", "d")
    kept(lambda found: len(of(KeyDown, found)) == 1)
    page.evaluate("bonafide.consent(false)")
    assert page.evaluate("sessionStorage.length") == 0
