"""The demo survey as people meet it."""

from typing import Final

BEGIN: Final = "main form:not([action]) button[type=submit]"
FIELD: Final = "#q4"

# Radios to choose on each page; everybody chooses alike, only the way differs.
CHOICES: Final = (
    ("q1-foot", "q2-10-29"),
    ("q3-1-4", "q3-2-2", "q3-3-3", "q3-4-1", "q3-5-5"),
    (),
)
TEXT: Final = "We took the night train to the sea. Nobody slept."
SHORT_TEXT: Final = "By bike, when it is dry."


def send_button(page: int) -> str:
    """Return the button of one page, from 1; no other page has it."""
    return f"form[action$='/demo/{page}'] button[type=submit]"
