"""How these tests look at a page and at what was stored."""

import time
from collections.abc import Iterable
from typing import Final, TypeVar

from playwright.sync_api import ConsoleMessage, Error, Page

E = TypeVar("E")

PATIENCE_S: Final = 60.0
LOOK_EACH_MS: Final = 50
# What Playwright says of a question that a navigation cut off.
LEFT: Final = "Execution context was destroyed"

QUESTION: Final = '<label for="q">Why?</label> <textarea id="q"></textarea>'


def of(kind: type[E], events: Iterable[object]) -> list[E]:
    """Return the events of one type."""
    return [event for event in events if isinstance(event, kind)]


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds in the page, or in the one that comes after it.

    Playwright's own waiting evaluates text in the page, which a policy forbids.
    """
    limit = time.monotonic() + PATIENCE_S
    while not _holds(page, expression):
        assert time.monotonic() < limit, f"In vain: {expression}"
        page.wait_for_timeout(LOOK_EACH_MS)


def _holds(page: Page, expression: str) -> bool:
    """Ask a page; one that is being left while it is asked says no."""
    try:
        return bool(page.evaluate(expression))
    except Error as error:
        if LEFT not in error.message:
            raise
        return False


def ready(page: Page) -> None:
    """Wait until the session is open."""
    until(page, "window.bonafide && bonafide.sessionId()")


def complaints_of(page: Page) -> list[str]:
    """Return a list that fills with what the browser complains about."""
    found: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type in {"warning", "error"} and "favicon" not in str(said.location):
            found.append(said.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found
