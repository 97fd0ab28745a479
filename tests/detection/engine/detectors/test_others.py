"""Questions about scrolling, fingers, focus, the clipboard, the clock and answers."""

import pytest

from detection.engine import Outcome
from detection.engine.events import (
    Answer,
    AnyEvent,
    Blur,
    Copy,
    FieldBlur,
    Focus,
    Input,
    KeyDown,
    KeyUp,
    MouseDown,
    Page,
    Paste,
    Scroll,
    TouchEnd,
    TouchStart,
    Visibility,
    Wheel,
)
from detection.engine.registry import DETECTORS

from ..streams import ask, dice, features_of, human_pointing, human_typing, tapping


def taps(rest: list[float]) -> list[AnyEvent]:
    """Return fingers that rest so long."""
    events: list[AnyEvent] = []
    for number, rest_ms in enumerate(rest):
        at = number * 1_500.0
        events += [
            TouchStart(t=at, x=5, y=5, id=number, rx=1, force=1),
            TouchEnd(t=at + rest_ms, x=5, y=5, id=number),
        ]
    return events


def pages(times: list[float], wait: float, spread: float = 0) -> list[AnyEvent]:
    """Return pages that are open for so long, and a press after about `wait`."""
    events: list[AnyEvent] = []
    t = 0.0
    for number, spent in enumerate(times):
        acted_t = t + wait + spread * (number * number % 7)
        events += [Page(t=t, words=15), MouseDown(t=acted_t, x=1, y=1)]
        t += spent
    return events


HIDDEN: list[AnyEvent] = [Visibility(t=0, visible=False)]
KEYS: list[AnyEvent] = [KeyDown(t=n * 90 + 10, key="letter") for n in range(20)]
FLICK = [Scroll(t=n * 16, y=n * 4) for n in range(60)]

AUTOMATED: dict[str, list[AnyEvent]] = {
    "scroll.jumps": [Scroll(t=n * 3_000, y=n * 600) for n in range(6)],
    "scroll.untrusted": [Wheel(t=n * 90, dy=100, trusted=False) for n in range(4)],
    "touch.instant_taps": taps([0] * 6),
    "scroll.even_pauses": [Scroll(t=n * 2_000, y=n * 300) for n in range(9)],
    "scroll.too_fast": [
        event
        for n in range(4)
        for t in [n * n * 1_000]
        for event in (
            Wheel(t=t, dy=800),
            Scroll(t=t + 1, y=n * 1_000, source="wheel"),
            Scroll(t=t + 10, y=n * 1_000 + 384, source="wheel"),
        )
    ],
    "focus.acts_while_hidden": [*HIDDEN, *KEYS],
    "focus.types_while_away": [Blur(t=0), *KEYS],
    "clipboard.untrusted": [Paste(t=0, length=90, trusted=False)],
    "timing.instant_starts": pages([5_000, 9_000, 4_000, 7_000], wait=20),
    "timing.even_answers": [Answer(t=n * 2_000, id=f"q{n}") for n in range(8)],
    "timing.even_pages": pages([4_000] * 10, wait=900),
    "answers.unseen": [Answer(t=n * 900, visible=False) for n in range(3)],
    "answers.untrusted": [Input(t=n * 900, length=9, trusted=False) for n in range(3)],
}


@pytest.mark.parametrize("code", AUTOMATED)
def test_automation_fires(code: str) -> None:
    """What only a program does is seen."""
    reading = ask(code, AUTOMATED[code])
    assert reading.outcome is Outcome.FIRED
    assert reading.weight > 0


@pytest.mark.parametrize("code", AUTOMATED)
def test_nothing_is_unknown(code: str) -> None:
    """Where nothing was seen, nothing is said."""
    assert ask(code, []).outcome is Outcome.UNKNOWN


