"""Programs that answer: what drivers, scripts and imitations of hands send."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Final

from .desk import Typing, sentences
from .hand import Point
from .questionnaires import Control, Item
from .typing import Act, key_of
from .visitor import SHORT_WAIT_MS, Visitor

# Down, up and click of a driver: within a millisecond or two (research C2).
PRESS_MS: Final = (0.4, 1.6)
# The driver's own round trip from command to command.
COMMAND_MS: Final = (8.0, 30.0)
# Drivers send a path's points as often as a display shows them.
STEP_MS: Final = 16.0

# What many copies of one program answer alike.
CANNED: Final = (
    "The service is convenient and affordable for everyday use.",
    "Overall I am satisfied with the quality and would recommend it to others.",
    "It depends on several factors. The most important one is the price.",
)

# How far along the way one is, by the share of the time that has passed.
Course = Callable[[float], Point]


@dataclass(slots=True)
class Script(Typing):
    """A driver without manners: it is at its targets at once, and on their centre."""

    at: Point = field(default_factory=lambda: Point(0.0, 0.0))
    wait_ms: tuple[float, float] = SHORT_WAIT_MS
    key_ms: tuple[float, float] = (28.0, 34.0)
    key_down_ms: tuple[float, float] = (0.5, 2.0)

    def read(self, words: int) -> None:
        """Wait for the page, whatever stands on it."""
        self.tape.wait(self.chance.uniform(*self.wait_ms))

    def think(self) -> None:
        """Wait for the last command to be done."""
        self.tape.wait(self.chance.uniform(*self.wait_ms))

    def compose(self, item: Item) -> str:
        """Answer what all copies answer."""
        return self.chance.choice(CANNED)

    def press(self, control: Control) -> None:
        """Bring a control into view, go there and click."""
        self.show(control)
        self.reach(self.target(control), control)
        self.click(control)

    def show(self, control: Control) -> None:
        """Let the page jump to a control: `scrollIntoView`."""
        if self.hidden_px(control):
            middle = control.box.top - self.browser.height / 2
            self.scrolled_to(middle, "unknown")
            self.tape.wait(self.chance.uniform(*COMMAND_MS))

    def target(self, control: Control) -> Point:
        """Return the centre of a control."""
        box = self.in_window(control)
        return Point(box.left + box.width / 2, box.top + box.height / 2)

    def reach(self, goal: Point, control: Control) -> None:
        """Be there."""
        self.moved(self.tape.now, goal)

    def moved(self, at: float, here: Point) -> None:
        """Report where the pointer is; the debugger's moves are never coalesced."""
        dx, dy = round(here.x - self.at.x, 1), round(here.y - self.at.y, 1)
        x, y = round(here.x, 1), round(here.y, 1)
        self.tape.note("mousemove", at, x=x, y=y, coalesced=1, mx=dx, my=dy)
        self.at = here

    def hold(self) -> float:
        """Return for how many ms the button is down."""
        return self.chance.uniform(*PRESS_MS)

    def pause(self) -> float:
        """Return the ms between the last move and the press."""
        return self.chance.uniform(*PRESS_MS)

    def click(self, control: Control) -> None:
        """Press and let go."""
        tape = self.tape
        tape.wait(self.pause())
        self.button("mousedown", tape.now, self.at, control)
        if control.role != "label":
            self.focused(control)
        tape.wait(self.hold())
        self.button("mouseup", tape.now, self.at, control)
        self.button("click", tape.now, self.at, control)
        if control.role == "label":
            self.button("click", tape.now, self.at, control, target="radio")
            self.focused(control)

    def write(self, control: Control, text: str) -> None:
        """Type with one wait for all keys."""
        self.play(control, self.acts(text), 0)

    def acts(self, text: str) -> Sequence[Act]:
        """Return the keys of a text, in order and never wrong."""
        return list(self._acts(text))

    def _acts(self, text: str) -> Iterator[Act]:
        at = 0.0
        for letter in text:
            at += self.chance.uniform(*self.key_ms)
            yield Act(at, "down", key_of(letter))
            yield Act(at + self.chance.uniform(*self.key_down_ms), "up", key_of(letter))


@dataclass(slots=True)
class InstantTypist(Script):
    """A driver that types without any wait."""

    key_ms: tuple[float, float] = (1.0, 3.5)
    key_down_ms: tuple[float, float] = (0.2, 0.9)


@dataclass(slots=True)
class Filler(Script):
    """A script in the page: it clicks by `click()`, and sets whole values."""

    def press(self, control: Control) -> None:
        """Click without a pointer."""
        nowhere = Point(0, 0)
        told = {"detail": 0, "pointer": "unknown", "trusted": False}
        self.button("click", self.tape.now, nowhere, control, **told)

    def write(self, control: Control, text: str) -> None:
        """Set a value, and tell the page that it has changed."""
        self.tape.note(
            "input",
            input_type="insertText",
            delta=len(text),
            length=len(text),
            trusted=True,
            field=self.field_of(control),
            keys_since=0,
        )


