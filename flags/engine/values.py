"""Whether a value is what its flag says, and can be sent as JSON without loss."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from .definitions import Metadata, Value, ValueType
from .issues import Issue

# Larger whole numbers change on their way through a browser (RFC 8259, section 6).
LARGEST_WHOLE: Final = 2**53 - 1
# Deeper values come from a generator gone wrong, and break parsers.
DEEPEST: Final = 50


def check_value(kind: ValueType, value: Value, place: str) -> Iterator[Issue]:
    """Yield what is wrong with a variant's value. None always is an answer."""
    if value is None:
        return
    if not _KINDS[kind](value):
        yield Issue(place, "value_of_other_type", type(value).__name__)
    elif not _survives(value, DEEPEST):
        yield Issue(place, "value_too_large")


def check_metadata(metadata: Metadata, place: str) -> Iterator[Issue]:
    """Yield what is wrong with metadata."""
    if not all(_survives(value, 1) for value in metadata.values()):
        yield Issue(place, "value_too_large")


def _is_number(value: Value) -> bool:
    """Say whether a value is a number; True is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_KINDS: Final[Mapping[ValueType, Callable[[Value], bool]]] = {
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "json": lambda value: isinstance(value, (dict, list)),
}


def _survives(value: Value, depth: int) -> bool:
    """Say whether JSON keeps a value as it is, in every parser."""
    match value:
        case bool() | str() | None:
            return True
        case int():
            return abs(value) <= LARGEST_WHOLE
        case float():
            return math.isfinite(value)
        case dict():
            inner = value.values()
            return depth > 0 and all(_survives(one, depth - 1) for one in inner)
        case list():
            return depth > 0 and all(_survives(one, depth - 1) for one in value)
    return False