PEOPLE: dict[str, list[AnyEvent]] = {
    "a wheel": [
        event
        for n in range(40)
        for t in [n * 400 + 300 * (n * n % 5)]
        for event in (Wheel(t=t, dy=600), Scroll(t=t + 20, y=n * 600))
    ],
    "a wheel that spins freely, once": [
        Wheel(t=0, dy=900),
        Scroll(t=1, y=0, source="wheel"),
        Scroll(t=10, y=384, source="wheel"),
        Scroll(t=18, y=800, source="wheel"),
    ],
    "a scroll bar that is pulled": [
        Scroll(t=n * 16, y=n * 700 % 4_000) for n in range(40)
    ],
    "page keys": [
        event
        for n in range(9)
        for event in (
            KeyDown(t=n * n * 900, key="space"),
            Scroll(t=n * n * 900 + 200, y=n * 700),
        )
    ],
    "a page that scrolls itself once": [
        Scroll(t=0, y=0),
        Scroll(t=5_000, y=900),
        *FLICK,
    ],
    "a new page at its top": [
        event
        for n in range(9)
        for event in (
            Page(t=n * n * 2_000, words=30),
            Scroll(t=n * n * 2_000 + 50, y=(n % 2) * 900),
        )
    ],
    "fingers": taps([60, 85, 120, 70, 200, 95]),
    "a phone that has no sizes": tapping(9),
    "a look at another tab": [
        *HIDDEN,
        Visibility(t=400, visible=True),
        *human_typing(30)[20:],
    ],
    "the last key before a tab goes": [
        KeyDown(t=0, key="letter"),
        Visibility(t=1, visible=False),
        KeyDown(t=2, key="letter"),
    ],
    "a note typed elsewhere": [Blur(t=0), Focus(t=9_000), Paste(t=9_500, length=300)],
    "copying the question": [Copy(t=0, length=90, share_of_prompt=1), Blur(t=9)],
    "a double click on next": pages(
        [200, 9_000, 4_000, 7_000, 12_000, 6_000, 3_000], wait=800, spread=300
    ),
    "a hurry": pages(
        [900, 1_400, 700, 1_100, 2_000, 800, 1_000, 1_300, 600], wait=350, spread=30
    ),
    "one page down after the other": [
        event
        for n in range(12)
        for t in [n * 2_500 + 900 * (n * n % 4)]
        for event in (
            KeyDown(t=t, key="other", code_known=True),
            Scroll(t=t + 40, y=n * 700),
            KeyUp(t=t + 90, key="other", code_known=True),
        )
    ],
    "answers after reading": [Answer(t=n * n * 900, visible=True) for n in range(9)],
    "a theme that sets one control": [
        Input(t=0, length=1, trusted=False),
        *human_typing(20),
    ],
    "everything": [*human_pointing(10), *human_typing(60)],
}


@pytest.mark.parametrize("who", PEOPLE)
def test_people_are_left_alone(who: str) -> None:
    """None of all detectors fires on what people do."""
    events = sorted(PEOPLE[who], key=lambda event: event.t)
    features = features_of(events)
    fired = [
        one.code
        for one in DETECTORS
        if not one.shadow and one.ask(features).outcome is Outcome.FIRED
    ]
    assert fired == []


def test_a_flick_speaks_for_a_hand() -> None:
    """A phone's page rolls out in small steps."""
    finger = [*tapping(4), *FLICK]
    assert ask("scroll.jumps", finger).weight < ask("scroll.jumps", FLICK).weight < 0


def test_resting_fingers_speak_for_a_hand() -> None:
    """A finger stays on the glass for a while."""
    assert ask("touch.instant_taps", PEOPLE["fingers"]).weight < 0


def test_uneven_answers_are_clear() -> None:
    """People think about some questions."""
    chance = dice(1)
    at = 0.0
    answers: list[AnyEvent] = []
    for number in range(12):
        at += chance.lognormvariate(8, 0.7)
        answers.append(Answer(t=at, id=str(number)))
    assert ask("timing.even_answers", answers).outcome is Outcome.CLEAR


def test_a_fetched_text_is_counted() -> None:
    """Pasting right after a return is kept, and weighs nothing."""
    features = features_of(PEOPLE["a note typed elsewhere"])
    assert features.totals.clipboard.fetched == 1
    assert features.modality.has_paste


def typed_and_sent(*more: AnyEvent) -> list[AnyEvent]:
    """Return a text that is typed in a field, and three buttons that are pressed."""
    keys = [KeyDown(t=100 * n, key="letter", field=1, trusted=True) for n in range(20)]
    presses = [
        MouseDown(t=3_000 * n, x=5, y=5, target="button", trusted=True)
        for n in range(1, 4)
    ]
    return [*more, *keys, *presses]


def test_fields_without_any_focus_fire() -> None:
    """A made-up session forgets what the browser tells by itself."""
    assert ask("focus.never_moves", typed_and_sent()).outcome is Outcome.FIRED


def test_a_field_that_has_the_focus_from_the_start_loses_it() -> None:
    """Pages focus a field by themselves before our client listens."""
    left = FieldBlur(t=2_500, field=1)
    assert ask("focus.never_moves", typed_and_sent(left)).outcome is Outcome.CLEAR


def test_sending_by_enter_is_not_asked() -> None:
    """Who presses no button takes the focus from nobody."""
    keys = typed_and_sent()[:20]
    assert ask("focus.never_moves", keys).outcome is Outcome.UNKNOWN
