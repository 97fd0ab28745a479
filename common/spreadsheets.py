"""Tables for spreadsheets: CSV in which no cell is run as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
# Without it, spreadsheets take UTF-8 for the letters of the machine's own country.
MARK: Final = "\ufeff"


class _Line:
    """What the writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def lines(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a table, line by line."""
    writer = csv.writer(_Line())
    yield MARK + str(writer.writerow([cell(value) for value in head]))
    for row in rows:
        yield str(writer.writerow([cell(value) for value in row]))


def cell(value: object) -> str:
    """Return a value as a cell; numbers stay numbers, text is never a formula.

    Examples
    --------
    >>> cell("=1+1"), cell(-1), cell(None)
    ("'=1+1", '-1', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = str(value)
    if isinstance(value, int | float):
        return text
    # Blanks before a formula do not keep every spreadsheet from running it.
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
