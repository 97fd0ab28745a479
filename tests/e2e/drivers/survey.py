"""The way through the demo survey, the same for every driver."""

from collections.abc import Sequence
from typing import Final

from .driver import Hand

# A sentence as people write it: 67 characters, with a comma and a full stop.
TEXT: Final = "We took the night train to the sea, and nobody slept until morning."

FIELD: Final = "#q4"
BEGIN: Final = "main form button[type=submit]"

PAGES: Final[Sequence[Sequence[str]]] = (
    ("label[for='q1-foot']", "label[for='q2-10-29']"),
    tuple(f"label[for='q3-{row}-{value}']" for row, value in enumerate("42315", 1)),
    (),
)


def send_button(page: int) -> str:
    """Return the button of one page; no other page has it."""
    return f"form[action$='/demo/{page}'] button[type=submit]"


def answer(hand: Hand, start: str) -> None:
    """Walk from the first page to the result."""
    hand.open(start)
    hand.click(BEGIN)
    for number, choices in enumerate(PAGES, 1):
        for choice in choices:
            hand.click(choice)
        if not choices:
            hand.write(FIELD, TEXT)
        hand.click(send_button(number))
