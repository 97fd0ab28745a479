"""Questions about the hand behind the pointer."""

from collections.abc import Callable
from math import cos, pi, sin

import pytest
from msgspec.structs import replace

from detection.engine import Outcome
from detection.engine.detectors import kinematics
from detection.engine.events import AnyEvent, Click, MouseMove

from ..streams import SPOTS, ask, dice, features_of, human_pointing, press, tapping

OF_HANDS = [one.code for one in kinematics.DETECTORS]
Path = Callable[[float], float]


def drawn(
    clicks: int = 12,
    *,
    steps: int = 20,
    step_ms: float = 16,
    bend: float = 60,
    wait: float = 200,
    profile: Path = lambda share: share,
) -> list[AnyEvent]:
    """Return a program's arcs from target to target, all by one formula."""
    events: list[AnyEvent] = []
    (x0, y0), t = (400.0, 400.0), 0.0
    for number in range(clicks):
        x1, y1 = SPOTS[number % len(SPOTS)]
        for step in range(steps + 1):
            way = profile(step / steps)
            off = bend * sin(pi * way)
            x, y = x0 + (x1 - x0) * way + off, y0 + (y1 - y0) * way
            events.append(MouseMove(t=t, x=x, y=y))
            t += step_ms
        events += press(t - step_ms + wait, x1, y1)
        (x0, y0), t = (x1, y1), t + 1_300 + 50 * number
    return events


def told(turn: float) -> list[AnyEvent]:
    """Return a person's moves, the hardware's turned by an angle."""
    events: list[AnyEvent] = []
    last: MouseMove | None = None
    for event in human_pointing(8):
        if not isinstance(event, MouseMove):
            events.append(event)
            continue
        here = event
        if last is not None:
            dx, dy = here.x - last.x, here.y - last.y
            mx = 1.5 * (dx * cos(turn) - dy * sin(turn))
            my = 1.5 * (dx * sin(turn) + dy * cos(turn))
            here = replace(here, mx=mx, my=my)
        events.append(here)
        last = event
    return events


AUTOMATED: dict[str, list[AnyEvent]] = {
    "pointer.too_quick": drawn(6, steps=5, step_ms=1, wait=2),
    "pointer.even_strokes": drawn(),
    "pointer.one_profile": drawn(
        bend=5, profile=lambda share: share**2 * (3 - 2 * share)
    ),
    "pointer.no_tremor": drawn(),
    "pointer.never_corrects": drawn(44),
    "pointer.contrary_moves": told(pi),
    "pointer.clockwork": drawn(step_ms=50),
}


@pytest.mark.parametrize("code", OF_HANDS)
def test_automation_fires(code: str) -> None:
    """Each question has a program that it finds."""
    reading = ask(code, AUTOMATED[code])
    assert reading.outcome is Outcome.FIRED
    assert reading.weight > 0
    assert reading.evidence


@pytest.mark.parametrize("code", OF_HANDS)
def test_two_movements_are_too_little(code: str) -> None:
    """Whatever they look like."""
    assert ask(code, AUTOMATED[code][:18]).outcome is Outcome.UNKNOWN
    assert ask(code, []).outcome is Outcome.UNKNOWN


def test_a_jump_is_too_quick_as_well() -> None:
    """One move from rest to a far target took no time."""
    events: list[AnyEvent] = []
    for number, (x, y) in enumerate(SPOTS[:6]):
        at = number * number * 900.0
        events += [MouseMove(t=at, x=x, y=y), *press(at + 30, x, y)]
    assert ask("pointer.too_quick", events).outcome is Outcome.FIRED


def left_alone(events: list[AnyEvent]) -> None:
    """Assert that no question about the hand fires."""
    features = features_of(events)
    fired = [
        one.code
        for one in kinematics.DETECTORS
        if one.ask(features).outcome is Outcome.FIRED
    ]
    assert fired == []


