"""People whose text does not come key by key."""

from typing import Final

from portal.simulation.chance import Spread
from portal.simulation.typing import typed

from .desk import Desk, answer, brisk
from .person import Place
from .screen import Step
from .survey import TEXT

# What is read aloud in one breath.
PHRASES: Final = ("We took the night", " train to the sea.", " Nobody slept at all.")

# How Japanese is typed: the Latin keys, what they show, and what is chosen.
JAPANESE: Final = (
    (
        "densyade",
        ("d", "で", "でn", "でんs", "でんsy", "でんしゃ", "でんしゃd", "でんしゃで"),
        "電車で",
    ),
    ("umihe", ("う", "うm", "うみ", "うみh", "うみへ"), "海へ"),
    (
        "ikimasita",
        (
            "い",
            "いk",
            "いき",
            "いきm",
            "いきま",
            "いきまs",
            "いきまし",
            "いきましt",
            "いきました",
        ),
        "行きました。",
    ),
)
# The code of all keys that an input method takes (UI Events).
PROCESS: Final = {"windowsVirtualKeyCode": 229, "key": "Process"}
THINK_MS: Final = Spread(90, 210, 700)


def paste(place: Place) -> None:
    """Copy a text that was written elsewhere, and paste it with the keyboard."""
    write_elsewhere(brisk(place), TEXT)
    answer(brisk(place), lambda desk: desk.key("Control_L", "v"))


def write_elsewhere(desk: Desk, text: str) -> None:
    """Write a text in the address bar, cut it, and come back to the page."""
    desk.key("Control_L", "l")
    desk.place.wait(0.2, 0.4)
    steps: list[Step] = [
        (act.at_ms / 5, "key", act.key, int(act.direction == "down"))
        for act in typed(text, desk.typist, desk.place.chance)
    ]
    desk.place.seat.play(steps)
    for letter in ("a", "x"):
        desk.key("Control_L", letter)
        desk.place.wait(0.1, 0.3)
    for _press in range(2):
        desk.key("Escape")


def expander(place: Place) -> None:
    """Let an extension write: text expanders, password managers and writing aids."""
    answer(brisk(place), insert_by_extension)


def insert_by_extension(desk: Desk) -> None:
    """Write as such extensions do: with the browser's own editing command."""
    desk.place.page.evaluate(f"document.execCommand('insertText', false, {TEXT!r})")


def dictation(place: Place) -> None:
    """Speak: phrases appear at once, with no key."""
    answer(brisk(place), speak)


def speak(desk: Desk) -> None:
    """Say one phrase after the other."""
    for phrase in PHRASES:
        desk.place.wait(0.8, 1.6)
        desk.place.page.ask("Input.insertText", text=phrase)


def japanese(place: Place) -> None:
    """Write with an input method."""
    answer(brisk(place), convert)


def convert(desk: Desk) -> None:
    """Type Latin letters, see kana, choose kanji with space and Enter."""
    for keys, shown, chosen in JAPANESE:
        for letter, kana in zip(keys, shown, strict=True):
            compose(desk, f"Key{letter.upper()}", kana)
        compose(desk, "Space", chosen)
        ask = desk.place.page.ask
        ask("Input.dispatchKeyEvent", type="rawKeyDown", code="Enter", **PROCESS)
        ask("Input.insertText", text=chosen)
        ask("Input.dispatchKeyEvent", type="keyUp", code="Enter", key="Enter")


def compose(desk: Desk, code: str, shown: str) -> None:
    """Press a key that the input method takes, and see what it makes of it."""
    place = desk.place
    gap = min(THINK_MS.draw(place.chance), 900) / 1000
    hold = desk.typist.hold_ms.draw(place.chance) / 1000
    place.wait(gap, gap)
    end = len(shown)
    ask = place.page.ask
    ask("Input.dispatchKeyEvent", type="rawKeyDown", code=code, **PROCESS)
    ask("Input.imeSetComposition", text=shown, selectionStart=end, selectionEnd=end)
    place.wait(hold, hold)
    ask("Input.dispatchKeyEvent", type="keyUp", code=code, **PROCESS)