@dataclass(slots=True)
class Ruler(Script):
    """A driver that draws straight lines at one speed, and holds the button a while."""

    steps: int = 24
    key_ms: tuple[float, float] = (55.0, 65.0)
    key_down_ms: tuple[float, float] = (9.0, 12.0)

    def target(self, control: Control) -> Point:
        """Return somewhere on a control."""
        box, chance = self.in_window(control), self.chance
        return Point(
            box.left + box.width * chance.uniform(0.2, 0.8),
            box.top + box.height * chance.uniform(0.2, 0.8),
        )

    def reach(self, goal: Point, control: Control) -> None:
        """Move there step by step."""
        self.follow(line(self.at, goal), self.steps * STEP_MS, STEP_MS)

    def follow(self, course: Course, lasts: float, step: float) -> None:
        """Report a way that takes so long, each so many ms."""
        begin, count = self.tape.now, max(2, round(lasts / step))
        for number in range(1, count + 1):
            self.moved(begin + number * step, course(number / count))
        self.tape.now = begin + count * step

    def hold(self) -> float:
        """Return for how many ms the button is down."""
        return self.chance.uniform(60, 72)


@dataclass(slots=True)
class Replayer(Ruler):
    """One recorded act, played again and again: always as long, always as even."""

    wait_ms: tuple[float, float] = (1_180.0, 1_220.0)
    key_ms: tuple[float, float] = (108.0, 113.0)
    key_down_ms: tuple[float, float] = (44.0, 47.0)

    def reach(self, goal: Point, control: Control) -> None:
        """Move along the one recorded curve, stretched to the way."""
        self.follow(curve(self.at, goal, (0.12, 0.05)), 480.0, STEP_MS)

    def hold(self) -> float:
        """Return the recorded press."""
        return 84.0 + self.chance.uniform(-0.4, 0.4)


@dataclass(slots=True)
class Imitator(Ruler):
    """A careful program: bent ways, a bell's speed, jitter, holds and pauses."""

    def read(self, words: int) -> None:
        """Wait as long as the words ask for."""
        Visitor.read(self, words)

    def think(self) -> None:
        """Wait as people do."""
        Visitor.think(self)

    def reach(self, goal: Point, control: Control) -> None:
        """Move along a Bézier curve, with noise on each point."""
        chance = self.chance
        bends = chance.gauss(0, 0.12), chance.gauss(0, 0.12)
        smooth = curve(self.at, goal, bends)

        def shaken(share: float) -> Point:
            point = smooth(share)
            if share >= 1:
                return point
            return Point(point.x + chance.gauss(0, 0.6), point.y + chance.gauss(0, 0.6))

        way = hypot(goal.x - self.at.x, goal.y - self.at.y)
        lasts = (250 + 0.6 * way) * chance.uniform(0.85, 1.2)
        self.follow(shaken, lasts, STEP_MS / 2)

    def hold(self) -> float:
        """Return a hold like a person's."""
        return max(35.0, self.chance.gauss(95, 14))

    def pause(self) -> float:
        """Return a pause like a person's."""
        return max(20.0, self.chance.gauss(140, 45))

    def write(self, control: Control, text: str) -> None:
        """Write sentence by sentence."""
        length = 0
        for sentence in sentences(text):
            self.tape.wait(self.chance.uniform(600, 1_600))
            length = self.play(control, self.acts(sentence), length)

    def _acts(self, text: str) -> Iterator[Act]:
        at = 0.0
        for letter in text:
            hold = max(30.0, self.chance.gauss(78, 10))
            yield Act(at, "down", key_of(letter))
            yield Act(at + hold, "up", key_of(letter))
            at += hold + self.chance.lognormvariate(4.3, 0.35)


def line(start: Point, goal: Point) -> Course:
    """Return the straight way at one speed."""

    def course(share: float) -> Point:
        return Point(
            start.x + share * (goal.x - start.x), start.y + share * (goal.y - start.y)
        )

    return course


def curve(start: Point, goal: Point, bends: tuple[float, float]) -> Course:
    """Return a cubic Bézier curve at the speed of minimum jerk (Flash, Hogan 1985).

    `bends` are how far its two handles lie beside the straight line, as shares of it.
    """
    dx, dy = goal.x - start.x, goal.y - start.y
    first = Point(
        start.x + dx / 3 - bends[0] * dy * 3, start.y + dy / 3 + bends[0] * dx * 3
    )
    second = Point(
        start.x + 2 * dx / 3 - bends[1] * dy * 3,
        start.y + 2 * dy / 3 + bends[1] * dx * 3,
    )

    def course(share: float) -> Point:
        way = share**3 * (10 - 15 * share + 6 * share**2)
        back = 1 - way
        weights = (back**3, 3 * back**2 * way, 3 * back * way**2, way**3)
        points = (start, first, second, goal)
        return Point(
            sum(
                weight * point.x for weight, point in zip(weights, points, strict=True)
            ),
            sum(
                weight * point.y for weight, point in zip(weights, points, strict=True)
            ),
        )

    return course
