"""Playwright: plain, with delays, with a moving mouse, by finger, and dressed up."""

from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from .chance import pause, place_in
from .chromium import DRESSED, QUIET, WINDOW
from .driver import Hand, Visit
from .survey import answer

FIXED_DELAY_MS: Final = 60
PHONE: Final = "Pixel 7"
STEPS: Final = 25


class Plain:
    """`click` and `fill`, as the first example of its documentation has it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> None:
        """Go to a page."""
        self.page.goto(address)

    def click(self, css: str) -> None:
        """Click, without a way there and without a pause."""
        self.page.click(css)

    def write(self, css: str, text: str) -> None:
        """Fill: one change, no key."""
        self.page.fill(css, text)


class Delayed(Plain):
    """Types key by key, each after the same time."""

    def write(self, css: str, text: str) -> None:
        """Type."""
        self.page.locator(css).press_sequentially(text, delay=FIXED_DELAY_MS)


class Moving(Plain):
    """Moves in steps to a random place before each click, types at random times."""

    def click(self, css: str) -> None:
        """Move there, wait, press, hold, release."""
        target = self.page.locator(css)
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        if box is None:
            message = f"{css} is not on the page."
            raise LookupError(message)
        x, y = place_in(box["x"], box["y"], box["width"], box["height"])
        mouse = self.page.mouse
        mouse.move(x, y, steps=STEPS)
        pause(0.1, 0.3)
        mouse.down()
        pause(0.05, 0.12)
        mouse.up()
        self.page.wait_for_load_state()

    def write(self, css: str, text: str) -> None:
        """Click into the field, then type."""
        self.click(css)
        for character in text:
            self.page.keyboard.press(character)
            pause(0.04, 0.12)


class Tapping(Delayed):
    """A phone's finger."""

    def click(self, css: str) -> None:
        """Tap."""
        self.page.tap(css)


def plain(visit: Visit) -> None:
    """Answer with `click` and `fill`."""
    _answer(visit, Plain)


def delayed(visit: Visit) -> None:
    """Answer with `click`, and type with a fixed delay."""
    _answer(visit, Delayed)


def moving(visit: Visit) -> None:
    """Answer with mouse moves and random delays."""
    _answer(visit, Moving)


def tapping(visit: Visit) -> None:
    """Answer on an emulated phone."""
    _answer(visit, Tapping, phone=True)


def dressed(visit: Visit) -> None:
    """Answer with mouse moves and random delays, in a window that hides its driver."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            visit.folder / "profile",
            executable_path=visit.chromium,
            headless=False,
            ignore_default_args=["--enable-automation"],
            args=[*QUIET, DRESSED, f"--window-size={WINDOW[0]},{WINDOW[1]}"],
            no_viewport=True,
        )
        _walk(visit, context, Moving)


def _answer(visit: Visit, hand: Callable[[Page], Hand], *, phone: bool = False) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=visit.chromium, args=[*QUIET]
        )
        _walk(visit, browser.new_context(**_kind(playwright, phone=phone)), hand)


def _kind(playwright: Playwright, *, phone: bool) -> dict[str, Any]:
    """Return what a new context is made of."""
    return dict(playwright.devices[PHONE]) if phone else {}


def _walk(visit: Visit, context: BrowserContext, hand: Callable[[Page], Hand]) -> None:
    answer(hand(context.new_page()), visit.start)
    visit.stay()
