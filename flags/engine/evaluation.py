"""What an evaluation is given, and what it answers. Never an exception."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from .definitions import Metadata, Value

Attributes: TypeAlias = Mapping[str, object]

# Those of OpenFeature's reasons that an evaluation can have; CACHED and STALE are for
# whoever keeps answers. The same goes for the errors.
Reason = Literal["STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "ERROR"]
ErrorCode = Literal[
    "FLAG_NOT_FOUND",
    "PARSE_ERROR",
    "TYPE_MISMATCH",
    "TARGETING_KEY_MISSING",
    "INVALID_CONTEXT",
]


class Context(Struct, frozen=True):
    """Who is asked about, and when.

    `draw` is any random text, drawn once a request: the engine has no chance of its
    own, and all that is random within one request agrees.
    """

    attributes: Attributes
    now: datetime
    draw: str | None = None


class Evaluation(Struct, frozen=True):
    """An answer, and why it is this one.

    `value` is None where the caller's own default holds. `variant` is empty then if
    there is none. `rule` is what decided: a rule's id, or one of "kill_switch",
    "window", "prerequisite:NAME", "override:user", "override:organization", "release",
    "default", and empty if nothing got that far.
    """

    flag: str
    value: Value
    variant: str
    reason: Reason
    version: int
    rule: str
    error: ErrorCode | None = None
    metadata: Metadata = {}
