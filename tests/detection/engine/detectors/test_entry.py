"""Questions about text and the keys behind it."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from detection.engine import Outcome
from detection.engine.events import (
    AnyEvent,
    Click,
    Input,
    KeyDown,
    KeyUp,
    MouseDown,
    Paste,
)

from ..streams import ask, features_of, human_typing, typing


def inserted(
    deltas: Sequence[int], *, keys: int = 0, trusted: bool = True
) -> list[AnyEvent]:
    """Return changes of a text that bring so many characters, each after `keys`."""
    length, events = 0, list[AnyEvent]()
    for number, delta in enumerate(deltas):
        length += delta
        change = Input(
            t=number * number * 900,
            input_type="insertText",
            delta=delta,
            length=length,
            keys_since=keys,
            trusted=trusted,
        )
        events.append(change)
    return events


def echoed(fields: int) -> list[AnyEvent]:
    """Return texts that are typed, each announced by a script once more."""
    events: list[AnyEvent] = []
    for number in range(fields):
        typed = [
            replace(e, t=e.t + number * 60_000) for e in human_typing(30, seed=number)
        ]
        late = typed[-1].t + 1
        echo = Input(t=late, input_type="insertText", length=30, trusted=False)
        events += [*typed, echo]
    return events


def unplaced(keys: int = 30) -> list[AnyEvent]:
    """Return characters that come from no key."""
    return typing([90, 210, 160] * (keys // 3), [80] * keys, code_known=False)


def without(kind: type[AnyEvent], events: list[AnyEvent], keep: int) -> list[AnyEvent]:
    """Return the events with only every `keep`th of a kind."""
    seen = 0
    kept: list[AnyEvent] = []
    for event in events:
        if isinstance(event, kind):
            seen += 1
            if seen % keep:
                continue
        kept.append(event)
    return kept


AUTOMATED: dict[str, list[AnyEvent]] = {
    # Ctrl and A, and then the whole text.
    "keyboard.few_keys": inserted([90], keys=2),
    "keyboard.echoes": echoed(2),
    "keyboard.placeless_keys": unplaced(),
    "keyboard.record_speed": typing([30, 80, 45] * 20, [25] * 60),
    "keyboard.unmatched": without(KeyUp, human_typing(60), keep=3),
}


@pytest.mark.parametrize("code", AUTOMATED)
def test_automation_fires(code: str) -> None:
    """Each question has a program that it finds."""
    reading = ask(code, AUTOMATED[code])
    assert reading.outcome is Outcome.FIRED
    assert reading.weight > 0


@pytest.mark.parametrize("code", AUTOMATED)
def test_a_word_is_too_little(code: str) -> None:
    """Nothing is said of three keys, or of nothing."""
    assert ask(code, []).outcome is Outcome.UNKNOWN
    assert ask(code, human_typing(3)).outcome in (Outcome.UNKNOWN, Outcome.CLEAR)


@pytest.mark.parametrize("code", AUTOMATED)
@pytest.mark.parametrize("seed", range(4))
def test_people_are_left_alone(code: str, seed: int) -> None:
    """They press a key for a character, and let it go."""
    assert ask(code, human_typing(90, seed=seed)).outcome is Outcome.CLEAR


def test_releases_without_presses_fire_as_well() -> None:
    """A program may send the ends alone."""
    events = without(KeyDown, human_typing(60), keep=4)
    assert ask("keyboard.unmatched", events).outcome is Outcome.FIRED


def test_one_echo_is_hardly_a_sign() -> None:
    """A page's own code may tell itself of a text."""
    reading = ask("keyboard.echoes", echoed(1))
    assert reading.outcome is Outcome.FIRED
    assert reading.weight < 1.5


def test_a_script_that_brings_text_is_no_echo() -> None:
    """A picker of emoji says what it has put in; `answers.untrusted` asks for that."""
    picked = inserted([2, 2, 2], trusted=False)
    assert ask("keyboard.echoes", picked).outcome is Outcome.CLEAR


def test_a_selection_that_is_replaced_is_no_echo() -> None:
    """One letter in place of another: the browser says so itself."""
    same = [replace(e, delta=0) for e in inserted([1, 1, 1]) if isinstance(e, Input)]
    assert ask("keyboard.echoes", same).outcome is Outcome.CLEAR


def test_a_phrase_by_abbreviation_is_left_alone() -> None:
    """A text expander brings thirty characters for four keys, among much typing."""
    events = [*human_typing(60), *inserted([32], keys=4)]
    late = [replace(e, t=e.t + 50_000) for e in events[-1:]]
    assert ask("keyboard.few_keys", [*events[:-1], *late]).outcome is Outcome.CLEAR


TOUCHED = MouseDown(t=0, x=5, y=5, pointer="touch")
EXEMPT: dict[str, AnyEvent] = {
    "a finger": TOUCHED,
    "a paste": Paste(t=0, length=50),
    "dictation": Input(t=0, input_type="insertFromDictation", delta=9, length=9),
    "autofill": Input(t=0, input_type="insertReplacementText", delta=9, length=9),
    "an input method": Input(
        t=0, input_type="insertCompositionText", delta=2, length=2
    ),
}


@pytest.mark.parametrize("who", EXEMPT)
def test_text_may_come_without_keys(who: str) -> None:
    """Where something else brings it, keys are not counted."""
    events = [EXEMPT[who], *AUTOMATED["keyboard.few_keys"]]
    assert ask("keyboard.few_keys", events).outcome is Outcome.UNKNOWN


def test_keys_on_glass_have_no_place() -> None:
    """A phone's keyboard names the letter and no key."""
    events = [TOUCHED, *AUTOMATED["keyboard.placeless_keys"]]
    assert ask("keyboard.placeless_keys", events).outcome is Outcome.UNKNOWN


def test_letters_of_speech_are_hardly_a_sign() -> None:
    """Speech to text on Windows sends characters without keys."""
    assert ask("keyboard.placeless_keys", unplaced()).weight <= 1


def test_a_fast_typist_is_left_alone() -> None:
    """130 words a minute are 92 ms a key."""
    quick = typing([50, 95, 130, 70, 115] * 14, [70] * 70)
    assert ask("keyboard.record_speed", quick).outcome is Outcome.CLEAR


def test_a_held_key_is_no_speed() -> None:
    """It repeats 33 times a second."""
    held: list[AnyEvent] = [
        KeyDown(t=n * 30, key="backspace", k=1, repeat=n > 0) for n in range(90)
    ]
    assert ask("keyboard.record_speed", held).outcome is Outcome.UNKNOWN


def test_shortcuts_on_a_mac_are_left_alone() -> None:
    """While Command is down, no release is heard."""
    shortcuts: list[AnyEvent] = [
        event
        for n in range(9)
        for event in (
            KeyDown(t=40_000 + n * 900, key="modifier", k=500 + n),
            KeyDown(t=40_090 + n * 900, key="letter", k=600 + n, code_known=True),
            KeyUp(t=40_200 + n * 900, key="modifier", k=500 + n),
        )
    ]
    events = [*human_typing(20), *shortcuts]
    assert ask("keyboard.unmatched", events).outcome is Outcome.CLEAR


def test_a_screen_reader_keeps_keys_to_itself() -> None:
    """Its commands go down here and come up there."""
    virtual = Click(t=0, x=9, y=9, detail=0, trusted=True)
    events = [virtual, *AUTOMATED["keyboard.unmatched"]]
    assert features_of(events).modality.is_assistive
    assert ask("keyboard.unmatched", events).outcome is Outcome.UNKNOWN
