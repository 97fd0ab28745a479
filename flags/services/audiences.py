"""Groups of people that others ask about with the rules of flags."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from common.errors import FieldError, InvalidInputError

from ..engine import (
    Constraint,
    Context,
    Definitions,
    Flag,
    Rule,
    check,
    compile_snapshot,
)
from .checking import field_errors

Audience: TypeAlias = Callable[[Context], bool]
_FLAG = "audience"


def audience_of(constraints: Sequence[Mapping[str, Any]], place: str = "") -> Audience:
    """Return whether a context satisfies all constraints; without any, all do.

    Raises
    ------
    InvalidInputError
        One cannot be read; the error names it under `place`.
    """
    if not constraints:
        return _everybody
    try:
        read = msgspec.convert(list(constraints), tuple[Constraint, ...])
    except msgspec.ValidationError as error:
        raise InvalidInputError(str(error)) from None
    rule = Rule(id=_FLAG, serve="on", constraints=read)
    found = Definitions(flags=(Flag(name=_FLAG, rules=(rule,), default="off"),))
    errors = field_errors(check(found))
    if errors:
        inside = "/flags/0/rules/0/constraints"
        moved = [
            FieldError(one.pointer.replace(inside, place), one.detail) for one in errors
        ]
        raise InvalidInputError(moved[0].detail, moved)
    snapshot = compile_snapshot(found)
    return lambda context: bool(snapshot.evaluate(_FLAG, context).value)


def _everybody(context: Context) -> bool:
    """Let everybody in."""
    return True
