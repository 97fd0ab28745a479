"""What we copied from unfold is what unfold has: an update shows what to look at."""

import hashlib
from pathlib import Path
from typing import Final

import pytest
import unfold
from django.contrib.staticfiles import finders
from django.template.loader import get_template

ORIGINALS: Final = Path(unfold.__file__).parent / "templates"
# SHA-256 of each original that a copy of ours was made from. When one differs, carry
# the change over to the copy, look at the pages, and write the new sum down.
COPIED: Final = {
    "admin/actions.html": (
        "b5332aace8e6919204a65b842e626bd8b1d5f8ed855dc290ab114b08526c5f15"
    ),
    "admin/change_form.html": (
        "e9824d4d8a447d9741a1fe4a83180042ac11383bd51678e2b5e40460fa42d86a"
    ),
    "admin/change_list.html": (
        "5885c39760f6085d55b2db8e740d4fdc340c402fc7cd43c0b5ef6ae7fb76f421"
    ),
    "unfold/components/progress.html": (
        "be8c8b49f94ad3cc7b48ff6676c122c40b068998fb6157e76657ea9ed770f289"
    ),
    "unfold/helpers/command.html": (
        "ae6ce324d85366131fc82945b3c35c1b980829229508343993e6adcbee4c975d"
    ),
    "unfold/helpers/search.html": (
        "91996c27181d14ade8b4cbf84d90a4b0d293fdd92ae4325cda0f6889c29e28fb"
    ),
    "unfold/helpers/welcomemsg.html": (
        "e8eab02522ba2319b937086bbcb6bf2a2bbe1489d236ad90ff23edbe070a7d6b"
    ),
    "unfold/layouts/skeleton.html": (
        "66af9f0bb45f98ba4e16ba5e5a11f36d87b8e07430d19066d088b29548491c2e"
    ),
}
# A build for a strict policy under the names of those that evaluate strings.
ALPINE: Final = ["alpine", "alpine.anchor", "alpine.persist", "alpine.resize"]


@pytest.mark.parametrize("name", COPIED)
def test_original_is_the_one_that_was_copied(name: str) -> None:
    """A release of unfold that changes it asks for a new copy."""
    original = (ORIGINALS / name).read_bytes()
    assert hashlib.sha256(original).hexdigest() == COPIED[name]


@pytest.mark.parametrize("name", COPIED)
def test_copy_is_the_one_that_is_shown(name: str) -> None:
    """Ours are found before unfold's, and before the admin's."""
    shown = Path(get_template(name).origin.name)  # type: ignore[attr-defined] # Django's own backend
    assert "console" in shown.parts
    assert shown.read_bytes() != (ORIGINALS / name).read_bytes()


def test_every_template_of_the_same_name_is_on_the_list() -> None:
    """No copy goes unwatched."""
    ours = Path(__file__).parents[2] / "console" / "templates"
    copies = {str(path.relative_to(ours)) for path in ours.rglob("*.html")}
    assert {name for name in copies if (ORIGINALS / name).exists()} == set(COPIED)


@pytest.mark.parametrize("name", ALPINE)
def test_alpine_is_the_build_for_a_strict_policy(name: str) -> None:
    """The file that is served under unfold's name is ours."""
    found = finders.find(f"unfold/js/alpine/{name}.js")
    assert isinstance(found, str)
    assert "console" in Path(found).parts
