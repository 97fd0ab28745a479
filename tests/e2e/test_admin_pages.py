"""Every page of the admin in a real browser: it works, and breaks no policy."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.models import ApiKey, User
from common.models import OutboxRow
from tests.conftest import Visit, make_moves
from tests.detection.lists import PRIVATE, load, load_keys
from tests.e2e.test_demo_pages import complaints_of, tab_to

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD: Final = "a long way to tipperary"
LOOKS: Final = ["light", "dark"]

Open = Callable[..., Page]


def batch(seq: int) -> dict[str, Any]:
    """Return moves, presses by a hand and by a script, keys, and a report."""
    made = make_moves(seq, count=40)
    at = made["events"][-1]["t"]
    place = {"type": "mousedown", "x": 900, "y": 400}
    made["events"] += [
        {"type": "device", "t": at, "webdriver": True, "inner_width": 1280},
        {**place, "t": at + 1, "trusted": True},
        {**place, "t": at + 2, "trusted": False},
        *({"type": "keydown", "t": at + 3 * n, "key": "letter"} for n in range(30)),
    ]
    return made


@pytest.fixture
def operator(visit: Visit) -> User:
    """Someone on duty, and something in each list."""
    load("tor", "192.0.2.0/24")
    load_keys(PRIVATE)
    for seq in range(3):
        visit.browser.post(f"sessions/{visit.id}/data", batch(seq))
    # One that was lost on its way.
    visit.browser.post(f"sessions/{visit.id}/data", batch(5))
    OutboxRow.objects.create(topic="session.ended", key="x", attempts=1)
    return User.objects.create_superuser("operator", password=PASSWORD)


@pytest.fixture
def open_admin(browser: Browser, live_server: Any, operator: User) -> Iterator[Open]:
    """Open the admin, signed in: `open_admin(color_scheme="dark")`."""
    client = Client()
    client.force_login(operator)
    cookie = client.cookies["sessionid"].value
    contexts = []

    def start(width: int = 1400, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            **options,
        )
        contexts.append(context)
        context.add_cookies(
            [{"name": "sessionid", "value": cookie, "url": live_server.url}]
        )
        return context.new_page()

    yield start
    for context in contexts:
        context.close()


def pages(operator: User) -> list[str]:
    """Return the address of each page that shows something."""
    request = RequestFactory().get("/")
    request.user = operator
    # As the site does for staff, who are in no organization.
    request.organization_id = None  # type: ignore[attr-defined] # the site sets it
    found = [reverse("admin:index"), reverse("admin:password_change")]
    for model, site_admin in admin.site._registry.items():
        meta = model._meta
        name = f"admin:{meta.app_label}_{meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        found.append(reverse("admin:app_list", args=[meta.app_label]))
        row: Any = model._default_manager.first()
        if row is not None:
            found.append(reverse(f"{name}_change", args=[row.pk]))
            found.append(reverse(f"{name}_history", args=[row.pk]))
        if site_admin.has_add_permission(request):
            found.append(reverse(f"{name}_add"))
    key = ApiKey.objects.first()
    if key is not None:
        found.append(f"/admin/accounts/apikey/{key.pk}/replace/")
    return list(dict.fromkeys(found))


def spoken(complaints: list[str]) -> list[str]:
    """Leave out hints: of a field that lost a race for the focus, and the like."""
    return [one for one in complaints if not one.startswith(("verbose", "info"))]


@pytest.mark.parametrize("scheme", LOOKS)
def test_no_page_breaks_the_policy(
    open_admin: Open, operator: User, scheme: str
) -> None:
    """Each page loads without a word in the console, and Alpine runs on it."""
    page = open_admin(color_scheme=scheme)
    complaints = complaints_of(page)
    addresses = pages(operator)
    assert len(addresses) > 20
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        # Alpine takes the attribute away once it has read the whole page.
        expect(page.locator("html")).not_to_have_attribute("x-cloak", "")
        assert [address, *spoken(complaints)] == [address]
    dark = page.evaluate("document.documentElement.classList.contains('dark')")
    assert dark is (scheme == "dark")


def test_menus_work(open_admin: Open) -> None:
    """Filters, actions, the user's menu, the side and the search: all without eval."""
    page = open_admin()
    complaints = complaints_of(page)
    page.goto(reverse("admin:common_outboxrow_changelist"))
    page.get_by_role("button", name="Filters").click()
    page.locator("select[name=state]").select_option("dead")
    page.locator("#filter-form button[type=submit]").click()
    page.wait_for_url("**state=dead**")
    page.goto(reverse("admin:common_outboxrow_changelist"))
    page.locator("input.action-select").first.check()
    expect(page.locator("#changelist-actions")).to_be_visible()
    page.locator("#nav-filter").fill("ses")
    page.locator("#nav-filter").press("s")
    expect(page.locator("#search-results")).to_contain_text("Sessions")
    page.locator("#nav-filter").press("Escape")
    page.get_by_text("dock_to_right").first.click()
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    page.reload()
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    assert complaints == []


