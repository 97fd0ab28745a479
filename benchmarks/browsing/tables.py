"""Tables for a terminal and for the documents, from the same rows."""

from collections.abc import Sequence
from pathlib import Path

Rows = Sequence[Sequence[str]]


class NoPlaceError(LookupError):
    """The document has no place for the table."""


def table(rows: Rows, *, numbers: bool = True) -> str:
    """Return a Markdown table, padded so that it reads well as plain text too.

    The first row is the head. All columns but the first are numbers, or none is.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = [numbers and at > 0 for at in range(len(widths))]
    dashes = [
        "-" * (width + 1) + (":" if is_right else "-")
        for width, is_right in zip(widths, right, strict=True)
    ]
    lines = [
        " | ".join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, right, strict=True)
        )
        for row in rows
    ]
    head, *body = (f"| {line} |" for line in lines)
    return "\n".join([head, f"|{'|'.join(dashes)}|", *body])


def keep(document: Path, name: str, text: str) -> None:
    """Replace what stands between `<!-- table: NAME -->` and `<!-- end -->`.

    Raises
    ------
    NoPlaceError
        The document has no such marks.
    """
    mark, end = f"<!-- table: {name} -->", "<!-- end -->"
    whole = document.read_text()
    before, found, rest = whole.partition(mark)
    _old, closed, after = rest.partition(end)
    if not (found and closed):
        msg = f"{document} has no place between {mark} and {end}."
        raise NoPlaceError(msg)
    document.write_text(f"{before}{mark}\n\n{text}\n\n{end}{after}")
