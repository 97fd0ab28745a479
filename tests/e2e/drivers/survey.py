"""The way through the demo survey, the same for every driver."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .driver import Hand

# Two sentences as people write them: 49 characters.
TEXT: Final = "We took the night train to the sea. Nobody slept."

FIELD: Final = "#q4"
BEGIN: Final = "main form:not([action]) button[type=submit]"

PAGES: Final[Sequence[Sequence[str]]] = (
    ("label[for='q1-foot']", "label[for='q2-10-29']"),
    tuple(f"label[for='q3-{row}-{value}']" for row, value in enumerate("42315", 1)),
    (),
)


def send_button(page: int) -> str:
    """Return the button of one page; no other page has it."""
    return f"form[action$='/demo/{page}'] button[type=submit]"


@dataclass(frozen=True, slots=True)
class Step:
    """A press on what a selector finds or, when there is text, something to write."""

    css: str
    text: str | None = None


def steps() -> Iterator[Step]:
    """Yield what is to be done, from the first page's button to the last one's."""
    yield Step(BEGIN)
    for number, choices in enumerate(PAGES, 1):
        yield from (Step(choice) for choice in choices)
        if not choices:
            yield Step(FIELD, TEXT)
        yield Step(send_button(number))


def answer(hand: Hand, start: str) -> None:
    """Walk from the first page to the result."""
    hand.open(start)
    for step in steps():
        if step.text is None:
            hand.click(step.css)
        else:
            hand.write(step.css, step.text)
