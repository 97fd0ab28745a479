"""Questions about fingers."""

from collections.abc import Sequence

import pytest

from detection.engine import Outcome
from detection.engine.detectors import touch
from detection.engine.events import (
    AnyEvent,
    Click,
    Device,
    MouseDown,
    MouseUp,
    PointerKind,
    Scroll,
    TouchEnd,
    TouchMove,
    TouchStart,
    Wheel,
)

from ..streams import ask, dice, features_of

OF_TOUCH = [one.code for one in touch.DETECTORS]
OUR_CLIENT = Device(t=0, touch_points=5)


def tap(
    t: float, rest_ms: float, *, rx: float = 1, force: float = 1, finger: int = 0
) -> list[AnyEvent]:
    """Return a tap with the presses that browsers make of it."""
    at = t + rest_ms
    return [
        TouchStart(t=t, x=90, y=80, id=finger, rx=rx, force=force),
        TouchEnd(t=at, x=90, y=80, id=finger, rx=rx, force=force),
        MouseDown(t=at, x=90, y=80, pointer="touch"),
        MouseUp(t=at, x=90, y=80, pointer="touch"),
        Click(t=at, x=90, y=80, pointer="touch", detail=1),
    ]


def taps(rests: Sequence[float], *, rx: float = 1, force: float = 1) -> list[AnyEvent]:
    """Return taps of so many milliseconds, by a finger of one size."""
    starts = [1_000 + n * n * 700 for n in range(len(rests))]
    return [
        event
        for n, (t, rest) in enumerate(zip(starts, rests, strict=True))
        for event in tap(t, rest, rx=rx, force=force, finger=n)
    ]


def swipe(
    t: float,
    points: Sequence[tuple[float, float]],
    times: Sequence[float],
    *,
    finger: int = 0,
) -> list[AnyEvent]:
    """Return a finger's way, without the scrolling that it causes."""
    (x, y), *rest = points
    moves = [
        TouchMove(t=t + dt, x=x, y=y, id=finger)
        for (x, y), dt in zip(rest, times, strict=True)
    ]
    x1, y1 = points[-1]
    end = TouchEnd(t=t + times[-1] + 8, x=x1, y=y1, id=finger)
    return [TouchStart(t=t, x=x, y=y, id=finger), *moves, end]


def dispatched(count: int = 5) -> list[AnyEvent]:
    """Return a debugger's swipes: straight up, 25 px every 30 ms."""
    up = [(200.0, 600.0 - 25 * n) for n in range(9)]
    times = [30.0 * n for n in range(1, 9)]
    return [e for n in range(count) for e in swipe(n * 3_000.0, up, times, finger=n)]


def flicked(count: int = 6, *, seed: int = 1) -> list[AnyEvent]:
    """Return a thumb's swipes: an arc that speeds up."""
    chance = dice(seed)
    events: list[AnyEvent] = []
    t = 500.0
    for number in range(count):
        lean, far = chance.uniform(5, 25), chance.uniform(150, 400)
        shares = [0.0, 0.04, 0.15, 0.35, 0.65, 1.0]
        way = [
            (200 + lean * s * s + chance.gauss(0, 0.4), 600 - far * s) for s in shares
        ]
        times = [30.0 * n + chance.uniform(0, 6) for n in range(1, len(shares))]
        events += swipe(t, way, times, finger=number)
        t += chance.uniform(800, 4_000)
    return events


def scrolled(times: Sequence[float]) -> list[AnyEvent]:
    """Return a page that moves at these times."""
    return [Scroll(t=t, y=200 * n) for n, t in enumerate(times)]


def presses(pointer: PointerKind, count: int = 8) -> list[AnyEvent]:
    """Return presses that no finger preceded."""
    return [MouseDown(t=n * n * 800, x=9, y=9, pointer=pointer) for n in range(count)]


QUIET = [20_000.0 + 4_000 * n for n in range(6)]
AUTOMATED: dict[str, list[AnyEvent]] = {
    "touch.instant_taps": taps([0, 1.3, 0, 1, 2, 0.1]),
    "touch.even_taps": taps([50] * 12, rx=9),
    "touch.point_fingers": taps([70, 40, 90, 50, 60, 80, 45, 65, 55]),
    "touch.without_fingers": [OUR_CLIENT, *presses("touch")],
    "touch.ruled_swipes": dispatched(),
    "touch.even_swipes": dispatched(),
    "touch.untouched_scrolls": [*taps([60, 80, 70, 90]), *scrolled(QUIET)],
}


@pytest.mark.parametrize("code", OF_TOUCH)
def test_automation_fires(code: str) -> None:
    """Each question has a program that it finds."""
    reading = ask(code, sorted(AUTOMATED[code], key=lambda event: event.t))
    assert reading.outcome is Outcome.FIRED
    assert reading.weight > 0


@pytest.mark.parametrize("code", OF_TOUCH)
def test_nothing_is_unknown(code: str) -> None:
    """Nor is anything said of two taps."""
    assert ask(code, []).outcome is Outcome.UNKNOWN
    assert ask(code, taps([0, 0])).outcome is Outcome.UNKNOWN


