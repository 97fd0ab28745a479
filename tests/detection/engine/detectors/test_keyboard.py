"""Questions about keys."""

import pytest
from msgspec.structs import replace

from detection.engine import Outcome
from detection.engine.events import (
    AnyEvent,
    Input,
    KeyDown,
    MouseDown,
    MouseMove,
    Paste,
)
from detection.engine.registry import BY_CODE

from ..streams import ask, dice, features_of, human_typing, tapping, typing

SPEED = "keyboard.machine_speed"
HOLDS = "keyboard.instant_holds"
RHYTHM = "keyboard.even_rhythm"
EVEN_HOLDS = "keyboard.even_holds"
OVERLAPS = "keyboard.no_overlaps"
KEYLESS = "keyboard.text_without_keys"
WHOLE = "keyboard.whole_texts"
UNTRUSTED = "keyboard.untrusted"
UNRELEASED = "keyboard.never_released"
NARROW = "keyboard.narrow_rhythm"
OF_KEYS = [code for code in BY_CODE if code.startswith("keyboard.")]

MOUSE: list[AnyEvent] = [MouseMove(t=0, x=1, y=1)]


def texts(count: int, *, gap: float, delta: int = 1) -> list[AnyEvent]:
    """Return changes of a text that no key brought."""
    return [
        Input(t=1_000 + n * gap, input_type="insertText", delta=delta, length=delta)
        for n in range(count)
    ]


def test_keys_at_machine_speed_fire() -> None:
    """Agents type a key every few milliseconds."""
    reading = ask(SPEED, typing([9] * 20, [3] * 20))
    assert reading.outcome is Outcome.FIRED
    assert reading.weight > 0


def test_keys_let_go_at_once_fire_beside_a_mouse() -> None:
    """Libraries send down and up together, however long they wait in between."""
    chance = dice(3)
    gaps = [chance.uniform(80, 200) for _ in range(30)]
    assert ask(HOLDS, [*MOUSE, *typing(gaps, [11] * 30)]).outcome is Outcome.FIRED
    assert ask(HOLDS, typing(gaps, [1] * 30)).outcome is Outcome.FIRED


def test_a_fixed_delay_fires() -> None:
    """`type(text, delay=50)` keeps time better than anybody."""
    assert ask(RHYTHM, typing([50] * 14, [40] * 14)).outcome is Outcome.FIRED


def test_one_hold_for_all_keys_fires() -> None:
    """A sleep between down and up is the same each time."""
    assert ask(EVEN_HOLDS, typing([150] * 25, [60] * 25)).outcome is Outcome.FIRED


def test_a_long_text_without_overlap_or_correction_fires() -> None:
    """Two hundred keys one after the other are a sign, if a small one."""
    chance = dice(5)
    gaps = [chance.uniform(120, 400) for _ in range(200)]
    reading = ask(OVERLAPS, typing(gaps, [80] * 200))
    assert reading.outcome is Outcome.FIRED
    assert reading.weight < 1.5


def test_text_without_keys_fires_and_more_when_quick() -> None:
    """`insertText` leaves no key behind."""
    slow, quick = ask(KEYLESS, texts(20, gap=80)), ask(KEYLESS, texts(20, gap=1))
    assert slow.outcome is quick.outcome is Outcome.FIRED
    assert quick.weight > slow.weight


def test_whole_texts_fire_and_two_more_than_one() -> None:
    """`fill()` brings a whole answer in one change."""
    one, two = (
        ask(WHOLE, texts(1, gap=1, delta=90)),
        ask(WHOLE, texts(2, gap=9, delta=90)),
    )
    assert one.outcome is two.outcome is Outcome.FIRED
    assert two.weight > one.weight


def test_keys_of_a_page_script_fire() -> None:
    """`dispatchEvent` makes keys that the browser does not trust."""
    keys = [KeyDown(t=n * 90, key="letter", trusted=False) for n in range(5)]
    assert ask(UNTRUSTED, keys).outcome is Outcome.FIRED


def test_keys_that_never_come_up_fire() -> None:
    """Some agents send half of a key."""
    keys = [KeyDown(t=n * 90, key="letter", k=n) for n in range(15)]
    assert ask(UNRELEASED, keys).outcome is Outcome.FIRED


def test_chance_within_limits_fires_a_little() -> None:
    """A random delay has no pauses."""
    chance = dice(2)
    gaps = [chance.uniform(90, 150) for _ in range(60)]
    reading = ask(NARROW, typing(gaps, [70] * 60))
    assert reading.outcome is Outcome.FIRED
    assert reading.weight < 1


