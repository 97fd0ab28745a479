"""A scripted hand: all that it does in some seconds, planned to the millisecond.

The plan is made before the page is measured, from the places of the page's controls,
so each script under test gets the very same input at the same times. It asks for
coverage, not for looking human: the rates are those that a client has to bear.
"""

import random
from dataclasses import dataclass, field
from typing import Any, Final

# Mice report 60 to 125 times a second.
MOVE_GAP_S: Final = (0.008, 1 / 60)
REACH_S: Final = (0.35, 0.75)
PRESS_S: Final = (0.06, 0.12)
READ_S: Final = (0.1, 0.4)
# A notch of a wheel is 100 px on Linux and Windows.
NOTCH_PX: Final = 100
NOTCH_GAP_S: Final = (0.035, 0.09)
# Smooth scrolling needs about this long to come to rest.
SETTLE_S: Final = 0.35
# Twelve keys a second is a fast typist.
KEY_GAP_S: Final = 1 / 12
KEY_HOLD_S: Final = (0.05, 0.1)
TYPED: Final = "most days by bus and on foot "
# Where on the screen a control is answered: neither at the top nor at the bottom.
COMFORT: Final = (0.25, 0.7)

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """Something to answer: a `choice` of several boxes, or one box for a `text`."""

    kind: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page as a hand sees it, in CSS pixels of the whole page."""

    height: float
    width: float
    view: float
    answers: tuple[Answer, ...]

    @classmethod
    def read(cls, told: Any) -> "Geometry":
        """Make it of what the page told about itself."""
        answers = tuple(
            Answer(one["kind"], tuple((*box,) for box in one["boxes"]))
            for one in told["answers"]
        )
        return cls(told["height"], told["width"], told["view"], answers)


@dataclass(frozen=True, slots=True)
class Action:
    """One command of the DevTools protocol, `at_s` seconds after the start."""

    at_s: float
    method: str
    params: dict[str, Any]


@dataclass(slots=True)
class Hand:
    """Where pointer, page and clock are, and what was done so far."""

    page: Geometry
    chance: random.Random
    at_s: float = 0.0
    x: float = 200.0
    y: float = 200.0
    scrolled: float = 0.0
    done: list[Action] = field(default_factory=list)
    choices: int = 0
    letters: int = 0

    def rest(self, limits: tuple[float, float]) -> None:
        """Let time pass."""
        self.at_s += self.chance.uniform(*limits)

    def mouse(self, kind: str, **more: Any) -> None:
        """Note a mouse event at the pointer's place."""
        params = {"type": kind, "x": round(self.x, 1), "y": round(self.y, 1), **more}
        self.done.append(Action(self.at_s, "Input.dispatchMouseEvent", params))

    def reach(self, x: float, y: float) -> None:
        """Move there on a slightly bowed path, slow at both ends."""
        start, duration = (self.x, self.y), self.chance.uniform(*REACH_S)
        bow = self.chance.uniform(-0.15, 0.15)
        passed = 0.0
        while passed < duration:
            gap = self.chance.uniform(*MOVE_GAP_S)
            passed += gap
            self.at_s += gap
            share = min(1.0, passed / duration)
            # Minimum jerk, as reaching movements of an arm are commonly described.
            done = share**3 * (10 - 15 * share + 6 * share**2)
            aside = bow * 4 * done * (1 - done)
            self.x = start[0] + done * (x - start[0]) - aside * (y - start[1])
            self.y = start[1] + done * (y - start[1]) + aside * (x - start[0])
            self.mouse("mouseMoved", buttons=0)

    def press(self) -> None:
        """Click."""
        self.rest((0.02, 0.08))
        self.mouse("mousePressed", button="left", buttons=1, clickCount=1)
        self.rest(PRESS_S)
        self.mouse("mouseReleased", button="left", buttons=0, clickCount=1)

    def scroll_to(self, box: Box) -> None:
        """Turn the wheel until a box is at a comfortable height."""
        low, high = (share * self.page.view for share in COMFORT)
        depth = self.page.height - self.page.view
        turned = False
        while not low <= box[1] - self.scrolled <= high:
            way = NOTCH_PX if box[1] - self.scrolled > high else -NOTCH_PX
            target = min(max(self.scrolled + way, 0.0), depth)
            if target == self.scrolled:
                break
            self.scrolled = target
            self.rest(NOTCH_GAP_S)
            self.mouse("mouseWheel", deltaX=0, deltaY=way)
            turned = True
        if turned:
            self.at_s += SETTLE_S

    def type(self) -> None:
        """Type a burst; each key is released while or after the next goes down."""
        for letter in TYPED:
            self.at_s += KEY_GAP_S * self.chance.uniform(0.7, 1.3)
            code = "Space" if letter == " " else f"Key{letter.upper()}"
            number = ord(letter.upper())
            key = {"key": letter, "code": code, "windowsVirtualKeyCode": number}
            down = {"type": "keyDown", "text": letter, **key}
            self.done.append(Action(self.at_s, "Input.dispatchKeyEvent", down))
            up_s = self.at_s + self.chance.uniform(*KEY_HOLD_S)
            up = {"type": "keyUp", **key}
            self.done.append(Action(up_s, "Input.dispatchKeyEvent", up))
            self.letters += 1

    def answer(self, one: Answer) -> None:
        """Go to a question and answer it."""
        left, top, width, height = box = self.chance.choice(one.boxes)
        self.scroll_to(box)
        self.rest(READ_S)
        across, down = self.chance.uniform(0.1, 0.5), self.chance.uniform(0.3, 0.7)
        self.reach(left + across * width, top + down * height - self.scrolled)
        self.press()
        if one.kind == "text":
            self.type()
        else:
            self.choices += 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What a hand does, in the order of time, and what it leaves on the page."""

    actions: tuple[Action, ...]
    choices: int
    letters: int
    moves: int


def plan(page: Geometry, *, seconds: float, seed: int) -> Plan:
    """Plan as many whole answers as fit into the seconds.

    Raises
    ------
    ValueError
        The page has too few questions for the time, or not one answer fits.
    """
    hand = Hand(page, random.Random(seed))  # noqa: S311 - a repeatable load
    best: Plan | None = None
    for one in page.answers:
        hand.answer(one)
        if hand.at_s > seconds:
            break
        best = _settled(hand)
    else:
        msg = f"{len(page.answers)} questions are too few for {seconds:g} s."
        raise ValueError(msg)
    if best is None:
        msg = f"{seconds:g} s are too short for one answer."
        raise ValueError(msg)
    return best


def _settled(hand: Hand) -> Plan:
    actions = tuple(sorted(hand.done, key=lambda action: action.at_s))
    moves = sum(action.params["type"] == "mouseMoved" for action in actions)
    return Plan(actions, hand.choices, hand.letters, moves)