def test_no_touch_screen_at_all_weighs_more() -> None:
    """A finger on a device without touch points contradicts itself."""
    with_screen, without = (
        ask(
            "touch.without_fingers",
            [Device(t=0, touch_points=points), *presses("touch")],
        )
        for points in (5, 0)
    )
    assert with_screen.outcome is without.outcome is Outcome.FIRED
    assert without.weight > with_screen.weight


def test_all_of_touch_alone_makes_no_bot_of_a_single_sign() -> None:
    """No weight was measured on people, so none decides alone."""
    for code, events in AUTOMATED.items():
        if code != "touch.instant_taps":
            ordered = sorted(events, key=lambda event: event.t)
            assert ask(code, ordered).weight <= 2


def left_alone(events: list[AnyEvent]) -> None:
    """Assert that no question about fingers fires."""
    features = features_of(sorted(events, key=lambda event: event.t))
    fired = [
        d.code for d in touch.DETECTORS if d.ask(features).outcome is Outcome.FIRED
    ]
    assert fired == []


@pytest.mark.parametrize("seed", range(5))
def test_fingers_are_left_alone(seed: int) -> None:
    """Taps of different length, swipes along arcs."""
    chance = dice(seed)
    rests = [chance.gauss(85, 20) for _ in range(14)]
    tapped = [
        event
        for n, rest in enumerate(rests)
        for event in tap(
            40_000 + n * n * 900, rest, rx=chance.uniform(5, 12), force=0, finger=n
        )
    ]
    left_alone([OUR_CLIENT, *flicked(seed=seed), *tapped])


def test_a_phone_that_reports_one_force_and_no_size_is_left_alone() -> None:
    """Many do: force 1 always, or 0, and a radius of 0."""
    rests = [70, 85, 60, 110, 95, 75, 66, 130, 80, 90]
    left_alone(taps(rests, rx=0, force=1))
    left_alone(taps(rests, rx=11.5, force=0))


def test_a_phone_that_counts_in_frames_is_left_alone() -> None:
    """Durations are 50, 67, 83 or 100 ms, nothing in between."""
    chance = dice(5)
    rests = [chance.choice([50, 66.7, 66.7, 83.3, 100]) for _ in range(12)]
    left_alone(taps(rests, rx=20, force=0))


def test_long_taps_do_not_make_short_ones_even() -> None:
    """Someone waits for a menu, and taps as usual otherwise."""
    left_alone(taps([500, 72, 95, 61, 1_200, 84, 103, 77, 58, 91, 66, 120], rx=8))


def test_recorders_that_hear_no_fingers_are_not_asked() -> None:
    """Without a report of the device it is not known what was listened to."""
    reading = ask("touch.without_fingers", presses("touch"))
    assert reading.outcome is Outcome.UNKNOWN


def test_a_pen_is_no_finger() -> None:
    """On Windows it presses without a touch."""
    left_alone([OUR_CLIENT, *presses("pen")])


def test_a_screen_reader_taps_without_fingers() -> None:
    """A double tap anywhere clicks what has its focus."""
    virtual = Click(t=0, x=9, y=9, detail=0, trusted=True)
    left_alone([OUR_CLIENT, virtual, *presses("touch")])


def test_two_fingers_do_not_swipe() -> None:
    """To zoom is to move two fingers, evenly perhaps."""
    events: list[AnyEvent] = []
    for number in range(6):
        t = number * 2_000.0
        events += [
            TouchStart(t=t, x=200, y=300, id=1),
            TouchStart(t=t, x=200, y=500, id=2),
        ]
        for step in range(1, 7):
            at = t + 30 * step
            events += [
                TouchMove(t=at, x=200, y=300 - 25 * step, id=1),
                TouchMove(t=at, x=200, y=500 + 25 * step, id=2),
            ]
        events += [
            TouchEnd(t=t + 190 + number, x=0, y=0, id=1),
            TouchEnd(t=t + 205 + 3 * number, x=0, y=0, id=2),
        ]
    left_alone(events)
    assert features_of(events).totals.touch.swipes.swipes == 0


def test_a_page_that_moves_on_by_itself_is_left_alone() -> None:
    """Some surveys glide to the next question after each tap."""
    events = taps([60, 80, 70, 90, 75, 66])
    glides = [
        Scroll(t=e.t + 300 + 16 * n, y=300 * number + 40 * n)
        for number, e in enumerate(e for e in events if isinstance(e, Click))
        for n in range(6)
    ]
    left_alone([*events, *glides])


def test_a_finger_that_scrolls_is_left_alone() -> None:
    """Its page moves on for seconds after it was lifted."""
    rolling = [Scroll(t=30_000 + 200 * n, y=60 * n, source="touch") for n in range(30)]
    left_alone([*taps([60, 80, 70, 90], rx=8), *flicked(), *rolling])


def test_a_laptop_with_a_touch_screen_is_hardly_suspected() -> None:
    """Who taps the glass and scrolls with the trackpad looks like this."""
    wheels = [Wheel(t=t, dy=90) for t in QUIET]
    events = [*taps([60, 80, 70, 90]), *wheels, *scrolled([t + 9 for t in QUIET])]
    reading = ask("touch.untouched_scrolls", sorted(events, key=lambda e: e.t))
    assert reading.weight < 1.5
