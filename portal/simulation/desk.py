"""People at a desk: a mouse that a hand moves, and a keyboard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import hand as hands, typing as typists
from .chance import Spread
from .hand import Hand, Move, Point, aim, rest, stroke
from .questionnaires import Control
from .typing import BACKSPACE, SHIFT, Act, Typist, typed
from .visitor import Visitor

# Displays show 60 frames a second; browsers report the pointer once a frame.
FRAME_MS: Final = 1000 / 60
# A notch of a wheel; browsers glide over it in an eighth of a second.
NOTCH_PX: Final = 100
NOTCH_MS: Final = Spread(45, 110, 320)
GLIDE_FRAMES: Final = 8
MOST_NOTCHES: Final = 60
# Before a sentence one thinks of what to write.
SENTENCE_MS: Final = Spread(400, 1_300, 5_000)
# What stands in another window is looked at for so long.
AWAY_MS: Final = Spread(4_000, 20_000, 150_000)

_CLASSES: Final = {
    "space": "space",
    BACKSPACE: "backspace",
    SHIFT: "modifier",
    "Control_L": "modifier",
    "Return": "enter",
    "Tab": "tab",
    "Down": "arrow",
}


@dataclass(slots=True)
class Typing(Visitor):
    """Somebody with a keyboard."""

    typist: Typist = typists.ORDINARY

    def write(self, control: Control, text: str) -> None:
        """Write sentence by sentence, with mistakes and their correction."""
        length = 0
        for sentence in sentences(text):
            self.tape.wait(self.pace * SENTENCE_MS.draw(self.chance))
            length = self.play(
                control, typed(sentence, self.typist, self.chance), length
            )

    def play(self, control: Control, acts: Sequence[Act], length: int) -> int:
        """Press keys in a field that holds so many characters; return how many then."""
        tape, number = self.tape, self.field_of(control)
        begin, keys = tape.now, 0
        held: dict[str, int] = {}
        for at_ms, direction, key in acts:
            at = begin + at_ms
            if direction == "up":
                self.key("keyup", at, key, held.pop(key), number)
                continue
            held[key] = self.next_press()
            self.key("keydown", at, key, held[key], number)
            keys += 1
            if key == SHIFT:
                continue
            delta = -1 if key == BACKSPACE else 1
            length += delta
            kind = "deleteContentBackward" if delta < 0 else "insertText"
            tape.note(
                "input",
                at + self.chance.uniform(0.4, 2.5),
                input_type=kind,
                delta=delta,
                length=length,
                trusted=True,
                field=number,
                keys_since=keys,
            )
            keys = 0
        tape.now = begin + max(act.at_ms for act in acts)
        return length

    def key(
        self, kind: str, at: float, key: str, press: int, field: int | None = None
    ) -> None:
        """Note a key that goes down or comes up."""
        self.tape.note(
            kind,
            at,
            key=class_of(key),
            k=press,
            code_known=True,
            trusted=True,
            field=field,
        )

    def strike(self, key: str, field: int | None = None) -> None:
        """Press one key and let it go; `now` is when it is up."""
        press = self.next_press()
        self.key("keydown", self.tape.now, key, press, field)
        self.tape.wait(self.typist.hold_ms.draw(self.chance))
        self.key("keyup", self.tape.now, key, press, field)


@dataclass(slots=True)
class Desk(Typing):
    """Somebody with a mouse and a keyboard."""

    hand: Hand = hands.ORDINARY
    at: Point = field(default_factory=lambda: Point(640.0, 500.0))

    def press(self, control: Control) -> None:
        """Turn the wheel until it is in sight, move there, press and let go."""
        self.show(control)
        self.go(control)
        self.click(control)

    def show(self, control: Control) -> None:
        """Turn the wheel notch by notch."""
        for _notch in range(MOST_NOTCHES):
            hidden = self.hidden_px(control)
            if not hidden:
                return
            before = self._scrolled
            self.notch(1 if hidden > 0 else -1)
            if self._scrolled == before:
                return

    def notch(self, direction: int) -> None:
        """Turn the wheel by one notch; the page glides there."""
        tape = self.tape
        tape.note("wheel", dx=0, dy=direction * NOTCH_PX, trusted=True)
        start = self._scrolled
        lasts = GLIDE_FRAMES * FRAME_MS
        for frame in range(1, GLIDE_FRAMES + 1):
            share = frame / GLIDE_FRAMES
            way = direction * NOTCH_PX * share * (2 - share)
            self.scrolled_to(start + way, "wheel", tape.now + frame * FRAME_MS)
        tape.wait(lasts + NOTCH_MS.draw(self.chance))

    def go(self, control: Control) -> None:
        """Move to somewhere on a control."""
        box = self.in_window(control)
        goal = aim(box, self.chance)
        self.move(stroke(self.at, goal, box.smaller, self.hand, self.chance))

    def move(self, moves: Sequence[Move]) -> None:
        """Report the hand's way frame by frame."""
        begin = self.tape.now
        for frame in frames(moves, begin):
            self.moved(begin + frame[-1].at_ms, frame)
        self.tape.now = begin + moves[-1].at_ms

    def moved(self, at: float, reports: Sequence[Move]) -> None:
        """Report where the pointer is after some of the mouse's own reports."""
        # A mouse counts whole pixels.
        here = Point(round(reports[-1].x), round(reports[-1].y))
        dx, dy = here.x - self.at.x, here.y - self.at.y
        if dx or dy:
            self.tape.note(
                "mousemove",
                at,
                x=here.x,
                y=here.y,
                coalesced=len(reports),
                mx=round(dx),
                my=round(dy),
            )
            self.at = here

    def click(self, control: Control) -> None:
        """Press the button where the pointer is."""
        tape, chance = self.tape, self.chance
        tape.wait(self.hand.pause(chance))
        down, at = tape.now, self.at
        self.button("mousedown", down, at, control)
        if control.role != "label":
            self.focused(control, down)
        up = down + self.hand.hold(chance)
        for move in rest(at, up - down, self.hand, chance):
            self.moved(down + move.at_ms, [move])
        tape.now = up
        self.button("mouseup", up, self.at, control)
        self.button("click", up, self.at, control)
        if control.role == "label":
            # A label presses its radio in the same task.
            self.button("click", up, self.at, control, target="radio")
            self.focused(control, up)


