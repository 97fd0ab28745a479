"""docs/access.md shows the table that is in force."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from accounts.roles import (
    OF_KEY,
    OF_MODEL,
    OF_ROLE,
    OF_SESSION_TOKEN,
    Permission,
    Permissions,
)
from accounts.texts import PERMISSIONS

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
TABLES: Mapping[str, Mapping[str, Permissions]] = {
    "roles": {role.value: allowed for role, allowed in OF_ROLE.items()},
    "keys": {**OF_KEY, "session token": OF_SESSION_TOKEN},
}


def table(columns: Mapping[str, Permissions]) -> str:
    """Return a table of the document."""
    lines = [
        f"| permission | {' | '.join(columns)} | in words |",
        f"|---|{'---|' * len(columns)}---|",
    ]
    for one in Permission:
        if any(one in allowed for allowed in columns.values()):
            marks = " | ".join("✓" if one in each else "" for each in columns.values())
            lines.append(f"| `{one.value}` | {marks} | {PERMISSIONS[one]} |")
    return "\n".join(lines)


@pytest.mark.parametrize("name", TABLES)
def test_document_shows_the_table_in_force(name: str) -> None:
    """When this fails, put the table that it prints into the document."""
    said = PAGE.read_text().partition(f"<!-- table: {name} -->\n")[2]
    assert said.partition("\n<!-- end -->")[0] == table(TABLES[name])


def test_each_permission_is_somebodys_and_has_words() -> None:
    """What nobody has is not allowed to stand in the table."""
    given = [*OF_ROLE.values(), *OF_KEY.values(), OF_SESSION_TOKEN]
    assert set(Permission) == set().union(*given) == set(PERMISSIONS)


def test_admin_knows_no_model_that_there_is_not() -> None:
    """A typing error would shut a page for everyone."""
    from django.apps import apps  # noqa: PLC0415 - apps are ready by now

    for perm in OF_MODEL:
        app, _point, codename = perm.partition(".")
        verb, _line, model = codename.partition("_")
        assert verb in {"view", "add", "change", "delete", "export", "erase", "publish"}
        if model not in {"policy", "respondent"}:
            assert apps.get_model(app, model)
