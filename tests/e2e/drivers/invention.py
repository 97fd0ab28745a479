"""Made-up sessions: what somebody writes who has read the client's source.

Both know the vocabulary and a page's layout. The naive one counts and draws straight
lines; the careful one imitates what papers say of hands: moves with one hump of speed
that end beside the target and are corrected, presses and keys with skewed times,
overlaps, a slip that is taken back, and a device that fits the requests.
"""

from collections.abc import Iterator
from math import exp, pi, sin
from typing import Any, Final

from .chance import CHANCE
from .survey import PAGES, TEXT

Invented = dict[str, Any]
Point = tuple[float, float]
Box = tuple[float, float, float, float]

FIELD: Final = 10
FRAME_MS: Final = 16.7

# Where a desktop's browser shows the demo's choices and its text, in CSS pixels.
LEFT: Final = 420
TOP: Final = 260
ROW: Final = 52
WIDTH: Final = 640
HEIGHT: Final = 44

DEVICE: Final[Invented] = {
    "type": "device",
    "webdriver": False,
    "driver_globals": [],
    "headless_marks": [],
    "screen_width": 1920,
    "screen_height": 1080,
    "inner_width": 1920,
    "inner_height": 945,
    "outer_width": 1920,
    "outer_height": 1040,
    "pixel_ratio": 1,
    "cores": 8,
    "memory_gb": 16,
    "touch_points": 0,
    "coarse_pointer": False,
    "hover": True,
    "platform": "Win32",
    "brands": ["Not:A-Brand", "Chromium", "Google Chrome"],
    "mobile": False,
    "languages": ["en-GB", "en"],
    "timezone": "Europe/London",
    "timezone_offset_min": 0,
    "renderer": "ANGLE (Intel, Intel(R) UHD Graphics 620 Direct3D11, D3D11)",
    "reduced_motion": False,
    "dark": False,
    "focused": True,
}
NETWORK: Final[Invented] = {
    "type": "network",
    "connection": "4g",
    "round_trip_ms": 50,
    "downlink_mbps": 10,
}


class Naive:
    """Straight lines, round numbers, the centre of everything."""

    move_ms = 20.0
    steps = 10
    press_ms = 80.0
    think_ms = 800.0
    key_ms = 100.0
    hold_ms = 60.0

    def __init__(self) -> None:
        self.at: Point = (0, 0)
        self.now = 0.0
        self.presses = 0

    def page(self, number: int) -> Iterator[Invented]:
        """Yield what happens on a page, in its order."""
        yield self.event("page", 50, id=str(number), words=80)
        targets = range(len(PAGES[number - 1]))
        for row in targets:
            at = (LEFT, TOP + ROW * row, WIDTH, HEIGHT)
            yield from self.click(at, "label")
            yield self.event("input", 2, input_type="choice", trusted=True, field=row)
        if not targets:
            yield from self.click((LEFT, TOP, WIDTH, 4 * HEIGHT), "textarea")
            yield from self.type()
        yield from self.click((LEFT, TOP + 8 * ROW, 160, HEIGHT), "button")

    def event(self, kind: str, after_ms: float, **what: Any) -> Invented:
        """Return an event some milliseconds after the last one."""
        self.now += after_ms
        return {"type": kind, "t": round(self.now, 1), **what}

    def click(self, box: Box, target: str) -> Iterator[Invented]:
        """Move to a target and press it."""
        left, top, width, height = box
        yield from self.move(self.aim(box))
        x, y = self.at
        place = {"x": round(x), "y": round(y), "button": 0, "detail": 1}
        box_told = {"tx": left, "ty": top, "tw": width, "th": height}
        told = {"trusted": True, "pointer": "mouse", "target": target}
        for kind, after_ms in self.press():
            yield self.event(kind, after_ms, **place, **box_told, **told)

    def aim(self, box: Box) -> Point:
        """Return where to press."""
        left, top, width, height = box
        return left + width / 2, top + height / 2

    def press(self) -> Iterator[tuple[str, float]]:
        """Yield the events of a press and the time before each."""
        yield "mousedown", self.move_ms
        yield "mouseup", self.press_ms
        yield "click", 0.0

    def move(self, to: Point) -> Iterator[Invented]:
        """Move to a place."""
        self.now += self.think_ms
        from_x, from_y = self.at
        for step in range(1, self.steps + 1):
            share = step / self.steps
            x, y = from_x + (to[0] - from_x) * share, from_y + (to[1] - from_y) * share
            yield self.moved(x, y, self.move_ms)

    def moved(self, x: float, y: float, after_ms: float) -> Invented:
        """Return a step of the pointer."""
        mx, my = x - self.at[0], y - self.at[1]
        self.at = (x, y)
        where = {"x": round(x), "y": round(y), "mx": round(mx), "my": round(my)}
        return self.event("mousemove", after_ms, coalesced=1, **where)

    def type(self) -> Iterator[Invented]:
        """Type the text."""
        for number, character in enumerate(TEXT, 1):
            key = self.key(character)
            yield self.event("keydown", self.key_ms - self.hold_ms, **key)
            yield self.changed(number, 1)
            yield self.event("keyup", self.hold_ms - 1, **key)

    def key(self, character: str) -> Invented:
        """Return what is told of a key."""
        self.presses += 1
        kind = "letter" if character.isalpha() else "punctuation"
        kind = "space" if character == " " else kind
        known = {"code_known": True, "trusted": True, "field": FIELD}
        return {"key": kind, "k": self.presses, **known}

    def changed(self, length: int, delta: int) -> Invented:
        """Return the change that a key made."""
        kind = "insertText" if delta > 0 else "deleteContentBackward"
        what = {"input_type": kind, "delta": delta, "length": length, "keys_since": 1}
        return self.event("input", 1, trusted=True, field=FIELD, **what)


