"""Questions about presses and clicks."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from detection.engine import Outcome
from detection.engine.events import AnyEvent, Click, KeyDown, MouseDown, MouseUp
from detection.engine.registry import BY_CODE

from ..streams import SPOTS, ask, dice, features_of, human_pointing, jumping, tapping

OF_CLICK = [code for code in BY_CODE if code.startswith("click.")]


def boxed(off: float, count: int = 6) -> list[AnyEvent]:
    """Return presses `off` pixels from the centre of their boxes."""
    chance = dice(2)
    at = [sum(chance.uniform(900, 4_000) for _ in range(n)) for n in range(count)]
    return [
        MouseDown(t=t, x=150 + off, y=120, tx=100, ty=100, tw=100, th=40) for t in at
    ]


def test_presses_of_no_length_fire_and_more_when_many() -> None:
    """A script's button is down for a millisecond."""
    few, many = (
        ask("click.instant_presses", jumping(count, hold=1)) for count in (5, 9)
    )
    assert few.outcome is many.outcome is Outcome.FIRED
    assert many.weight > few.weight


def test_presses_of_one_length_fire() -> None:
    """`delay=80` is 80 each time."""
    assert ask("click.even_presses", jumping(8, hold=80)).outcome is Outcome.FIRED


def test_exact_centres_fire() -> None:
    """Libraries press the middle of a box."""
    assert ask("click.centred", boxed(0)).outcome is Outcome.FIRED


def spots(places: Sequence[tuple[float, float]], *, far: float = 200) -> list[AnyEvent]:
    """Return presses at such places of boxes of different sizes, `far` apart."""
    events: list[AnyEvent] = []
    for number, (across, down) in enumerate(places):
        width, height = 120 + 40 * (number % 3), 40 + 10 * (number % 2)
        left, top = 50 + number % 2 * 30, 60 + far * number
        events.append(
            MouseDown(
                t=number * number * 900,
                x=left + width * (1 + across) / 2,
                y=top + height * (1 + down) / 2,
                tx=left,
                ty=top,
                tw=width,
                th=height,
            )
        )
    return events


def test_one_place_on_all_targets_fires() -> None:
    """`position={"x": …}` is no hand either."""
    reading = ask("click.same_spot", spots([(-0.6, 0.4)] * 7))
    assert reading.outcome is Outcome.FIRED


def test_clicks_of_a_page_script_fire() -> None:
    """`element.click()` is not trusted."""
    clicks = [Click(t=n * 900, x=0, y=0, trusted=False) for n in range(6)]
    assert ask("click.untrusted", clicks).outcome is Outcome.FIRED


def test_clicks_without_a_press_fire() -> None:
    """A click that claims a button needs one."""
    clicks = [Click(t=n * 900, x=0, y=0, detail=1) for n in range(6)]
    assert ask("click.without_press", clicks).outcome is Outcome.FIRED


def test_a_fixed_wait_between_presses_fires() -> None:
    """`sleep(0.2)` has no thought in it."""
    assert ask("click.even_cadence", jumping(6)).outcome is Outcome.FIRED


def left_alone(events: list[AnyEvent]) -> None:
    """Assert that no question about clicks fires."""
    features = features_of(events)
    fired = [c for c in OF_CLICK if BY_CODE[c].ask(features).outcome is Outcome.FIRED]
    assert fired == []


@pytest.mark.parametrize("seed", range(5))
def test_people_are_left_alone(seed: int) -> None:
    """Presses of 60 to 180 ms pass, and speak for a person."""
    events = human_pointing(10, seed=seed)
    left_alone(events)
    assert ask("click.instant_presses", events).weight < 0


@pytest.mark.parametrize("seed", range(5))
def test_phones_are_left_alone(seed: int) -> None:
    """A tap's emulated press lasts 0 to 3 ms."""
    left_alone(tapping(10, seed=seed))


def test_a_tapped_trackpad_is_hardly_a_sign() -> None:
    """Its presses last 2 ms, and its pointer moves like a hand."""
    quick = ask("click.instant_presses", shortened(human_pointing(10)))
    assert quick.outcome is Outcome.FIRED
    assert quick.weight <= 1


def shortened(events: list[AnyEvent]) -> list[AnyEvent]:
    """Return the same presses, released after 2 ms."""
    down = 0.0
    result: list[AnyEvent] = []
    for event in events:
        if isinstance(event, MouseDown):
            down = event.t
        is_end = isinstance(event, MouseUp | Click)
        result.append(replace(event, t=down + 2) if is_end else event)
    return result


