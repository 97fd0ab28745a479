"""People with a phone or a tablet: fingers, flicks, and keys on glass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from .chance import Spread
from .hand import Point, aim
from .questionnaires import Control
from .visitor import Visitor

FRAME_MS: Final = 1000 / 60
# A finger rests 60 to 140 ms on a button; it rolls by a pixel or two meanwhile.
TAP_MS: Final = Spread(60, 92, 140)
ROLL_PX: Final = 0.7
# A flick takes a fifth of a second, and the page rolls out for a second.
SWIPE_MS: Final = Spread(120, 200, 330)
ROLL_OUT: Final = 0.94
ROLL_FRAMES: Final = 70
MOST_SWIPES: Final = 25
# The client keeps one report of a moving finger each so often.
FINGER_GAP_MS: Final = 30
# People's phones hold a key for 5 ms on Android and 16 ms on iOS (survey_de,
# medians).
ANDROID_HOLD_MS: Final = Spread(2, 5, 14)
IOS_HOLD_MS: Final = Spread(12, 16, 24)
# Thumbs are somewhat slower than hands.
THUMBS_MS: Final = Spread(90, 195, 700)
LONGEST_GAP_MS: Final = 1_500.0


@dataclass(slots=True)
class Glass(Visitor):
    """Somebody who taps and flicks; `composes` is how Android's keyboards write."""

    composes: bool = False
    has_force: bool = False
    finger_px: float = 10.0

    def press(self, control: Control) -> None:
        """Flick until it is in sight, and tap it."""
        self.show(control)
        tape, chance = self.tape, self.chance
        at = aim(self.in_window(control), chance)
        begin = tape.now
        end = begin + TAP_MS.draw(chance)
        self.finger("touchstart", begin, at)
        if chance.random() < 0.4:
            at = Point(at.x + chance.gauss(0, ROLL_PX), at.y + chance.gauss(0, ROLL_PX))
            self.finger("touchmove", (begin + end) / 2, at)
        self.finger("touchend", end, at)
        # The browser makes the mouse's events itself, all at once.
        tape.now = end + chance.uniform(1, 6)
        for kind in ("mousedown", "mouseup", "click"):
            self.button(kind, tape.now, at, control, pointer="touch")
        if control.role == "label":
            self.button("click", tape.now, at, control, pointer="touch", target="radio")
        self.focused(control)

    def show(self, control: Control) -> None:
        """Flick the page until a control is in sight."""
        for _swipe in range(MOST_SWIPES):
            hidden = self.hidden_px(control)
            if not hidden:
                return
            before = self._scrolled
            self.flick(1 if hidden > 0 else -1, abs(hidden))
            if self._scrolled == before:
                return

    def flick(self, direction: int, wanted: float) -> None:
        """Flick: quick at first and curved, since thumbs turn around a joint."""
        chance, tape, browser = self.chance, self.tape, self.browser
        lasts = SWIPE_MS.draw(chance)
        way = min(browser.height * chance.uniform(0.15, 0.3), 40 + wanted / 2)
        x = browser.width * chance.uniform(0.55, 0.85)
        y = browser.height * (0.5 + direction * chance.uniform(0.1, 0.22))
        bend = chance.uniform(6, 22)
        count = max(5, round(lasts / FRAME_MS))
        path = []
        for number in range(count + 1):
            done = (number / count) ** 0.8
            wobble = chance.gauss(0, 0.5)
            path.append(Point(x + bend * done**2 + wobble, y - direction * way * done))
        self.drag(path, lasts)
        self.roll_out(path[-2].y - path[-1].y)
        tape.wait(chance.uniform(250, 700))

    def drag(self, path: Sequence[Point], lasts: float) -> None:
        """Move a finger along a path; the page goes with it."""
        tape, begin, start = self.tape, self.tape.now, self._scrolled
        told = begin
        self.finger("touchstart", begin, path[0])
        for number, point in enumerate(path[1:], 1):
            at = begin + lasts * number / len(path)
            if at - told >= FINGER_GAP_MS:
                self.finger("touchmove", at, point)
                told = at
            self.scrolled_to(start + path[0].y - point.y, "touch", at)
        tape.now = begin + lasts
        self.finger("touchend", tape.now, path[-1])

    def roll_out(self, step: float) -> None:
        """Let the page go on by itself, slower and slower."""
        for _frame in range(ROLL_FRAMES):
            self.tape.wait(FRAME_MS)
            self.scrolled_to(self._scrolled + step, "touch")
            step *= ROLL_OUT
            if abs(step) < 0.5:
                return

    def finger(self, kind: str, at: float, point: Point) -> None:
        """Report a finger as it lies: round, more or less, and pressing."""
        chance, size = self.chance, self.finger_px
        force = min(1.0, max(0.1, chance.gauss(0.45, 0.12)))
        self.tape.note(
            kind,
            at,
            x=round(point.x, 1),
            y=round(point.y, 1),
            force=round(force, 3) if self.has_force else 0,
            rx=round(size + chance.uniform(-0.8, 0.8), 1),
            ry=round(size * chance.uniform(1.0, 1.25), 1),
            id=0,
        )

    def write(self, control: Control, text: str) -> None:
        """Write with thumbs, as the system's own keyboard reports it."""
        number = self.field_of(control)
        self.tape.wait(self.chance.uniform(400, 900))
        for length, letter in enumerate(text, 1):
            self.tape.wait(min(THUMBS_MS.draw(self.chance), LONGEST_GAP_MS))
            self.thumb(letter, number, length)

    def thumb(self, letter: str, number: int, length: int) -> None:
        """Write one character."""
        tape, press = self.tape, self.next_press()
        hold_ms = ANDROID_HOLD_MS if self.composes else IOS_HOLD_MS
        key: dict[str, Any] = {
            "key": "other" if self.composes else _class_of(letter),
            "k": press,
            "code_known": False,
            "trusted": True,
            "field": number,
        }
        is_word = self.composes and letter.isalpha()
        tape.note("keydown", **key)
        tape.note(
            "input",
            tape.now + 0.8,
            input_type="insertCompositionText" if is_word else "insertText",
            delta=1,
            length=length,
            trusted=True,
            field=number,
            keys_since=1,
        )
        tape.wait(hold_ms.draw(self.chance))
        tape.note("keyup", **key)


def _class_of(letter: str) -> str:
    """Return the class of a character's key."""
    if letter == " ":
        return "space"
    return "letter" if letter.isalpha() else "punctuation"
