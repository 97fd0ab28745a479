"""People who answer on a phone or a tablet."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from portal.simulation.glass import ANDROID_HOLD_MS, IOS_HOLD_MS, THUMBS_MS

from .glass import Device, Glass
from .person import Place
from .survey import BEGIN, CHOICES, FIELD, SHORT_TEXT, send_button

CHROME: Final = "156.0.0.0"

ANDROID: Final = Device(
    agent="Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/{CHROME} Mobile Safari/537.36",
    width=412,
    height=570,
    screen_height=915,
    hints={
        "brands": [
            {"brand": "Chromium", "version": "156"},
            {"brand": "Google Chrome", "version": "156"},
        ],
        "platform": "Android",
        "platformVersion": "16.0.0",
        "architecture": "",
        "model": "Pixel 9",
        "mobile": True,
    },
)
IPHONE: Final = Device(
    agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    width=393,
    height=560,
    screen_height=852,
    platform="iPhone",
    has_force=False,
)
IPAD: Final = Device(
    agent="Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    width=820,
    height=590,
    screen_height=1180,
    platform="MacIntel",
    has_force=False,
)

# What Android's keyboards send for nearly each key (UI Events: the code of input
# methods), and the name that Chrome for Android gives it.
COMPOSING: Final = {"windowsVirtualKeyCode": 229, "key": "Unidentified", "code": ""}

Write = Callable[[Place, str], None]


def android(place: Place) -> None:
    """Tap, flick, and write with a keyboard that composes words."""
    answer(Glass(place, ANDROID), compose)


def iphone(place: Place) -> None:
    """Tap, flick, and write with a keyboard that sends real keys."""
    answer(Glass(place, IPHONE), thumb_keys)


def ipad(place: Place) -> None:
    """The same on a tablet that says it is a Mac."""
    answer(Glass(place, IPAD), thumb_keys)


def answer(glass: Glass, write: Write, text: str = SHORT_TEXT) -> None:
    """Answer everything by touch."""
    place = glass.place
    glass.box(BEGIN)
    glass.wake()
    glass.box(BEGIN)
    place.look()
    glass.send(BEGIN)
    for number, choices in enumerate(CHOICES, 1):
        glass.box(send_button(number))
        place.look()
        for choice in choices:
            glass.choose(choice)
            place.wait(0.1, 0.6)
        if not choices:
            glass.tap(FIELD)
            place.wait(0.4, 0.8)
            write(place, text)
            place.wait(0.3, 0.8)
        glass.send(send_button(number))


def compose(place: Place, text: str) -> None:
    """Write as Gboard does: each word grows, and is set down with its space."""
    ask = place.page.ask
    for number, word in enumerate(text.split(" ")):
        if number:
            _unidentified(place, partial(ask, "Input.insertText", text=" "))
        for end in range(1, len(word) + 1):
            part = word[:end]
            _unidentified(place, partial(_grow, place, part))
        ask("Input.insertText", text=word)


def thumb_keys(place: Place, text: str) -> None:
    """Write as iOS does: short holds, no overlaps, keys without a place."""
    for letter in text:
        _pause(place)
        key = {"key": letter, "code": "", "windowsVirtualKeyCode": ord(letter.upper())}
        place.page.ask("Input.dispatchKeyEvent", type="keyDown", text=letter, **key)
        hold = IOS_HOLD_MS.draw(place.chance) / 1000
        place.wait(hold, hold)
        place.page.ask("Input.dispatchKeyEvent", type="keyUp", **key)


def _grow(place: Place, part: str) -> None:
    """Show the part of a word that has been written, still to be changed."""
    place.page.ask(
        "Input.imeSetComposition",
        text=part,
        selectionStart=len(part),
        selectionEnd=len(part),
    )


def _unidentified(place: Place, change: Callable[[], Any]) -> None:
    """Change the text as a key does that does not say which it is."""
    _pause(place)
    place.page.ask("Input.dispatchKeyEvent", type="rawKeyDown", **COMPOSING)
    change()
    hold = ANDROID_HOLD_MS.draw(place.chance) / 1000
    place.wait(hold, hold)
    place.page.ask("Input.dispatchKeyEvent", type="keyUp", **COMPOSING)


def _pause(place: Place) -> None:
    """Look for the next key."""
    gap = min(THUMBS_MS.draw(place.chance), 900) / 1000
    place.wait(gap, gap)
