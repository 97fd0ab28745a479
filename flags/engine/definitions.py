"""What a flag is: plain values, the same in the database, in a file and on the wire.

Names are what bucketing and references hang on; they never change. Everything is
checked by `checking.check` and compiled by `snapshot.compile_snapshot`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import Meta, Struct

# The field of a context that says who is asked about, as OpenFeature calls it. An
# override for a user is looked up by it, and a rollout sticks to it unless told else.
TARGETING_KEY: Final = "targetingKey"
# The field that says which organization asks.
ORGANIZATION: Final = "organizationId"
# Not fields: the moment of the context, and its draw. A rollout may stick to the draw.
CURRENT_TIME: Final = "currentTime"
RANDOM: Final = "random"

# What decided, where it was no rule of the flag: no rule may be called so.
KILL_SWITCH: Final = "kill_switch"
WINDOW: Final = "window"
RELEASE: Final = "release"
DEFAULT: Final = "default"
# The beginnings of such names: a flag follows, or "user" or "organization".
PREREQUISITE: Final = "prerequisite:"
OVERRIDE: Final = "override:"

ValueType = Literal["boolean", "string", "number", "json"]
Algorithm = Literal["murmur3", "unleash"]
Operator = Literal[
    "IN",
    "NOT_IN",
    "STR_STARTS_WITH",
    "STR_ENDS_WITH",
    "STR_CONTAINS",
    "NUM_EQ",
    "NUM_GT",
    "NUM_GTE",
    "NUM_LT",
    "NUM_LTE",
    "DATE_AFTER",
    "DATE_BEFORE",
    "SEMVER_EQ",
    "SEMVER_GT",
    "SEMVER_GTE",
    "SEMVER_LT",
    "SEMVER_LTE",
    "REGEX",
    "IN_CIDR",
]
# What JSON can say. msgspec cannot check a type that names itself, so this is what
# stands in a signature, and `checking` looks inside.
Value: TypeAlias = Any
# Told to clients beside a value: what OFREP allows there.
Metadata: TypeAlias = Mapping[str, bool | str | int | float]

Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]


class Definition(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What all parts of a definition share: they are values, and know their fields."""


class Variant(Definition, frozen=True):
    """One of the answers that a flag can give.

    Without a value it stands for "no opinion": the caller's own default holds.
    """

    name: str
    value: Value = None
    metadata: Metadata = {}


class Constraint(Definition, frozen=True):
    """A question about one field of the context, as Unleash asks it.

    `values` is for IN, NOT_IN, the STR_ operators and IN_CIDR; the others take `value`.
    """

    attribute: str
    operator: Operator
    value: str | None = None
    values: tuple[str, ...] = ()
    case_insensitive: bool = False
    inverted: bool = False


class Segment(Definition, frozen=True):
    """A named group of people: all of the constraints hold."""

    name: str
    constraints: tuple[Constraint, ...] = ()
    description: str = ""


class Window(Definition, frozen=True):
    """A span of time, from its start up to but without its end."""

    starts: Moment | None = None
    ends: Moment | None = None


class Point(Definition, frozen=True):
    """A percentage that holds from a moment on."""

    at: Moment
    percent: float


class Progression(Definition, frozen=True):
    """A share that grows by itself: straight from point to point, or in steps.

    Before the first point it is nothing, after the last it stays.
    """

    points: tuple[Point, ...]
    shape: Literal["linear", "steps"] = "linear"


class Rollout(Definition, frozen=True):
    """The share of people that is let through.

    `sticky_on` names fields of the context in order; the first that is there decides.
    `group` is hashed with it: two rollouts of one group let the same people through.
    Empty and None mean the flag's own.
    """

    percent: float = 100.0
    progression: Progression | None = None
    sticky_on: tuple[str, ...] = ()
    group: str | None = None


class Weight(Definition, frozen=True):
    """A variant and its share of the sum of all weights."""

    variant: str
    weight: int


class Pin(Definition, frozen=True):
    """People who always get one variant, whatever the weights say."""

    variant: str
    attribute: str
    values: tuple[str, ...]


class Split(Definition, frozen=True):
    """Several variants at once, in proportion to their weights."""

    weights: tuple[Weight, ...]
    pins: tuple[Pin, ...] = ()
    sticky_on: tuple[str, ...] = ()
    group: str | None = None


Serve: TypeAlias = str | Split


class Rule(Definition, frozen=True):
    """Who gets what: segments and constraints hold, and the rollout lets through."""

    id: str
    serve: Serve
    segments: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    windows: tuple[Window, ...] = ()
    rollout: Rollout | None = None
    description: str = ""


def is_reserved(rule_id: str) -> bool:
    """Say whether no rule may have an id, for it means something else."""
    return rule_id in {KILL_SWITCH, WINDOW, RELEASE, DEFAULT} or rule_id.startswith(
        (PREREQUISITE, OVERRIDE)
    )


class Release(Definition, frozen=True):
    """The gradual rollout to everybody whom no rule named."""

    rollout: Rollout
    serve: Serve


class Prerequisite(Definition, frozen=True):
    """Another flag, and the variants of which it has to serve one.

    Without variants it is never met: what an import could not translate ends so.
    """

    flag: str
    variants: tuple[str, ...]


class Flag(Definition, frozen=True):
    """A flag, whole.

    `enabled` is the kill switch; then, and outside `windows`, and while a prerequisite
    is not met, `off` is served. `default` is for whom nothing else decides, `safe` for
    when nothing can be decided. None leaves the answer to the caller. `algorithm` puts
    people into buckets: a released one never changes, so a flag keeps its people.
    """

    name: str
    type: ValueType = "boolean"
    variants: tuple[Variant, ...] = (
        Variant(name="on", value=True),
        Variant(name="off", value=False),
    )
    enabled: bool = True
    windows: tuple[Window, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    rules: tuple[Rule, ...] = ()
    release: Release | None = None
    default: str | None = None
    off: str | None = None
    safe: str | None = None
    algorithm: Algorithm = "murmur3"
    salt: str | None = None
    sticky_on: tuple[str, ...] = (TARGETING_KEY,)
    version: int = 1
    visible_to_clients: bool = False
    description: str = ""
    tags: tuple[str, ...] = ()
    metadata: Metadata = {}


class Override(Definition, frozen=True):
    """A variant for one user or for one organization, before every rule.

    With both, it is for that user while that organization asks.
    """

    flag: str
    variant: str
    user: str | None = None
    organization: str | None = None
    expires: Moment | None = None


class Definitions(Definition, frozen=True):
    """Everything that a snapshot is made of."""

    flags: tuple[Flag, ...] = ()
    segments: tuple[Segment, ...] = ()
    overrides: tuple[Override, ...] = ()
