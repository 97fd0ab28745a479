"""The tables of who answered and what was thought of it, at the end of a run.

A test records its row by ``record_property("row", row.properties())``. Under
pytest-xdist the rows travel with the reports. With ``--keep-tables`` each table also
replaces its block in `docs/accuracy.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import pytest

from detection.facade import Verdict

from .outcome import Outcome

PROPERTY: Final = "row"
OPTION: Final = "--keep-tables"
ACCURACY: Final = Path(__file__).parents[2] / "docs" / "accuracy.md"

HEAD: Final = ("name", "clicks", "keys", "everything", "behaviour", "reasons")
# More would make the table wider than a screen.
REASONS_OF_EACH: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One visit: who came, what was seen, and both verdicts in words."""

    table: str
    name: str
    clicks: int
    keys: int
    everything: str
    behaviour: str
    reasons: Sequence[str]

    @classmethod
    def of(cls, table: str, name: str, outcome: Outcome) -> Self:
        """Make the row of a visit; the reasons are the heaviest of both verdicts."""
        both = (outcome.everything, outcome.behaviour)
        reasons = [code for v in both for code in outcome.codes(v)[:REASONS_OF_EACH]]
        return cls(
            table=table,
            name=name,
            clicks=outcome.clicks,
            keys=outcome.keys,
            everything=in_words(outcome.everything),
            behaviour=in_words(outcome.behaviour),
            reasons=list(dict.fromkeys(reasons)),
        )

    @classmethod
    def read(cls, properties: Mapping[str, Any]) -> Self:
        """Read what a test recorded."""
        return cls(**properties)

    def properties(self) -> dict[str, Any]:
        """Return plain values, which can travel between processes."""
        return asdict(self)

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the table."""
        return (
            self.name,
            str(self.clicks),
            str(self.keys),
            self.everything,
            self.behaviour,
            ", ".join(self.reasons),
        )


def in_words(verdict: Verdict) -> str:
    """Return "bot 97", or "undecided", which has no score."""
    if verdict.kind == "undecided":
        return verdict.kind
    return f"{verdict.kind} {verdict.bot_score}"


def rows_of(reports: Iterable[object]) -> list[Row]:
    """Return the rows that tests recorded, by table and name, each once."""
    rows = {
        (row.table, row.name): row
        for report in reports
        for name, properties in getattr(report, "user_properties", ())
        if name == PROPERTY
        for row in [Row.read(properties)]
    }
    return [rows[key] for key in sorted(rows)]


def markdown(rows: Sequence[Row]) -> str:
    """Return a table with columns of one width, to be read as it is."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEAD))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(_line(cells, widths) for cells in lines)


def replace_block(text: str, table: str, block: str) -> str:
    """Return a text with another block under a table's name.

    Raises
    ------
    LookupError
        The text has no such place.
    """
    begin, end = f"<!-- table: {table} -->\n", "<!-- end -->"
    before, found, rest = text.partition(begin)
    _old, closed, after = rest.partition(end)
    if not (found and closed):
        message = f"There is no place for the table {table}."
        raise LookupError(message)
    return f"{before}{begin}\n{block}\n\n{end}{after}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that lets the tables stay."""
    parser.addoption(
        OPTION,
        action="store_true",
        help="replace the tables in docs/accuracy.md by those of this run",
    )


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print each table that got rows, and keep it when that was asked for."""
    stats = terminalreporter.stats.values()
    rows = rows_of(report for reports in stats for report in reports)
    for table in sorted({row.table for row in rows}):
        text = markdown([row for row in rows if row.table == table])
        terminalreporter.section(table)
        terminalreporter.write_line(text)
        if config.getoption(OPTION):
            kept = replace_block(ACCURACY.read_text(), table, text)
            ACCURACY.write_text(kept)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
