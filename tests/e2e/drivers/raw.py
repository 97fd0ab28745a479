"""Programs that speak the debugging protocol themselves."""

import time
from typing import Final

from .cdp import Protocol, page
from .chance import CHANCE, pause, place_in
from .driver import Visit
from .survey import answer

# A move each 60th of a second, as a screen draws.
FRAME_S: Final = 1 / 60
FEWEST_STEPS: Final = 12
MOST_STEPS: Final = 30
# How far a step strays from the line.
STRAY_PX: Final = 2.0


class Bare:
    """Presses without a move, text without keys."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol

    def open(self, address: str) -> None:
        """Go to a page."""
        self.protocol("Page.navigate", url=address)

    def click(self, css: str) -> None:
        """Press and release on the centre."""
        left, top, width, height = self.protocol.box(css)
        for kind in ("Pressed", "Released"):
            self.protocol.mouse(kind, left + width / 2, top + height / 2)

    def write(self, css: str, text: str) -> None:
        """Insert the whole text."""
        self.click(css)
        self.protocol("Input.insertText", text=text)


class Moving(Bare):
    """Moves along a line with a little noise, eased in and out; types keys."""

    def __init__(self, protocol: Protocol) -> None:
        super().__init__(protocol)
        self.at = (0.0, 0.0)

    def click(self, css: str) -> None:
        """Move, wait, press, hold, release."""
        x, y = place_in(*self.protocol.box(css))
        self.move(x, y)
        pause(0.08, 0.25)
        self.protocol.mouse("Pressed", x, y)
        pause(0.05, 0.12)
        self.protocol.mouse("Released", x, y)

    def move(self, x: float, y: float) -> None:
        """Go there in steps that are longest in the middle."""
        from_x, from_y = self.at
        steps = CHANCE.randint(FEWEST_STEPS, MOST_STEPS)
        for step in range(1, steps + 1):
            share = step / steps
            eased = share * share * (3 - 2 * share)
            stray = STRAY_PX if step < steps else 0.0
            self.protocol.mouse(
                "Moved",
                from_x + (x - from_x) * eased + CHANCE.uniform(-stray, stray),
                from_y + (y - from_y) * eased + CHANCE.uniform(-stray, stray),
            )
            time.sleep(FRAME_S)
        self.at = (x, y)

    def write(self, css: str, text: str) -> None:
        """Type key by key, each held for a moment."""
        self.click(css)
        for character in text:
            press_key(self.protocol, character)
            pause(0.03, 0.08)
            release_key(self.protocol, character)
            pause(0.04, 0.12)


def press_key(protocol: Protocol, character: str) -> None:
    """Let a key go down that writes a character."""
    protocol(
        "Input.dispatchKeyEvent", type="keyDown", text=character, **_key(character)
    )


def release_key(protocol: Protocol, character: str) -> None:
    """Let it come up again."""
    protocol("Input.dispatchKeyEvent", type="keyUp", **_key(character))


def bare(visit: Visit) -> None:
    """Answer by presses without moves and text without keys."""
    with page(visit, "--headless=new", "about:blank") as protocol:
        answer(Bare(protocol), visit.start)
        visit.stay()


def moving(visit: Visit) -> None:
    """Answer with moves and keys."""
    with page(visit, "--headless=new", "about:blank") as protocol:
        answer(Moving(protocol), visit.start)
        visit.stay()


def _key(character: str) -> dict[str, str]:
    """Return the names of a key on an English keyboard, where it has one."""
    if character.isalpha():
        return {"key": character, "code": f"Key{character.upper()}"}
    names = {" ": "Space", ",": "Comma", ".": "Period"}
    return {"key": character, "code": names[character]}
