"""The flags that Bonafide itself asks, each with the value that is safe.

Whoever asks one declares it beside the code that asks. A declared flag exists without
being stored, so that organizations can override it; storing one of its name takes its
place. A detector that is not known to be off is on: the safe value is never "whatever".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise

from .engine import Flag, Variant
from .engine.definitions import ValueType
from .models import Kind

# Clients of OpenFeature put a name into an address as it is, so these are the
# characters that stay what they are there (RFC 3986, 2.3).
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")
# Addresses beside those of flags.
RESERVED: Final = frozenset({"export", "import"})
_BOOLEAN: Final = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Declared:
    """A flag that code asks: what it can say, and what holds if nobody knows."""

    name: str
    type: ValueType
    kind: Kind
    values: Mapping[str, Any]
    default: str
    safe: str
    about: str | Promise

    @property
    def flag(self) -> Flag:
        """Return its definition, as if somebody had stored it."""
        return self._flag(self.default)

    @property
    def safe_flag(self) -> Flag:
        """Return the definition that holds while nothing is known."""
        return self._flag(self.safe)

    def _flag(self, default: str) -> Flag:
        variants = (Variant(name=n, value=v) for n, v in self.values.items())
        return Flag(
            name=self.name,
            type=self.type,
            variants=tuple(variants),
            default=default,
            off=self.safe,
            safe=self.safe,
            version=0,
        )


_declared: Final[dict[str, Declared]] = {}


def declare(
    name: str,
    about: str | Promise,
    *,
    kind: Kind,
    default: str = "on",
    safe: str = "on",
    values: Mapping[str, Any] = _BOOLEAN,
) -> Declared:
    """Declare a flag: its variants with their values, which one is usual, which safe.

    Raises
    ------
    ValueError
        The name is none, is taken, or a variant is not among the values.
    """
    if not NAME.fullmatch(name):
        message = f"{name} is no name of a flag."
        raise ValueError(message)
    if name in _declared or not {default, safe} <= values.keys():
        message = f"{name} is declared twice, or serves what it does not have."
        raise ValueError(message)
    one = Declared(name, _type_of(values), kind, values, default, safe, about)
    _declared[name] = one
    return one


def declared() -> Mapping[str, Declared]:
    """Return every flag that is declared, by name."""
    return _declared


def _type_of(values: Mapping[str, Any]) -> ValueType:
    kinds = {type(value) for value in values.values()}
    if kinds == {bool}:
        return "boolean"
    if kinds == {str}:
        return "string"
    if kinds <= {int, float}:
        return "number"
    return "json"
