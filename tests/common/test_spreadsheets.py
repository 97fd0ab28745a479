"""Tables for spreadsheets run nothing."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given, strategies as st

from common import spreadsheets


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"]
)
def test_formula_is_text(text: str) -> None:
    """Blanks before it do not help."""
    assert spreadsheets.cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-1.5, "-1.5"),
        (None, ""),
        ("plain - text", "plain - text"),
        (datetime(2026, 11, 23, 4, tzinfo=UTC), "2026-11-23T04:00:00+00:00"),
    ],
)
def test_what_is_no_formula_stays(value: object, shown: str) -> None:
    """Numbers below nought among them."""
    assert spreadsheets.cell(value) == shown


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_every_cell_is_read_again(texts: list[str]) -> None:
    """Quotes, commas and line ends stay within their cell; none begins a formula."""
    whole = "".join(spreadsheets.lines(["name"] * len(texts), [texts]))
    assert whole.startswith(spreadsheets.MARK)
    _head, row = csv.reader(StringIO(whole, newline=""))
    for text, cell in zip(texts, row, strict=True):
        assert cell in {text, f"'{text}"}
        assert not cell.lstrip(" ").startswith(spreadsheets.FORMULA)