@dataclass(slots=True)
class Paster(Desk):
    """Somebody who fetches a text from elsewhere and pastes it."""

    def write(self, control: Control, text: str) -> None:
        """Leave the window, come back, paste, and add a word or two by hand."""
        tape, number = self.tape, self.field_of(control)
        self.go_away(AWAY_MS.draw(self.chance), hides=False)
        press = self.next_press()
        self.key("keydown", tape.now, "Control_L", press, number)
        tape.wait(self.chance.uniform(90, 260))
        tape.note("paste", length=len(text), field=number, trusted=True)
        tape.note(
            "input",
            input_type="insertFromPaste",
            delta=len(text),
            length=len(text),
            trusted=True,
            field=number,
            keys_since=2,
        )
        self.strike("v", number)
        self.key("keyup", tape.now + self.chance.uniform(20, 90), "Control_L", press)
        tape.wait(self.chance.uniform(600, 2_000))
        self.play(control, typed(" I guess.", self.typist, self.chance), len(text))

    def go_away(self, ms: float, *, hides: bool) -> None:
        """Look at something else for some time."""
        tape = self.tape
        tape.note("blur")
        if hides:
            tape.note("visibility", visible=False)
        tape.wait(ms)
        if hides:
            tape.note("visibility", visible=True)
        tape.note("focus", tape.now + self.chance.uniform(1, 20))
        tape.wait(self.chance.uniform(300, 900))


