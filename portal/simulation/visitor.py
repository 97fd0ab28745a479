"""Whoever answers a survey in a page: what the page does is the same for all."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from .browsers import Browser
from .chance import Spread
from .hand import Box, Point
from .questionnaires import (
    Control,
    Item,
    Layout,
    Placed,
    Questionnaire,
    Sheet,
    lay_out,
)
from .tape import Tape

# Words a minute when people read on a screen: 240 in the middle (Brysbaert 2019);
# surveys are skimmed as well.
READ_WPM: Final = Spread(160, 290, 620)
# From one answer to the next on a page (survey_de).
THINK_MS: Final = Spread(350, 1_700, 8_000)
# A page's files come over the network, and are laid out.
LOAD_MS: Final = Spread(250, 600, 1_800)
# The probes run when the page is idle, their worker answers a little later.
IDLE_MS: Final = (40, 160)
WORKER_MS: Final = (60, 220)
# Nobody presses at the very edge of a window.
EDGE_PX: Final = 16
# What a program waits between two steps when nobody tells it to look human.
SHORT_WAIT_MS: Final = (120.0, 480.0)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as the platform's server sends it afterwards."""

    item: str
    kind: str
    value: Any
    shown_ms: float
    answered_ms: float


@dataclass(slots=True)
class Visitor(ABC):
    """Somebody with a browser. Kinds of visitors say how they press and write."""

    browser: Browser
    chance: Random
    tape: Tape = field(default_factory=Tape)
    given: list[Given] = field(default_factory=list)
    # The survey is left on the way with this chance, after each page but the last.
    quits: float = 0.0
    has_finished: bool = False
    pace: float = 1.0
    _layout: Layout | None = None
    _scrolled: float = 0.0
    _fields: dict[str, int] = field(default_factory=dict)
    _focused: str | None = None
    _visible: dict[str, bool] = field(default_factory=dict)
    _presses: int = 0
    _is_known: bool = False

    # -- what kinds of visitors do in their own way

    @abstractmethod
    def press(self, control: Control) -> None:
        """Press a control, whatever that takes."""

    @abstractmethod
    def write(self, control: Control, text: str) -> None:
        """Write a text into a control that has the keyboard."""

    def choose(self, group: tuple[Control, ...], option: int) -> None:
        """Choose one of a group's options."""
        self.press(group[option])
        self.chosen(group[option])

    def read(self, words: int) -> None:
        """Spend the time that so many words take."""
        wpm = READ_WPM.draw(self.chance)
        self.tape.wait(self.pace * (words / wpm * 60_000 + 300))

    def think(self) -> None:
        """Spend the time before an answer."""
        self.tape.wait(self.pace * THINK_MS.draw(self.chance))

    def compose(self, item: Item) -> str:
        """Return what is written as an answer."""
        return text_of(self.chance)

    # -- the way through a survey

    def answer(self, questionnaire: Questionnaire) -> None:
        """Answer page by page, to the end or until it is enough."""
        for sheet in questionnaire.sheets:
            is_last = sheet is questionnaire.sheets[-1]
            self.open(sheet)
            layout = self.layout
            for placed in layout.placed:
                self.read(placed.item.words)
                self.answer_item(placed)
            if not is_last and self.chance.random() < self.quits:
                self.leave()
                return
            self.think()
            self.press(layout.button)
        self.has_finished = True

    def answer_item(self, placed: Placed) -> None:
        """Give one answer, or one for each row."""
        item, shown = placed.item, self.tape.now
        values: list[int] = []
        text = ""
        for group in placed.groups:
            if item.kind == "text":
                text = self.compose(item)
                self.press(group[0])
                self.write(group[0], text)
                self.answered(item)
                continue
            self.think()
            values.append(self.pick(item, values))
            self.choose(group, values[-1])
            self.answered(item)
        value = value_of(item, values, text)
        answered = self.tape.now
        self.given.append(Given(item.id, item.kind, value, shown, answered))

    def pick(self, item: Item, before: list[int]) -> int:
        """Return which option is chosen; people like the middle of scales."""
        if item.kind == "single":
            return self.chance.randrange(item.options)
        return min(item.options - 1, max(0, round(self.chance.gauss(2.2, 1.1))))

    def leave(self) -> None:
        """Close the page without having finished."""
        self.tape.note("visibility", visible=False)

    # -- what the page does

    @property
    def layout(self) -> Layout:
        """Return the page that is open.

        Raises
        ------
        LookupError
            There is none yet.
        """
        if self._layout is None:
            msg = "No page is open."
            raise LookupError(msg)
        return self._layout

    def open(self, sheet: Sheet) -> None:
        """Load a page: its words, its probes, and what of it is in sight."""
        tape, chance = self.tape, self.chance
        if self._layout is not None:
            tape.wait(LOAD_MS.draw(chance))
        self._layout = lay_out(sheet, self.browser.width)
        self._scrolled, self._focused = 0.0, None
        self._visible = {}
        tape.note("page", id=sheet.id, words=sheet.words)
        self.probe(tape.now + chance.uniform(*IDLE_MS))
        self.look()

    def probe(self, at: float) -> None:
        """Let the page's probes ask the browser."""
        browser, tape = self.browser, self.tape
        report = browser.report()
        renderer = browser.renderer
        if self._is_known and renderer:
            report["renderer"] = renderer
        tape.note("device", at, **report)
        if browser.has_network:
            tape.note(
                "network", at, connection="4g", round_trip_ms=50, downlink_mbps=10
            )
        later = at + self.chance.uniform(*WORKER_MS)
        platform = report["platform"]
        tape.note("device", later, worker_differs=[], worker_platform=platform)
        if not self._is_known and renderer:
            tape.note("device", later, platform=platform, renderer=renderer)
        self._is_known = True

    def look(self, at: float | None = None) -> None:
        """Tell which questions came into sight or left it."""
        top, bottom = self._scrolled, self._scrolled + self.browser.height
        for placed in self.layout.placed:
            name = placed.item.id
            visible = placed.top < bottom and placed.bottom > top
            if visible != self._visible.get(name, False):
                self._visible[name] = visible
                words = placed.item.words if visible else None
                self.tape.note("question", at, id=name, words=words, visible=visible)

    def in_window(self, control: Control) -> Box:
        """Return where a control is in the window."""
        return control.box._replace(top=control.box.top - self._scrolled)

    def hidden_px(self, control: Control) -> float:
        """Return how far the page must be scrolled to show a control: down or up."""
        box = self.in_window(control)
        below = box.top + box.height + EDGE_PX - self.browser.height
        if below > 0:
            return below
        return min(0.0, box.top - EDGE_PX) if self._scrolled > 0 else 0.0

    def scrolled_to(self, y: float, source: str, at: float | None = None) -> None:
        """Move the page."""
        most = max(0.0, self.layout.height - self.browser.height)
        y = min(most, max(0.0, y))
        if round(y) != round(self._scrolled):
            self._scrolled = y
            self.tape.note("scroll", at, x=0, y=round(y), source=source)
            self.look(at)

    def field_of(self, control: Control) -> int:
        """Return the session's number for a control, by order of use."""
        return self._fields.setdefault(control.key, len(self._fields))

    def focused(self, control: Control, at: float | None = None) -> None:
        """Give a control the keyboard, which another one loses."""
        if self._focused == control.key:
            return
        if self._focused is not None:
            self.tape.note("fieldblur", at, field=self._fields[self._focused])
        self._focused = control.key
        self.tape.note("fieldfocus", at, field=self.field_of(control))

    def chosen(self, control: Control, *, trusted: bool = True) -> None:
        """Tell that a radio has changed."""
        self.tape.note(
            "input",
            input_type="choice",
            delta=0,
            length=0,
            trusted=trusted,
            field=self.field_of(control),
        )

    def answered(self, item: Item) -> None:
        """Tell that a question has been answered."""
        self.tape.note("answer", id=item.id, visible=self._visible.get(item.id, False))

    def next_press(self) -> int:
        """Return a number for a key's press; none comes twice."""
        self._presses += 1
        return self._presses

    def button(
        self,
        kind: str,
        at: float,
        point: Point,
        control: Control,
        **more: Any,
    ) -> None:
        """Note a button's event with the box that it hit."""
        box = self.in_window(control)
        told = {
            "x": round(point.x, 1),
            "y": round(point.y, 1),
            "button": 0,
            "trusted": True,
            "detail": 1,
            "pointer": "mouse",
            "tx": round(box.left, 1),
            "ty": round(box.top, 1),
            "tw": round(box.width, 1),
            "th": round(box.height, 1),
            "target": control.role,
        }
        self.tape.note(kind, at, **{**told, **more})


def value_of(item: Item, values: list[int], text: str) -> Any:
    """Return an answer as a platform stores it."""
    if item.kind == "text":
        return text
    if item.kind == "single":
        return f"o{values[0] + 1}"
    return {str(row): value + 1 for row, value in enumerate(values, 1)}


# Short answers are put together of these; nobody wrote them.
_OPENINGS: Final = ("I think", "For me", "Honestly", "Last year", "On most days")
_MIDDLES: Final = (
    "it depends on the weather",
    "the bus comes too late",
    "I prefer to walk a little",
    "prices have gone up",
    "my family decides together",
    "there is not much choice",
    "it works well enough",
)
_ENDINGS: Final = (
    "and that is fine.",
    "so I changed my mind.",
    "which surprised me at first.",
    "but I would like more of it.",
    "because it saves time.",
)


def text_of(chance: Random) -> str:
    """Return one or two sentences."""
    return " ".join(_sentences(chance))


def _sentences(chance: Random) -> Iterator[str]:
    for _sentence in range(chance.choice((1, 1, 2))):
        parts = (
            chance.choice(_OPENINGS),
            chance.choice(_MIDDLES),
            chance.choice(_ENDINGS),
        )
        yield " ".join(parts)
