"""The translations that people read are whole, and are what was compiled."""

import ast
import gettext
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "locale" / "de" / "LC_MESSAGES"


def entries() -> dict[str, str]:
    """Return the catalogue: each message, in the first of its forms."""
    found = {}
    for block in (FOLDER / "django.po").read_text().split("\n\n")[1:]:
        fields = re.findall(
            r'^(msg\w+(?:\[0\])?) ((?:"(?:.*)"\n?)+)', block, re.MULTILINE
        )
        texts = {
            name: "".join(ast.literal_eval(line) for line in lines.splitlines())
            for name, lines in fields
        }
        found[texts["msgid"]] = texts.get("msgstr") or texts.get("msgstr[0]", "")
    return found


def test_every_message_is_translated() -> None:
    """None is empty, and none is a guess."""
    catalogue = entries()
    assert len(catalogue) > 400
    assert [m for m, german in catalogue.items() if not german] == []
    assert "#, fuzzy" not in (FOLDER / "django.po").read_text()


def test_what_is_compiled_is_what_is_written() -> None:
    """Nobody forgot `make messages`."""
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    wrong = {
        message: german
        for message, german in entries().items()
        if german not in {compiled.gettext(message), compiled.ngettext(message, "", 1)}
    }
    assert wrong == {}


@pytest.mark.parametrize("mark", ["%(", "{"])
def test_placeholders_are_kept(mark: str) -> None:
    """A number that is missing in one language is missing for half of the readers."""
    names = re.compile(r"%\(\w+\)s?|%\(\w+\)d|\{\w+\}")
    for message, german in entries().items():
        if mark in message:
            assert sorted(names.findall(message)) == sorted(names.findall(german))