@pytest.mark.parametrize("seed", range(8))
def test_people_are_left_alone(seed: int) -> None:
    """Hands differ from one movement to the next, and shake a little."""
    events = human_pointing(12, seed=seed)
    left_alone(events)
    asked = set(OF_HANDS) - {"pointer.never_corrects", "pointer.contrary_moves"}
    assert {ask(code, events).outcome for code in asked} == {Outcome.CLEAR}


@pytest.mark.parametrize("tick_ms", [8, 16, 109])
def test_coarse_clocks_are_left_alone(tick_ms: int) -> None:
    """Over remote desktop a whole movement may carry two time stamps."""
    events = human_pointing(12, seed=3)
    left_alone([replace(event, t=event.t // tick_ms * tick_ms) for event in events])


def test_whole_pixels_are_left_alone() -> None:
    """Most mice are told in whole pixels, which shake by themselves."""
    chance = dice(3)
    whole: list[AnyEvent] = [
        MouseMove(t=e.t + chance.uniform(0, 2), x=round(e.x), y=round(e.y))
        if isinstance(e, MouseMove)
        else e
        for e in human_pointing(12, seed=4)
    ]
    left_alone(whole)


@pytest.mark.parametrize("frame_ms", [6.9, 8.3, 16.7, 20])
def test_the_clock_of_a_display_is_left_alone(frame_ms: float) -> None:
    """A fast mouse is told once a frame, exactly."""
    events = [replace(e, t=e.t * frame_ms / 16) for e in human_pointing(12, seed=5)]
    left_alone(events)


def test_a_trembling_hand_is_left_alone() -> None:
    """Tremor is what a program lacks."""
    chance = dice(6)
    shaken: list[AnyEvent] = [
        MouseMove(t=e.t, x=e.x + chance.gauss(0, 5), y=e.y + chance.gauss(0, 5))
        if isinstance(e, MouseMove)
        else e
        for e in human_pointing(12)
    ]
    left_alone(shaken)


def test_a_slow_hand_is_left_alone() -> None:
    """On a slow machine, three times as slow is as uneven."""
    chance = dice(7)
    slow = [replace(e, t=e.t * 3 + chance.uniform(0, 20)) for e in human_pointing(12)]
    left_alone(sorted(slow, key=lambda event: event.t))


def test_one_flick_among_many_ways_is_left_alone() -> None:
    """A practised hand throws the pointer now and then."""
    events = human_pointing(10)
    late = events[-1].t + 2_000
    flick = [MouseMove(t=late + n * 9, x=100 + 60 * n, y=100 + 2 * n) for n in range(9)]
    left_alone([*events, *flick, *press(late + 90, 580, 116)])


def test_pressing_where_the_pointer_rests_is_no_way() -> None:
    """The first press on a page may need no movement at all."""
    events = [e for n in range(9) for e in press(n * n * 900.0, 500, 600)]
    left_alone([MouseMove(t=0, x=500, y=600), *events])
    assert ask("pointer.too_quick", events).outcome is Outcome.UNKNOWN


def test_fingers_are_not_asked() -> None:
    """Their emulated moves say nothing about a hand."""
    features = features_of(tapping(12))
    outcomes = {one.ask(features).outcome for one in kinematics.DETECTORS}
    assert outcomes == {Outcome.UNKNOWN}


def test_a_screen_readers_jumps_are_not_asked() -> None:
    """Its presses come from nowhere, beside clicks that no pointer made."""
    virtual = Click(t=0, x=9, y=9, detail=0, trusted=True)
    reading = ask("pointer.too_quick", [virtual, *AUTOMATED["pointer.too_quick"]])
    assert reading.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("turn", [0, 0.5])
def test_a_scaled_mouse_is_left_alone(turn: float) -> None:
    """Browsers count the hardware's moves in other units, in the same direction."""
    assert ask("pointer.contrary_moves", told(turn)).outcome is Outcome.CLEAR


def test_browsers_that_tell_no_moves_are_not_asked() -> None:
    """Some say 0 of every move."""
    still = [
        replace(e, mx=0.0, my=0.0) if isinstance(e, MouseMove) else e
        for e in human_pointing(12)
    ]
    assert ask("pointer.contrary_moves", still).outcome is Outcome.UNKNOWN
