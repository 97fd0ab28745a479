"""The tables at the end of a run: whole, in order, and kept only when asked."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from detection.facade import Verdict
from tests.e2e import table
from tests.e2e.outcome import Outcome
from tests.e2e.table import Row, in_words, markdown, replace_block, rows_of

GHOST = Row("drivers", "ghost", 11, 49, "bot 99", "human 8", ["a.b", "c.d"])
PERSON = Row("people", "person", 9, 120, "human 3", "human 4", [])

TEXT = """Before.

<!-- table: drivers -->
old
<!-- end -->

<!-- table: people -->
theirs
<!-- end -->
"""


class Terminal:
    """What the summary writes to, and the reports that it looks through."""

    def __init__(self, **stats: Sequence[object]) -> None:
        self.stats = stats
        self.said: list[str] = []

    def section(self, title: str) -> None:
        """Begin a part."""
        self.said.append(title)

    def write_line(self, line: str) -> None:
        """Write."""
        self.said.append(line)


def report(*rows: Row) -> SimpleNamespace:
    """Return what pytest hands over of one test."""
    return SimpleNamespace(user_properties=[("row", row.properties()) for row in rows])


def summarize(terminal: Terminal, *, keep: bool) -> None:
    """Run the hook."""
    config: Any = SimpleNamespace(getoption=lambda _name: keep)
    reporter: Any = terminal
    table.pytest_terminal_summary(reporter, config)


def verdict(kind: Any, score: int) -> Verdict:
    """Return a verdict of which only the kind and the score matter."""
    return Verdict(kind, score / 100, score, 0.5, (), {})


def test_row_says_what_was_seen() -> None:
    """Both verdicts stand in it in words; "undecided" has no score."""
    outcome = Outcome(verdict("bot", 97), verdict("undecided", 40), 5, 12)
    row = Row.of("drivers", "x 1.0", outcome)
    assert (row.clicks, row.keys) == (5, 12)
    assert (row.everything, row.behaviour) == ("bot 97", "undecided")
    assert in_words(verdict("human", 3)) == "human 3"


def test_row_survives_the_way_between_processes() -> None:
    """What a worker records is what the first process reads."""
    assert Row.read(GHOST.properties()) == GHOST


def test_each_row_is_shown_once_and_in_order() -> None:
    """Reports of one test come more than once, and in the order of the workers."""
    later = Row("drivers", "zombie", 0, 0, "bot 90", "bot 90", [])
    other = SimpleNamespace(user_properties=[("other", 1)])
    found = rows_of([report(later), report(PERSON, GHOST), report(later), other, "x"])
    assert found == [GHOST, later, PERSON]


def test_columns_are_of_one_width() -> None:
    """The table can be read as it is, and by Markdown."""
    head, line, *rows = markdown([GHOST, PERSON]).splitlines()
    assert len({len(one) for one in (head, line, *rows)}) == 1
    assert head.startswith("| name   | clicks | keys | everything |")
    assert set(line) == {"|", "-", " "}
    assert rows[0].startswith("| ghost  | 11     | 49   | bot 99     | human 8   |")
    assert "a.b, c.d" in rows[0]


def test_only_the_own_block_is_replaced() -> None:
    """What stands around it stays."""
    text = replace_block(TEXT, "drivers", "new")
    assert text == TEXT.replace("\nold\n", "\n\nnew\n\n")
    assert replace_block(text, "drivers", "new") == text


def test_missing_place_is_an_error() -> None:
    """A table is not lost in silence."""
    with pytest.raises(LookupError, match="no place for the table animals"):
        replace_block(TEXT, "animals", "new")


@pytest.mark.parametrize("keep", [False, True])
def test_tables_are_kept_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, keep: bool
) -> None:
    """They are printed in any case, those of failed tests as well."""
    accuracy = tmp_path / "accuracy.md"
    accuracy.write_text(TEXT)
    monkeypatch.setattr(table, "ACCURACY", accuracy)
    terminal = Terminal(failed=[report(GHOST)], passed=[report(PERSON)])
    summarize(terminal, keep=keep)
    assert terminal.said == ["drivers", markdown([GHOST]), "people", markdown([PERSON])]
    assert ("ghost" in accuracy.read_text()) is keep


def test_run_without_rows_says_nothing() -> None:
    """Other tests' runs end as before."""
    terminal = Terminal(passed=[SimpleNamespace(user_properties=[])])
    summarize(terminal, keep=True)
    assert terminal.said == []


def test_document_has_a_place_for_the_drivers() -> None:
    """`--keep-tables` finds where to write."""
    assert "| new |" in replace_block(table.ACCURACY.read_text(), "drivers", "| new |")