def left_alone(events: list[AnyEvent]) -> None:
    """Assert that no question about keys fires."""
    features = features_of(events)
    fired = [c for c in OF_KEYS if BY_CODE[c].ask(features).outcome is Outcome.FIRED]
    assert fired == []


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("slowness", [0.5, 1, 4])
def test_people_are_left_alone(seed: int, slowness: float) -> None:
    """Quick, ordinary and slow typists pass."""
    left_alone([*MOUSE, *human_typing(80, seed=seed, slowness=slowness)])


def test_a_person_speaks_for_being_one() -> None:
    """Natural rhythm, holds and overlaps lower the odds."""
    events = human_typing(80)
    for code in (RHYTHM, HOLDS, EVEN_HOLDS, OVERLAPS):
        reading = ask(code, events)
        assert reading.outcome is Outcome.CLEAR
        assert reading.weight < 0


@pytest.mark.parametrize("tick_ms", [8, 16, 109])
def test_coarse_clocks_are_left_alone(tick_ms: int) -> None:
    """Remote desktops and careful browsers round times."""
    events = human_typing(80, seed=9)
    rounded = [replace(event, t=event.t // tick_ms * tick_ms) for event in events]
    left_alone([*MOUSE, *rounded])


def test_phones_are_left_alone() -> None:
    """Glass keys have no holds, and Android does not name them."""
    chance = dice(4)
    gaps = [chance.lognormvariate(5.2, 0.6) for _ in range(60)]
    keys = typing(gaps, [4] * 60, key="other", code_known=False)
    left_alone([*tapping(), *keys])


def test_a_phone_without_a_tap_is_left_alone() -> None:
    """An iPad's keys are known and take 16 ms."""
    chance = dice(4)
    gaps = [chance.lognormvariate(5.2, 0.6) for _ in range(60)]
    left_alone(typing(gaps, [chance.choice([15, 16, 17]) for _ in range(60)]))


def test_an_input_method_is_left_alone() -> None:
    """Composed text comes in bunches, with keys that have no name."""
    composed: list[AnyEvent] = [
        Input(t=5_000 + n * 300, input_type="insertCompositionText", delta=2, length=2)
        for n in range(20)
    ]
    keys = [KeyDown(t=5_000 + n, key="other", code_known=False) for n in range(20)]
    left_alone([*composed, *keys])


def test_dictation_is_left_alone() -> None:
    """Spoken text arrives by the sentence, without keys."""
    spoken = [
        Input(t=n * 900, input_type="insertFromDictation", delta=40, length=40 * n)
        for n in range(1, 20)
    ]
    left_alone([*spoken, *texts(15, gap=500, delta=30)])


def test_pasting_is_left_alone() -> None:
    """People paste, in the first field and in the last."""
    pasted = [
        Input(t=n * 4_000 + 1, input_type="insertFromPaste", delta=300, length=300)
        for n in range(5)
    ]
    left_alone([*(Paste(t=n * 4_000, length=300) for n in range(5)), *pasted])


def test_autofill_is_left_alone() -> None:
    """A password manager fills ten fields at once."""
    filled = [
        Input(t=5_000, input_type="insertReplacementText", delta=25, length=25, field=n)
        for n in range(10)
    ]
    plain = [Input(t=5_001, delta=25, length=25, field=n) for n in range(10)]
    left_alone([*filled, *plain])


def test_a_held_key_is_left_alone() -> None:
    """A held backspace repeats thirty times a second."""
    repeats = [KeyDown(t=n * 33, key="backspace", k=1, repeat=n > 0) for n in range(60)]
    left_alone([*repeats, *human_typing(40)])


def test_a_keyboard_on_the_screen_is_no_bot() -> None:
    """Its keys are short and alike, and slow: a little is not a verdict."""
    chance = dice(8)
    gaps = [chance.lognormvariate(6.3, 0.5) for _ in range(40)]
    events = [*MOUSE, *typing(gaps, [2] * 40)]
    assert ask(HOLDS, events).weight < 1
    assert ask(EVEN_HOLDS, events).weight < 1


def test_ticking_boxes_is_no_text_without_keys() -> None:
    """A radio's change has no key either."""
    ticked: list[AnyEvent] = []
    for number in range(30):
        at = number * 700.0
        ticked += [
            MouseDown(t=at, x=1, y=1),
            Input(t=at + 9, input_type="choice", delta=1, length=1),
        ]
    left_alone(ticked)


@pytest.mark.parametrize("code", OF_KEYS)
def test_a_yes_is_too_little(code: str) -> None:
    """Three keys show nothing."""
    reading = ask(code, typing([90] * 3, [60] * 3, with_input=False)[:4])
    assert reading.outcome is Outcome.UNKNOWN
    assert reading.weight == 0