def test_keyboard_navigation_is_left_alone() -> None:
    """Space and Enter click without a button, with a count of 0."""
    events: list[AnyEvent] = []
    for number in range(10):
        at = number * number * 400.0
        events += [KeyDown(t=at, key="space"), Click(t=at + 5, x=9, y=9, detail=0)]
    left_alone(events)
    assert features_of(events).modality.is_keyboard_nav


def test_a_screen_reader_is_left_alone() -> None:
    """Its virtual clicks are trusted and hit the exact centre."""
    events: list[AnyEvent] = [
        Click(t=n * n * 700.0, x=x, y=y, detail=0, trusted=True)
        for n, (x, y) in enumerate(SPOTS)
    ]
    left_alone([*events, *boxed(0)])
    assert features_of(events).modality.is_assistive


def test_a_label_clicks_its_box_a_second_time() -> None:
    """The browser forwards the click at once."""
    events: list[AnyEvent] = []
    for event in human_pointing(8):
        events.append(event)
        if isinstance(event, Click):
            events.append(Click(t=event.t + 1, x=5, y=5, detail=1))
    left_alone(events)


def test_hitting_a_small_box_is_no_centre() -> None:
    """A radio of 13 px is always hit in the middle."""
    small = [
        MouseDown(t=n * n * 900.0, x=106, y=106, tx=100, ty=100, tw=13, th=13)
        for n in range(9)
    ]
    left_alone([*small])


@pytest.mark.parametrize("seed", range(5))
def test_people_hit_targets_in_different_places(seed: int) -> None:
    """Even someone who aims well misses by a few pixels."""
    chance = dice(seed)
    places = [(chance.gauss(0.1, 0.2), chance.gauss(0, 0.25)) for _ in range(9)]
    assert ask("click.same_spot", spots(places)).outcome is Outcome.CLEAR


def test_pressing_one_button_again_is_no_same_spot() -> None:
    """The pointer rests on "next" while the pages change."""
    assert ask("click.same_spot", spots([(0.2, 0.3)] * 9, far=0)).outcome is (
        Outcome.UNKNOWN
    )


def test_a_column_of_boxes_is_left_alone() -> None:
    """Down a table the pointer keeps its column, and not its height on each box."""
    down = [-0.4, 0.1, 0.3, -0.2, 0.5, 0.0, -0.5, 0.2]
    assert ask("click.same_spot", spots([(0.2, d) for d in down])).outcome is (
        Outcome.CLEAR
    )


def test_linux_holds_the_button_of_a_tapped_trackpad() -> None:
    """For 180 ms each time, to see whether a drag begins."""
    held = lengthened(human_pointing(10), 180)
    assert ask("click.even_presses", held).outcome is Outcome.UNKNOWN
    assert ask("click.even_presses", jumping(8, hold=120)).outcome is Outcome.FIRED


def lengthened(events: list[AnyEvent], hold: float) -> list[AnyEvent]:
    """Return the same presses, all of one length but for a millisecond."""
    down = 0.0
    result: list[AnyEvent] = []
    for number, event in enumerate(events):
        if isinstance(event, MouseDown):
            down = event.t + number % 2
        is_end = isinstance(event, MouseUp | Click)
        result.append(replace(event, t=down + hold) if is_end else event)
    return result


def test_people_miss_the_centre() -> None:
    """Nine pixels off is a hand."""
    assert ask("click.centred", boxed(9)).outcome is Outcome.CLEAR


@pytest.mark.parametrize("code", OF_CLICK)
def test_two_presses_are_too_little(code: str) -> None:
    """Nothing is said after two clicks."""
    assert ask(code, human_pointing(2)[:-2]).outcome in (
        Outcome.UNKNOWN,
        Outcome.CLEAR,
    )
    assert ask(code, []).outcome is Outcome.UNKNOWN


def test_presses_of_a_screen_reader_are_no_hand_s() -> None:
    """Chromium presses the exact middle for it, at once, and counts no press."""
    pressed = [
        replace(event, trusted=True, detail=0)
        if isinstance(event, MouseDown | MouseUp)
        else event
        for event in jumping(9, hold=0)
    ]
    assert features_of(pressed).modality.is_assistive
    for code in ("click.instant_presses", "click.centred", "pointer.teleports"):
        assert ask(code, pressed).outcome is Outcome.UNKNOWN


def test_a_script_is_no_screen_reader() -> None:
    """Only the browser itself can press for one."""
    press = MouseDown(t=0, x=1, y=1, trusted=False, detail=0)
    assert not features_of([press]).modality.is_assistive
