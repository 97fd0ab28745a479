"""Pages of getting in, in a real browser: by keyboard, in the dark, and narrow."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.urls import reverse
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect

from accounts.models import Authenticator, Organization, User
from accounts.services.invitations import invite, write_letter
from accounts.services.members import add_member
from tests.e2e.test_admin_pages import PASSWORD, spoken
from tests.e2e.test_demo_pages import complaints_of, tab_to

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LOOKS: Final = [("light", 1400), ("dark", 400)]

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Open]:
    """Open a page of nobody's: `open_page("dark", 400)`."""
    contexts = []

    def start(scheme: str = "light", width: int = 1400) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            color_scheme=scheme,  # type: ignore[arg-type] # one of two words
        )
        contexts.append(context)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def owner(organization: Organization, stranger: Organization) -> User:
    """Somebody with two organizations."""
    person = User.objects.create_user("ada", "ada@survey.example", PASSWORD)
    for where, role in ((organization, "owner"), (stranger, "viewer")):
        add_member(organization_id=where.id, user_id=person.id, role=role)
    return person


def sign_in(page: Page) -> None:
    """Sign in with the keyboard alone."""
    page.goto(reverse("admin:login"))
    tab_to(page, "[name=username]")
    page.keyboard.type("ada")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def fits(page: Page, width: int) -> bool:
    """Say whether nothing hangs over the edge."""
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_second_factor_is_set_up_by_keyboard(
    open_page: Open, owner: User, settings: Any, scheme: str, width: int
) -> None:
    """From the password to the recovery codes, and in."""
    settings.TWO_FACTOR_REQUIRED = True
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    sign_in(page)
    page.wait_for_url("**/two-factor/set-up/**")
    expect(page.locator("svg.bf-code")).to_be_visible()
    assert fits(page, width)
    device = Authenticator.objects.get()
    tab_to(page, "[name=code]")
    page.keyboard.type(f"{totp(device.bin_key):06d}")
    page.keyboard.press("Enter")
    expect(page.locator(".bf-codes li")).to_have_count(10)
    assert fits(page, width)
    tab_to(page, "a[href='/admin/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    expect(page.locator("body")).to_contain_text("Ours")
    assert spoken(complaints) == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_invited_person_gets_in_by_keyboard(
    open_page: Open, organization: Organization, scheme: str, width: int
) -> None:
    """The address bar does not tell the link any more."""
    made = invite(
        organization_id=organization.id, email="grace@survey.example", role="viewer"
    )
    letter = write_letter(organization_id=organization.id, invitation_id=made.id)
    assert letter is not None
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    page.goto(reverse("invitation", kwargs={"token": letter.token}))
    assert letter.token not in page.url
    assert fits(page, width)
    for name, value in (
        ("username", "grace"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    expect(page.locator("#nav-sidebar")).to_contain_text("Ours")
    assert spoken(complaints) == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_organization_is_switched(
    open_page: Open, owner: User, scheme: str, width: int
) -> None:
    """By keyboard, on a page of its own."""
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    sign_in(page)
    page.wait_for_url("**/admin/")
    page.goto(reverse("choose_organization"))
    expect(page.locator("[aria-current=true]").first).to_be_visible()
    assert fits(page, width)
    tab_to(page, ".bf-button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    expect(page.locator("#nav-sidebar")).to_contain_text("Theirs")
    assert spoken(complaints) == []


@pytest.mark.parametrize("name", ["admin_password_reset", "password_reset_sent"])
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_forgotten_password_has_the_consoles_look(
    open_page: Open, db: None, name: str, scheme: str, width: int
) -> None:
    """Without a word in the browser's console."""
    page = open_page(scheme, width)
    complaints = complaints_of(page)
    page.goto(reverse(name))
    expect(page.locator("html")).not_to_have_attribute("x-cloak", "")
    assert fits(page, width)
    assert spoken(complaints) == []