def test_theme_is_remembered(open_admin: Open) -> None:
    """Whoever chooses the dark one keeps it."""
    page = open_admin()
    page.goto(reverse("admin:index"))
    page.get_by_text("unfold_more").click()
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_class("dark")
    page.reload()
    expect(page.locator("html")).to_have_class("dark")


def test_keyboard_alone_signs_in(page: Page, live_server: Any, operator: User) -> None:
    """Nobody needs a pointer to get in, nor to open the menu and get out."""
    page.goto(f"{live_server.url}/admin/")
    tab_to(page, "[name=username]")
    page.keyboard.type("operator")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/admin/")
    expect(page.locator("html")).not_to_have_attribute("x-cloak", "")
    tab_to(page, "[role=button][x-on\\:click*=openUserLinks]")
    page.keyboard.press("Enter")
    tab_to(page, "#logout-form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/logout/")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 400)])
def test_session_fits_and_opens(
    open_admin: Open, visit: Visit, scheme: str, width: int, direction: str
) -> None:
    """Pictures, tables and all that can be opened stay within the screen."""
    page = open_admin(width, color_scheme=scheme)
    complaints = complaints_of(page)
    page.goto(reverse("admin:sessions_app_session_change", args=[visit.id]))
    page.locator("html").evaluate("(html, dir) => { html.dir = dir; }", direction)
    page.locator("details").evaluate_all(
        "all => all.forEach((one) => { one.open = true; })"
    )
    expect(page.locator(".bf-stroke").first).to_be_attached()
    expect(page.locator(".bf-press.bf-script")).to_have_count(4)
    expect(page.locator(".bf-missing")).to_have_count(1)
    expect(page.locator(".bf-bars")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert spoken(complaints) == []


def test_keyboard_opens_the_tables(open_admin: Open, visit: Visit) -> None:
    """Who sees no pictures gets to what they say."""
    page = open_admin()
    page.goto(reverse("admin:sessions_app_session_change", args=[visit.id]))
    expect(page.locator("html")).not_to_have_attribute("x-cloak", "")
    page.locator("#content-main a").first.focus()
    tab_to(page, "section:has(#timeline) summary")
    page.keyboard.press("Enter")
    expect(page.locator("section:has(#timeline) table")).to_be_visible()
    tab_to(page, "section:has(#batches) .bf-scroll")


def test_key_is_made_in_the_browser(open_admin: Open) -> None:
    """And shown, with nothing left of it when one goes back."""
    page = open_admin()
    complaints = complaints_of(page)
    page.goto(reverse("admin:accounts_apikey_add"))
    page.locator("select[name=organization]").select_option(label="Ours")
    page.locator("button[name=_save]").click()
    expect(page.locator(".bf-key")).to_contain_text("bf_sk_live_")
    page.get_by_role("link", name="I have copied it").click()
    expect(page.locator("body")).not_to_contain_text("Copy this key now")
    assert spoken(complaints) == []


def test_view_is_saved_and_removed_by_keyboard(open_admin: Open) -> None:
    """How the list of sessions is narrowed gets a name, a link, and an end."""
    page = open_admin()
    complaints = complaints_of(page)
    page.goto(reverse("admin:sessions_app_session_changelist"))
    page.goto(f"{page.url}?status__exact=active")
    tab_to(page, "[name=name]")
    page.keyboard.type("Still open")
    page.keyboard.press("Enter")
    view = page.get_by_role("link", name="Still open")
    expect(view).to_have_attribute("aria-current", "page")
    tab_to(page, "button[aria-label*='Still open']")
    page.keyboard.press("Enter")
    expect(view).to_be_hidden()
    page.wait_for_url("**status__exact=active")
    assert spoken(complaints) == []