@dataclass(slots=True)
class Wanderer(Paster):
    """Somebody who leaves the page on the way, and returns to it."""

    def write(self, control: Control, text: str) -> None:
        """Write as people do."""
        Typing.write(self, control, text)

    def think(self) -> None:
        """Think, and now and then do something else."""
        if self.chance.random() < 0.18:
            self.go_away(AWAY_MS.draw(self.chance), hides=True)
        Typing.think(self)


@dataclass(slots=True)
class KeyboardOnly(Typing):
    """Somebody without a mouse: Tab, arrows, space and Enter."""

    def choose(self, group: tuple[Control, ...], option: int) -> None:
        """Tab to the group, then choose by space or by arrows."""
        self.tab_to(group[0])
        if option == 0:
            self.activate("space", group[0])
            self.chosen(group[0])
        for step in range(option):
            self.tape.wait(self.chance.uniform(120, 420))
            self.activate("Down", group[step + 1])
            self.focused(group[step + 1])
            self.chosen(group[step + 1])

    def press(self, control: Control) -> None:
        """Tab to a control; a button is pressed by Enter."""
        self.tab_to(control)
        if control.role == "button":
            self.activate("Return", control)

    def tab_to(self, control: Control) -> None:
        """Press the tabulator; the browser scrolls what gets the focus into sight."""
        self.strike("Tab", None)
        self.focused(control)
        hidden = self.hidden_px(control)
        if hidden:
            half = self.browser.height / 2
            self.scrolled_to(self._scrolled + hidden + half, "key")
        self.tape.wait(self.chance.lognormvariate(5.4, 0.5))

    def activate(self, key: str, control: Control) -> None:
        """Press a key that clicks the control."""
        number = self.field_of(control)
        press = self.next_press()
        self.key("keydown", self.tape.now, key, press, number)
        hold = self.typist.hold_ms.draw(self.chance)
        at = self.tape.now + (hold if key == "space" else 0.5)
        self.key("keyup", self.tape.now + hold, key, press, number)
        nowhere = Point(0, 0)
        self.button("click", at, nowhere, control, detail=0, pointer="unknown")
        self.tape.wait(hold)


@dataclass(slots=True)
class ScreenReader(Typing):
    """Somebody who hears the page; the reader presses in their place."""

    def press(self, control: Control) -> None:
        """Hear what it is, and let the reader press its middle."""
        tape, box = self.tape, self.in_window(control)
        # Speech is quick, and people step through what they know.
        tape.wait(self.chance.lognormvariate(7.2, 0.45))
        hidden = self.hidden_px(control)
        if hidden:
            self.scrolled_to(self._scrolled + hidden + 200, "unknown")
            box = self.in_window(control)
        middle = Point(box.left + box.width / 2, box.top + box.height / 2)
        for kind in ("mousedown", "mouseup", "click"):
            self.button(kind, tape.now, middle, control, detail=0)
        self.focused(control)


def class_of(key: str) -> str:
    """Return a key's class; which key it was is told to nobody."""
    if key in _CLASSES:
        return _CLASSES[key]
    if len(key) == 1:
        return "digit" if key.isdigit() else "letter"
    return "punctuation"


def sentences(text: str) -> Iterator[str]:
    """Yield a text's sentences, all but the first with a space before them."""
    first, *others = text.split(". ")
    ends = [f"{part}." for part in (first, *others)]
    ends[-1] = ends[-1].removesuffix(".")
    yield ends[0]
    yield from (f" {part}" for part in ends[1:])


def frames(moves: Sequence[Move], begin: float) -> Iterator[list[Move]]:
    """Yield a mouse's reports frame by frame, as a browser hands them on."""
    frame: list[Move] = []
    number = -1
    for move in moves:
        now = int((begin + move.at_ms) // FRAME_MS)
        if frame and now != number:
            yield frame
            frame = []
        number = now
        frame.append(move)
    if frame:
        yield frame
