"""The tables of docs/security.md, which the tests hold to what is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from accounts.api.permissions import Open

from .calls import ENDED, SECOND, STRANGERS, THEIR, WITHOUT, every

PAGE: Final = Path(__file__).parents[2] / "docs" / "security.md"
ROLES: Final = ("owner", "admin", "analyst", "viewer")
KEYS: Final = ("secret key", "publishable key", "session token")
# Those who have nothing good to show get the same, each of them.
COLUMNS: Final = (ENDED[0], WITHOUT, *KEYS, SECOND, *ROLES)


def table(name: str) -> str:
    """Return a table of the document."""
    said = PAGE.read_text().partition(f"<!-- table: {name} -->\n")[2]
    return said.partition("\n<!-- end -->")[0]


def table_of_calls() -> str:
    """Return what each call is to whom, by the rule that the tests hold it to."""
    columns = [*COLUMNS, *(f"{THEIR}{who}" for who in STRANGERS)]
    lines = [_line(["call", "needs", *columns]), "|---" * (len(columns) + 2) + "|"]
    for call in every():
        needs = "" if call.needs is Open.ANYONE else str(call.needs.value)
        outcomes = [call.outcome_for(who) for who in columns]
        lines.append(_line([f"`{call.name}`", needs, *outcomes]))
    return "\n".join(lines)


def table_of_pages(rows: Mapping[str, Mapping[str, str]]) -> str:
    """Return what each page is to whom; those that only lead elsewhere are left out."""
    who = list(next(iter(rows.values())))
    lines = [_line(["page", *who]), "|---" * (len(who) + 1) + "|"]
    for pattern, row in rows.items():
        if set(row.values()) - {"elsewhere", "sign in"}:
            shown = pattern.replace("|", " ")
            lines.append(_line([f"`/{shown}`", *(row[one] for one in who)]))
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
