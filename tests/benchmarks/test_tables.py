"""Tables, and their places in documents."""

from pathlib import Path

import pytest

from benchmarks.browsing.tables import NoPlaceError, keep, table

DOCUMENT = "Before.\n\n<!-- table: client -->\nold\n<!-- end -->\n\nAfter.\n"


def test_columns_are_padded() -> None:
    """Names stand left, numbers right."""
    assert table([["name", "ms"], ["a", "1.5"], ["longer", "12.5"]]).splitlines() == [
        "| name   |   ms |",
        "|--------|-----:|",
        "| a      |  1.5 |",
        "| longer | 12.5 |",
    ]


def test_keeping_replaces_only_the_table(tmp_path: Path) -> None:
    """And keeping again changes nothing more."""
    document = tmp_path / "cost.md"
    document.write_text(DOCUMENT)
    for _time in range(2):
        keep(document, "client", "| new |")
    assert document.read_text() == (
        "Before.\n\n<!-- table: client -->\n\n| new |\n\n<!-- end -->\n\nAfter.\n"
    )


def test_no_place_is_told(tmp_path: Path) -> None:
    """A table must not get lost in silence."""
    document = tmp_path / "cost.md"
    document.write_text(DOCUMENT)
    with pytest.raises(NoPlaceError, match="table: botd"):
        keep(document, "botd", "| new |")
    assert document.read_text() == DOCUMENT


def test_documents_have_their_places(tmp_path: Path) -> None:
    """`--keep` finds what it looks for."""
    text = Path(__file__).parents[2].joinpath("docs", "client-cost.md").read_text()
    copy = tmp_path / "client-cost.md"
    copy.write_text(text)
    for name in ("client", "botd"):
        keep(copy, name, "| new |")
    assert copy.read_text().count("| new |") == 2
