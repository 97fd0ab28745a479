"""Questions about the pointer."""

import pytest
from msgspec.structs import replace

from detection.engine import Outcome
from detection.engine.events import AnyEvent, Click, MouseDown, MouseMove, Page
from detection.engine.registry import BY_CODE

from ..streams import (
    SPOTS,
    ask,
    dice,
    features_of,
    human_pointing,
    jumping,
    press,
    ruler,
    stroke,
    tapping,
)

TELEPORTS = "pointer.teleports"
OF_POINTER = [code for code in BY_CODE if code.startswith("pointer.")]


def ruled(clicks: int = 7, *, wait: float = 200) -> list[AnyEvent]:
    """Return straight and even movements from target to target."""
    events: list[AnyEvent] = []
    here, t = (400.0, 400.0), 0.0
    for spot in SPOTS[:clicks]:
        moves = ruler(here, spot, t=t)
        t = moves[-1].t + wait
        events += [*moves, *press(t, *spot)]
        here, t = spot, t + 900
    return events


@pytest.mark.parametrize(
    "code", ["pointer.even_speed", "pointer.even_steps", "pointer.straight"]
)
def test_interpolated_movements_fire(code: str) -> None:
    """`move(x, y, steps=20)` draws with a ruler."""
    assert ask(code, ruled()).outcome is Outcome.FIRED


def test_one_even_stroke_fires_a_little() -> None:
    """A single movement is a hint."""
    reading = ask("pointer.even_speed", ruler((0, 0), (500, 300), t=0))
    assert reading.outcome is Outcome.FIRED
    assert reading.weight < 2


def test_presses_in_the_moment_of_arrival_fire() -> None:
    """A script does not stop before it presses."""
    assert ask("pointer.presses_at_once", ruled(wait=1)).outcome is Outcome.FIRED


def test_one_move_to_each_target_is_a_teleport() -> None:
    """The single move of a script is where its press is."""
    reading = ask(TELEPORTS, jumping(6))
    assert reading.outcome is Outcome.FIRED
    assert reading.evidence["teleports"] == 5


def test_presses_without_any_move_fire() -> None:
    """Some drivers press wherever they like."""
    events = [e for spot in SPOTS[:6] for e in press(spot[1] * 9, *spot, hold=1)]
    assert ask(TELEPORTS, events).outcome is Outcome.FIRED
    assert ask("pointer.never_moves", events).outcome is Outcome.FIRED


def test_a_few_jumps_among_paths_fire_a_little() -> None:
    """A library that moves to radios may jump to the text."""
    events = ruled(6)
    late = events[-1].t
    for number, (x, y) in enumerate([(500.0, 100.0), (800.0, 600.0)]):
        at = late + 500 + number * 500
        events += [MouseMove(t=at, x=x, y=y), *press(at + 50, x, y)]
    reading = ask(TELEPORTS, events)
    assert reading.outcome is Outcome.FIRED
    assert reading.weight < 2


def test_moves_that_never_coalesce_fire_hardly() -> None:
    """Slow mice do it too."""
    moves = [MouseMove(t=n * 16, x=n, y=n, coalesced=1) for n in range(120)]
    reading = ask("pointer.never_coalesced", moves)
    assert reading.outcome is Outcome.FIRED
    assert reading.weight < 0.5


def left_alone(events: list[AnyEvent]) -> None:
    """Assert that no question about the pointer fires."""
    features = features_of(events)
    fired = [c for c in OF_POINTER if BY_CODE[c].ask(features).outcome is Outcome.FIRED]
    assert fired == []


@pytest.mark.parametrize("seed", range(5))
def test_people_are_left_alone(seed: int) -> None:
    """Natural strokes pass, and speak for a person."""
    events = human_pointing(10, seed=seed)
    left_alone(events)
    assert ask("pointer.even_speed", events).weight < 0


@pytest.mark.parametrize("tick_ms", [8, 16, 109])
def test_coarse_clocks_are_left_alone(tick_ms: int) -> None:
    """Over remote desktop, presses share the last move's time stamp."""
    events = human_pointing(10, seed=3)
    rounded = [replace(event, t=event.t // tick_ms * tick_ms) for event in events]
    left_alone(rounded)


def test_a_trembling_hand_is_left_alone() -> None:
    """Tremor makes speed vary more, not less."""
    chance = dice(6)
    events = [
        MouseMove(t=e.t, x=e.x + chance.gauss(0, 4), y=e.y + chance.gauss(0, 4))
        if isinstance(e, MouseMove)
        else e
        for e in human_pointing(10)
    ]
    left_alone(events)


def test_a_slow_hand_is_left_alone() -> None:
    """Long pauses within a movement cut it, and nothing more."""
    events: list[AnyEvent] = []
    chance, t = dice(8), 0.0
    for number, spot in enumerate(SPOTS[:8]):
        start = SPOTS[number - 1] if number else (0.0, 0.0)
        steps = 9 + (7 * number) % 13
        moves = stroke(start, spot, t=t, steps=steps, step_ms=120, tremor=2)
        t = moves[-1].t + 900
        late = [replace(move, t=move.t + chance.uniform(0, 60)) for move in moves]
        events += [*late, *press(t, *spot, hold=400)]
        t += 3_000
    left_alone(events)


def test_fingers_do_not_teleport() -> None:
    """A tap comes with one emulated move, from wherever the last was."""
    left_alone(tapping(10))


def test_clicking_one_button_again_is_no_teleport() -> None:
    """The button stays where it is, and so does the pointer."""
    events = [e for n in range(8) for e in press(n * 900, 500, 600)]
    assert ask(TELEPORTS, events).outcome is Outcome.UNKNOWN


def test_the_pointer_may_be_anywhere_on_a_new_page() -> None:
    """Moves while a page loads are never seen."""
    events: list[AnyEvent] = []
    for number, spot in enumerate(SPOTS[:8]):
        at = number * 5_000.0
        events += [Page(t=at), MouseMove(t=at + 10, x=spot[0], y=spot[1])]
        events += press(at + 900, *spot)
    assert ask(TELEPORTS, events).outcome is Outcome.UNKNOWN


def test_a_screen_reader_presses_without_moving() -> None:
    """Its presses come with clicks that no pointer made."""
    events: list[AnyEvent] = []
    for number, spot in enumerate(SPOTS[:8]):
        at = number * 4_000.0
        x, y = spot
        events += [Click(t=at, x=x, y=y, detail=0, trusted=True)]
        events += [MouseDown(t=at + 900, x=x, y=y)]
    left_alone(events)


def test_keyboard_only_respondents_have_no_pointer() -> None:
    """Nothing is asked where nothing is."""
    features = features_of([Click(t=n * 900, x=0, y=0, detail=0) for n in range(9)])
    assert {BY_CODE[c].ask(features).outcome for c in OF_POINTER} == {Outcome.UNKNOWN}


@pytest.mark.parametrize("code", OF_POINTER)
def test_one_press_is_too_little(code: str) -> None:
    """A single click tells nothing about its way."""
    events = [*stroke((0, 0), (40, 30), t=0, steps=4), *press(400, 40, 30)]
    assert ask(code, events).outcome is Outcome.UNKNOWN
