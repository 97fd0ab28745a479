"""Streams of events as people and programs make them, for tests to feed the engine."""

from collections.abc import Iterable, Sequence
from random import Random

from detection.engine import Reading, SessionFeatures, SessionState
from detection.engine.events import (
    AnyEvent,
    Click,
    Input,
    KeyClass,
    KeyDown,
    KeyUp,
    MouseDown,
    MouseMove,
    MouseUp,
    PointerKind,
)
from detection.engine.readings import Detector
from detection.engine.registry import BY_CODE


def dice(seed: int) -> Random:
    """Return chance that falls the same way in every run."""
    return Random(seed)  # noqa: S311 -- it imitates people, it guards nothing


def features_of(events: Iterable[AnyEvent]) -> SessionFeatures:
    """Return the features of a session that came in one batch."""
    state = SessionState.new()
    state.absorb(0, list(events))
    return state.features()


def ask(code: str, events: Iterable[AnyEvent]) -> Reading:
    """Return what one detector says of a session."""
    detector: Detector = BY_CODE[code]
    reading = detector.ask(features_of(events))
    assert reading.code == code
    return reading


def typing(
    gaps: Sequence[float],
    holds: Sequence[float],
    *,
    key: KeyClass = "letter",
    code_known: bool | None = True,
    start: float = 1_000,
    with_input: bool = True,
) -> list[AnyEvent]:
    """Return keys that follow one another after `gaps` and are down for `holds`."""
    events: list[AnyEvent] = []
    t = start
    for number, (gap, hold) in enumerate(zip(gaps, holds, strict=True)):
        t += gap
        events.append(KeyDown(t=t, key=key, k=number, code_known=code_known))
        if with_input:
            events.append(
                Input(t=t, input_type="insertText", delta=1, length=number + 1)
            )
        events.append(KeyUp(t=t + hold, key=key, k=number, code_known=code_known))
    return sorted(events, key=lambda event: event.t)


def human_typing(
    keys: int = 60, *, seed: int = 1, slowness: float = 1
) -> list[AnyEvent]:
    """Return a person's typing: uneven gaps, holds of 60 to 140 ms, some overlaps."""
    chance = dice(seed)
    gaps = [slowness * chance.lognormvariate(5.1, 0.6) for _ in range(keys)]
    return typing(gaps, [chance.gauss(100, 20) for _ in range(keys)])


def stroke(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    t: float,
    steps: int = 20,
    step_ms: float = 16,
    haste: float = 1,
    tremor: float = 0,
) -> list[AnyEvent]:
    """Return a hand's movement: slow, fast, slow, and a little off the line.

    `haste` below 1 puts most of the way into the first half, `tremor` is in pixels.
    """
    (x0, y0), (x1, y1) = start, end
    chance = dice(round(t))
    points: list[AnyEvent] = []
    for step in range(steps + 1):
        share = (step / steps) ** haste
        way = share**3 * (10 - 15 * share + 6 * share * share)
        bend = 0.5 * (abs(x1 - x0) + abs(y1 - y0)) * way * (1 - way)
        points.append(
            MouseMove(
                t=t + step * step_ms,
                x=x0 + (x1 - x0) * way + bend / 2 + tremor * chance.gauss(0, 1),
                y=y0 + (y1 - y0) * way + bend + tremor * chance.gauss(0, 1),
            )
        )
    return points


def ruler(
    start: tuple[float, float], end: tuple[float, float], *, t: float, steps: int = 20
) -> list[AnyEvent]:
    """Return a program's movement: a straight line in even steps."""
    (x0, y0), (x1, y1) = start, end
    return [
        MouseMove(
            t=t + step * 16,
            x=x0 + (x1 - x0) * step / steps,
            y=y0 + (y1 - y0) * step / steps,
        )
        for step in range(steps + 1)
    ]


def press(
    t: float,
    x: float,
    y: float,
    *,
    hold: float = 95,
    pointer: PointerKind | None = None,
    trusted: bool | None = True,
) -> list[AnyEvent]:
    """Return a press, a release and a click."""
    return [
        MouseDown(t=t, x=x, y=y, pointer=pointer, trusted=trusted),
        MouseUp(t=t + hold, x=x, y=y, pointer=pointer, trusted=trusted),
        Click(t=t + hold, x=x, y=y, pointer=pointer, trusted=trusted, detail=1),
    ]


SPOTS = [
    (100.0, 100.0 + 140 * row) if row % 2 else (700.0, 90.0 + 150 * row)
    for row in range(12)
]


def human_pointing(clicks: int = 8, *, seed: int = 1) -> list[AnyEvent]:
    """Return a person's way from target to target, each time with a pause."""
    chance = dice(seed)
    events: list[AnyEvent] = []
    here, t = (400.0, 400.0), 500.0
    for spot in SPOTS[:clicks]:
        steps, haste = chance.randint(15, 60), chance.uniform(0.3, 0.7)
        moves = stroke(here, spot, t=t, steps=steps, haste=haste, tremor=0.7)
        t = moves[-1].t + chance.uniform(80, 500)
        hold = chance.uniform(60, 180)
        events += [*moves, *press(t, *spot, hold=hold)]
        here, t = spot, t + hold + chance.lognormvariate(7, 0.7)
    return events


def jumping(clicks: int = 8, *, hold: float = 1, wait: float = 200) -> list[AnyEvent]:
    """Return a program that moves once, to the target, and presses at once."""
    events: list[AnyEvent] = []
    for number, (x, y) in enumerate(SPOTS[:clicks]):
        t = 1_000 + number * wait
        events += [MouseMove(t=t, x=x, y=y), *press(t + 1, x, y, hold=hold)]
    return events


def tapping(taps: int = 8, *, seed: int = 1) -> list[AnyEvent]:
    """Return a person's taps on a phone, as browsers tell them to pages for a mouse."""
    chance = dice(seed)
    events: list[AnyEvent] = []
    t = 500.0
    for x, y in SPOTS[:taps]:
        t += chance.lognormvariate(7, 0.7)
        events += [
            MouseMove(t=t, x=x, y=y),
            *press(t + 1, x, y, hold=chance.choice([0, 1, 2, 3]), pointer="touch"),
        ]
    return events
