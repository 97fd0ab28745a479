"""Somebody at a desk: a mouse and a keyboard on a real screen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from portal.simulation import hand as hands, typing as typists
from portal.simulation.chance import Spread
from portal.simulation.hand import Box, Hand, Point, aim, rest, stroke
from portal.simulation.typing import Typist, typed

from .person import Place
from .screen import HEIGHT, WIDTH, Step
from .survey import BEGIN, CHOICES, FIELD, SHORT_TEXT, TEXT, send_button

# X11's buttons for the wheel.
WHEEL_UP: Final = 4
WHEEL_DOWN: Final = 5
# From notch to notch of a wheel that a finger turns.
NOTCH_MS: Final = (60, 190)
# Nobody clicks at the very edge of a window.
EDGE_PX: Final = 12
MOST_NOTCHES: Final = 40
MOST_TRIES: Final = 4
# Whoever sees nothing happen for so long presses again.
PATIENCE_S: Final = 4.0
# From one answer to the next; what people take longer for is reading.
THINK_S: Final = Spread(0.03, 0.18, 1.2)


@dataclass(slots=True)
class Desk:
    """A place with a hand and a typist; `at` is where the pointer is on the screen."""

    place: Place
    hand: Hand = hands.ORDINARY
    typist: Typist = typists.ORDINARY
    # What is done on each page before anything else.
    arrive: Callable[[Place], None] = Place.look
    at: Point = field(default_factory=lambda: Point(WIDTH * 0.7, HEIGHT * 0.9))

    def go(self, box: Box) -> None:
        """Move to somewhere in a box on the screen."""
        chance = self.place.chance
        goal = aim(box, chance)
        moves = stroke(self.at, goal, box.smaller, self.hand, chance)
        self.place.seat.play([(m.at_ms, "move", m.x, m.y) for m in moves])
        self.at = Point(moves[-1].x, moves[-1].y)

    def press(self, css: str) -> None:
        """Find something, move there and press it."""
        self.show(css)
        self.go(self.on_screen(self.place.page.box(css)))
        self.button()

    def button(self) -> None:
        """Press the button where the pointer is."""
        chance = self.place.chance
        pause = self.hand.pause(chance)
        until = pause + self.hand.hold(chance)
        steps: list[Step] = [(pause, "button", 1, 1), (until, "button", 1, 0)]
        moves = rest(self.at, until, self.hand, chance)
        steps.extend((move.at_ms, "move", move.x, move.y) for move in moves)
        self.place.seat.play(steps)

    def show(self, css: str) -> None:
        """Turn the wheel until something is well in sight."""
        page = self.place.page
        for _notch in range(MOST_NOTCHES):
            box = page.resting_box(css)
            height = page.evaluate("innerHeight")
            if box.top < EDGE_PX:
                self.wheel(WHEEL_UP)
            elif box.top + box.height > height - EDGE_PX:
                self.wheel(WHEEL_DOWN)
            else:
                return

    def wheel(self, direction: int) -> None:
        """Turn the wheel by one notch, and see what that does."""
        gap = self.place.chance.uniform(*NOTCH_MS)
        self.place.seat.play([(0, "button", direction, 1), (6, "button", direction, 0)])
        self.place.wait(gap / 1000, gap / 1000 + 0.1)

    def on_screen(self, box: Box) -> Box:
        """Return where something in the page is on the screen."""
        page = self.place.page
        left, top = page.origin()
        ratio = page.evaluate("devicePixelRatio")
        return Box(
            left + box.left * ratio,
            top + box.top * ratio,
            box.width * ratio,
            box.height * ratio,
        )

    def write(self, text: str) -> None:
        """Type a text into what has the focus."""
        steps: list[Step] = [
            (act.at_ms, "key", act.key, int(act.direction == "down"))
            for act in typed(text, self.typist, self.place.chance)
        ]
        self.place.seat.play(steps)

    def key(self, *names: str) -> None:
        """Press a key for as long as keys are pressed, others being held meanwhile."""
        steps: list[Step] = []
        hold = self.typist.hold_ms.draw(self.place.chance)
        for place, name in enumerate(names):
            steps.append((60 * place, "key", name, 1))
            steps.append((60 * len(names) + hold - place, "key", name, 0))
        self.place.seat.play(steps)


def brisk(place: Place) -> Desk:
    """Return the desk of somebody quick, where it is not the hand that matters."""
    return Desk(place, hands.QUICK, typists.QUICK)


def answer(desk: Desk, write: Callable[[Desk], None]) -> None:
    """Answer everything with the mouse, and bring a text into the field somehow."""
    begin(desk)
    choose(desk)
    desk.press(FIELD)
    desk.place.wait(0.2, 0.6)
    write(desk)
    desk.place.wait(0.3, 0.8)
    send(desk, send_button(3))


def begin(desk: Desk) -> None:
    """Look at the first page and agree."""
    desk.place.page.box(BEGIN)
    desk.arrive(desk.place)
    send(desk, BEGIN)


def choose(desk: Desk) -> None:
    """Answer the two pages of choices, and look at the third."""
    for number, choices in enumerate(CHOICES, 1):
        desk.place.page.box(send_button(number))
        desk.arrive(desk.place)
        for choice in choices:
            choose_one(desk, choice)
            think = min(1.0, THINK_S.draw(desk.place.chance))
            desk.place.wait(think, think)
        if choices:
            send(desk, send_button(number))


def choose_one(desk: Desk, choice: str) -> None:
    """Press a choice; whoever misses it tries again.

    Raises
    ------
    LookupError
        It could not be chosen.
    """
    for _try in range(MOST_TRIES):
        desk.press(f"label[for='{choice}']")
        if desk.place.page.evaluate(f"document.getElementById('{choice}').checked"):
            return
        desk.place.wait(0.2, 0.5)
    message = f"{choice} could not be chosen."
    raise LookupError(message)


def send(desk: Desk, css: str) -> None:
    """Press a button that leads on; whoever misses it tries again.

    Raises
    ------
    LookupError
        It does not lead on.
    """
    for _try in range(MOST_TRIES):
        desk.press(css)
        if desk.place.page.leaves(css, PATIENCE_S):
            return
    message = f"{css} does not lead on."
    raise LookupError(message)


def typist(place: Place) -> None:
    """Type and move quickly."""
    answer(Desk(place, hands.QUICK, typists.QUICK), lambda desk: desk.write(TEXT))


def slow_hand(place: Place) -> None:
    """Move slowly, with more corrections, and type slowly."""
    answer(Desk(place, hands.SLOW, typists.SLOW), write_briefly)


def write_briefly(desk: Desk) -> None:
    """Type a few words."""
    desk.write(SHORT_TEXT)


def trackpad(place: Place) -> None:
    """Tap on a trackpad, which presses for 2 ms."""
    answer(Desk(place, hands.TAPPING), write_briefly)


def tremor(place: Place) -> None:
    """Tremble: a wide path, several tries, long presses, and slow keys."""
    answer(Desk(place, hands.TREMBLING, typists.SLOW), write_briefly)


def ordinary(place: Place) -> None:
    """Use mouse and keyboard as most do; the machine is what is different."""
    answer(brisk(place), write_briefly)
