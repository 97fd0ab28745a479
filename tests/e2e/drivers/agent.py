"""A language model that uses a browser, with its thinking replaced by pauses.

It moves, presses and types as browser-use 2026-08 does (research C1): one move to
the exact centre, keys held for 5 ms, and an event of its own making at the end.
"""

import json
import time
from typing import Final

from .cdp import Protocol, page
from .chance import pause
from .chromium import DRESSED
from .driver import Visit
from .survey import answer

# A screenshot and an answer take two seconds and more; shortened for the tests.
THINK_S: Final = (0.4, 0.8)
SETTLE_S: Final = 0.05
PRESS_S: Final = 0.08
KEY_HELD_S: Final = 0.005
KEY_APART_S: Final = 0.001
SCROLL_PX_PER_S: Final = 50_000

# How far below the window's lower edge an element ends, and the window's size.
BELOW: Final = """
(() => {
  const found = document.querySelector(%s);
  if (!found || document.readyState !== "complete") return null;
  const { bottom } = found.getBoundingClientRect();
  return [bottom - innerHeight, innerWidth, innerHeight];
})()
"""
AFTERWARDS: Final = """
(() => {
  const field = document.querySelector(%s);
  const data = field.value;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.dispatchEvent(new FocusEvent("blur"));
})()
"""


class Agent:
    """Looks, thinks, acts once, and looks again."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol

    def open(self, address: str) -> None:
        """Go to a page."""
        self.protocol("Page.navigate", url=address)

    def click(self, css: str) -> None:
        """Jump to the centre, and press."""
        self.protocol.box(css, scrolls=False)
        pause(*THINK_S)
        self.scroll_to(css)
        self.press(css)

    def press(self, css: str) -> None:
        """Move once, wait, press, hold, release: always for the same times."""
        left, top, width, height = self.protocol.box(css)
        x, y = left + width / 2, top + height / 2
        self.protocol.mouse("Moved", x, y)
        time.sleep(SETTLE_S)
        self.protocol.mouse("Pressed", x, y)
        time.sleep(PRESS_S)
        self.protocol.mouse("Released", x, y)

    def scroll_to(self, css: str) -> None:
        """Scroll by a gesture when the element is below the window."""
        below, width, height = self.protocol.evaluate(BELOW % json.dumps(css))
        if below <= 0:
            return
        self.protocol(
            "Input.synthesizeScrollGesture",
            x=width / 2,
            y=height / 2,
            yDistance=-height,
            speed=SCROLL_PX_PER_S,
        )
        pause(*THINK_S)

    def write(self, css: str, text: str) -> None:
        """Click into the field, type, and tell the page about it once more."""
        self.click(css)
        for character in text:
            self.key("rawKeyDown", character)
            time.sleep(KEY_HELD_S)
            self.protocol("Input.dispatchKeyEvent", type="char", text=character)
            self.key("keyUp", character)
            time.sleep(KEY_APART_S)
        self.protocol.evaluate(AFTERWARDS % json.dumps(css))

    def key(self, kind: str, character: str) -> None:
        """Let a key go down without its character, or come up."""
        self.protocol("Input.dispatchKeyEvent", type=kind, key=character)


def in_the_browser(visit: Visit) -> None:
    """Answer through the debugger, in a window that hides it."""
    with page(visit, DRESSED, "about:blank") as protocol:
        answer(Agent(protocol), visit.start)
        visit.stay()
