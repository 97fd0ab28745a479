"""What is asked, and where it stands on a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from .hand import Box

# Sizes in CSS pixels, those of the demo's pages.
MARGIN: Final = 32
HEADING: Final = 120
ROW: Final = 46
LABEL: Final = (460, 40)
CELL: Final = (96, 44)
STATEMENT: Final = 320
TEXT: Final = (640, 132)
BUTTON: Final = (150, 46)
# Narrower pages have a grid's statements one below the other.
NARROW: Final = 900

Role = Literal["label", "textarea", "button"]


@dataclass(frozen=True, slots=True)
class Item:
    """A question; `options` of a text are none, `rows` are a grid's statements."""

    id: str
    kind: Literal["single", "grid", "text"]
    words: int
    options: int = 0
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a survey."""

    id: str
    items: tuple[Item, ...]

    @property
    def words(self) -> int:
        """How many words stand on it, its title and button included."""
        return 12 + sum(item.words for item in self.items)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A survey for made-up respondents, and what follows from a verdict in it."""

    name: str
    sheets: tuple[Sheet, ...]
    policy: Mapping[str, Any] = field(default_factory=dict)


class Control(NamedTuple):
    """Something to press or to write in; its box counts from the page's top."""

    key: str
    role: Role
    box: Box


class Placed(NamedTuple):
    """A question on a page: its controls, a group for each answer."""

    item: Item
    groups: tuple[tuple[Control, ...], ...]
    top: float
    bottom: float


class Layout(NamedTuple):
    """A page as it stands at some width."""

    placed: tuple[Placed, ...]
    button: Control
    height: float


def lay_out(sheet: Sheet, width: float) -> Layout:
    """Place a page's controls one below the other."""
    top = float(HEADING)
    placed = []
    for item in sheet.items:
        begin = top
        top += ROW
        groups = tuple(tuple(group) for group in _groups(sheet.id, item, width, top))
        top = max(control.box.top + control.box.height for control in groups[-1]) + ROW
        placed.append(Placed(item, groups, begin, top))
    box = Box(MARGIN, top, *BUTTON)
    button = Control(f"{sheet.id}-next", "button", box)
    return Layout(tuple(placed), button, top + BUTTON[1] + HEADING)


def _groups(
    sheet: str, item: Item, width: float, top: float
) -> Iterator[Iterator[Control]]:
    """Yield an item's groups of controls."""
    name = f"{sheet}-{item.id}"
    space = width - 2 * MARGIN
    if item.kind == "text":
        box = Box(MARGIN, top, min(TEXT[0], space), TEXT[1])
        yield iter((Control(name, "textarea", box),))
    elif item.kind == "single":
        wide = min(LABEL[0], space)
        yield (
            Control(f"{name}-{n}", "label", Box(MARGIN, top + n * ROW, wide, LABEL[1]))
            for n in range(item.options)
        )
    else:
        yield from _rows(name, item, width, top)


def _rows(
    name: str, item: Item, width: float, top: float
) -> Iterator[Iterator[Control]]:
    """Yield a grid's rows: beside their statements, or below them if it is narrow."""
    is_narrow = width < NARROW
    left = MARGIN if is_narrow else MARGIN + STATEMENT
    wide = (width - 2 * MARGIN) / item.options if is_narrow else CELL[0]
    high = 2 * ROW if is_narrow else ROW
    for row in range(item.rows):
        y = top + row * high + (ROW if is_narrow else 0)
        yield _cells(f"{name}-{row}", item.options, Box(left, y, wide, CELL[1]))


def _cells(name: str, count: int, first: Box) -> Iterator[Control]:
    """Yield a row of equal controls."""
    for n in range(count):
        box = first._replace(left=first.left + n * first.width)
        yield Control(f"{name}-{n}", "label", box)


def _single(name: str, options: int, words: int = 24) -> Item:
    return Item(name, "single", words, options)


def _grid(name: str, rows: int) -> Item:
    return Item(name, "grid", 20 + 9 * rows, 5, rows)


def _text(name: str) -> Item:
    return Item(name, "text", 28)


def _sheets(*pages: tuple[Item, ...]) -> tuple[Sheet, ...]:
    return tuple(Sheet(f"p{number}", items) for number, items in enumerate(pages, 1))


# Different lengths and policies, so that lists of them are not all alike.
QUESTIONNAIRES: Final = (
    Questionnaire(
        "Synthetic: commuting",
        _sheets(
            (_single("q1", 5), _single("q2", 5)), (_grid("q3", 5),), (_text("q4"),)
        ),
        {"show_reasons": True, "share_action": True},
    ),
    Questionnaire(
        "Synthetic: groceries",
        _sheets(
            (_single("q1", 4), _single("q2", 6)),
            (_grid("q3", 4),),
            (_single("q4", 7, 40), _text("q5")),
            (_grid("q6", 6),),
            (_single("q7", 5),),
        ),
        {"behaviour_may_block": True},
    ),
    Questionnaire(
        "Synthetic: news",
        _sheets(
            (_single("q1", 3, 60),),
            (_single("q2", 6), _single("q3", 4), _single("q4", 4)),
            (_grid("q5", 7),),
            (_text("q6"),),
            (_single("q7", 5, 90), _single("q8", 5)),
            (_grid("q9", 4),),
            (_text("q10"),),
            (_single("q11", 5, 15), _single("q12", 8)),
        ),
        {"suspicious_action": "challenge", "bot_action": "challenge"},
    ),
    Questionnaire(
        "Synthetic: home office",
        _sheets(
            (_single("q1", 4), _single("q2", 5)),
            (_grid("q3", 6),),
            (_text("q4"), _single("q5", 5)),
        ),
        {"behaviour_may_block": True, "blocking_ends_session": True},
    ),
    Questionnaire(
        "Synthetic: streaming",
        _sheets(
            (_single("q1", 8), _single("q2", 5)),
            (_single("q3", 6, 45), _grid("q4", 3)),
            (_text("q5"),),
            (_grid("q6", 5), _single("q7", 4)),
        ),
        {"bot_action": "review", "suspicious_action": "monitor"},
    ),
)