class Careful(Naive):
    """What papers say of hands."""

    def page(self, number: int) -> Iterator[Invented]:
        """Tell the page, its questions and the device first, as the client does."""
        yield self.event("page", 30, id=str(number), words=80)
        names = ("q1", "q2") if number == 1 else (f"q{number + 1}",)
        for name in names:
            yield self.event("question", 10, id=name, words=26, visible=True)
        for report in (DEVICE, NETWORK):
            yield self.event(report["type"], 60, **report)
        *rest, last = list(super().page(number))[1:]
        yield from rest
        for name in names:
            yield {"type": "answer", "t": last["t"], "id": name, "visible": True}
        yield last

    def aim(self, box: Box) -> Point:
        """Press near the middle, seldom on it."""
        left, top, width, height = box
        x = left + width * min(0.95, max(0.05, CHANCE.gauss(0.4, 0.15)))
        return x, top + height * min(0.9, max(0.1, CHANCE.gauss(0.5, 0.15)))

    def press(self) -> Iterator[tuple[str, float]]:
        """Hesitate, press and release at times that are skewed to the right."""
        yield "mousedown", skewed(120, 0.4)
        yield "mouseup", skewed(85, 0.25)
        yield "click", 0.0

    def move(self, to: Point) -> Iterator[Invented]:
        """Think, reach for the target, miss it a little, and correct."""
        self.now += skewed(250, 0.4)
        miss_x, miss_y = CHANCE.gauss(0, 18), CHANCE.gauss(0, 9)
        yield from self.reach((to[0] + miss_x, to[1] + miss_y))
        self.now += skewed(70, 0.4)
        yield from self.reach(to)

    def reach(self, to: Point) -> Iterator[Invented]:
        """Move with one hump of speed, along a bend, with tremor, in whole pixels."""
        (from_x, from_y), bend = self.at, CHANCE.gauss(0, 0.07)
        far_x, far_y = to[0] - from_x, to[1] - from_y
        frames = max(4, int(skewed(14, 0.3)))
        peak = CHANCE.uniform(0.8, 1.5)
        for frame in range(1, frames + 1):
            share = (frame / frames) ** peak
            eased = share**3 * (10 - 15 * share + 6 * share**2)
            aside = bend * sin(pi * eased)
            x = from_x + far_x * eased - far_y * aside + CHANCE.gauss(0, 0.6)
            y = from_y + far_y * eased + far_x * aside + CHANCE.gauss(0, 0.6)
            event = self.moved(x, y, max(6.0, CHANCE.gauss(FRAME_MS, 1.2)))
            yield event | {"coalesced": CHANCE.choice((1, 2, 2, 2, 3))}

    def type(self) -> Iterator[Invented]:
        """Type unevenly, with keys that overlap, and one slip taken back."""
        slip = CHANCE.randrange(10, len(TEXT) - 10)
        told: list[Invented] = []
        for length, character in enumerate(TEXT, 1):
            told += self.stroke(self.key(character), length, 1)
            if length == slip:
                self.now += skewed(250, 0.3)
                erase = self.key("x") | {"key": "backspace"}
                told += self.stroke(erase, length - 1, -1)
                self.now += skewed(150, 0.3)
                told += self.stroke(self.key(character), length, 1)
        yield from sorted(told, key=lambda event: float(event["t"]))
        self.now = max(event["t"] for event in told)

    def stroke(self, key: Invented, length: int, delta: int) -> Iterator[Invented]:
        """Press a key; it may come up after the next one has gone down."""
        pause = skewed(260, 0.5) if key["key"] == "space" else skewed(120, 0.45)
        yield self.event("keydown", pause, **key)
        up = {"type": "keyup", "t": round(self.now + skewed(95, 0.3), 1), **key}
        yield self.changed(length, delta)
        yield up


def skewed(median: float, spread: float) -> float:
    """Return a time in ms, drawn log-normally around its median."""
    return median * exp(CHANCE.gauss(0, spread))
