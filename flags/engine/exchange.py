"""Definitions as JSON, and back: what was written is what is read.

>>> from .definitions import Flag
>>> text = dump(Definitions(flags=(Flag(name="new-page"),)))
>>> load(text).flags[0].name
'new-page'
"""

import re
from typing import Final, Literal

import msgspec

from .checking import check
from .definitions import Definition, Definitions, Flag, Override, Segment
from .issues import DefinitionError, Issue

# What msgspec writes at the end of a message: "… - at `$.flags[0].name`".
_PLACE: Final = re.compile(r"(?s)(.*?)(?: - at `(?:key in )?\$(.*)`)?")


class Document(Definition, frozen=True):
    """An export: the definitions, and which form they have."""

    format: Literal["bonafide.flags/1"]
    flags: tuple[Flag, ...] = ()
    segments: tuple[Segment, ...] = ()
    overrides: tuple[Override, ...] = ()


def dump(definitions: Definitions) -> bytes:
    """Return definitions as JSON, for people and for `diff`: a line for each field."""
    document = Document(
        format="bonafide.flags/1",
        flags=definitions.flags,
        segments=definitions.segments,
        overrides=definitions.overrides,
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def load(document: bytes | str, base: Definitions | None = None) -> Definitions:
    """Return the definitions of an export; `base` is what it may refer to.

    Raises
    ------
    DefinitionError
        It cannot be read, or has faults; each names its place.
    """
    definitions = read(document)
    issues = check(definitions, base)
    if issues:
        raise DefinitionError(issues)
    return definitions


def read(document: bytes | str) -> Definitions:
    """Return the definitions of an export as they are, with their faults.

    Raises
    ------
    DefinitionError
        It has another form.
    """
    try:
        found = msgspec.json.decode(document, type=Document)
    except msgspec.DecodeError as error:
        raise DefinitionError([_unreadable(error)]) from error
    return Definitions(
        flags=found.flags, segments=found.segments, overrides=found.overrides
    )


def place_of(said: str) -> tuple[str, str]:
    """Return the place in what msgspec says as a JSON pointer, and the rest.

    >>> place_of("Expected `bool`, got `int` - at `$.rules[0].id`")
    ('/rules/0/id', 'Expected `bool`, got `int`')
    """
    found = _PLACE.fullmatch(said)
    words, path = found.groups() if found else (said, None)
    return re.sub(r"[.\[]", "/", path or "").replace("]", ""), words


def _unreadable(error: msgspec.DecodeError) -> Issue:
    place, said = place_of(str(error))
    return Issue(place, "unreadable", said)
