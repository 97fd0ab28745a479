"""Definitions of every kind, right and wrong."""

from datetime import UTC, datetime
from typing import Any, get_args

from hypothesis import strategies as st

from flags.engine import (
    Constraint,
    Definitions,
    Flag,
    Override,
    Pin,
    Point,
    Prerequisite,
    Progression,
    Release,
    Rollout,
    Rule,
    Segment,
    Split,
    Variant,
    Weight,
    Window,
)
from flags.engine.definitions import Operator

names = st.text(st.characters(codec="utf-8"), max_size=8)
moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1))  # noqa: DTZ001 - the strategy wants it naive
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | names
values = st.recursive(
    scalars | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=6,
)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return a few of something."""
    return st.lists(strategy, max_size=2).map(tuple)


metadata = st.dictionaries(names, st.booleans() | names | st.integers(0, 9), max_size=2)
windows = st.builds(Window, starts=st.none() | moments, ends=st.none() | moments)
points = st.builds(Point, at=moments, percent=st.floats(0, 100))
progressions = st.builds(
    Progression, points=some(points), shape=st.sampled_from(["linear", "steps"])
)
rollouts = st.builds(
    Rollout,
    percent=st.floats(0, 100),
    progression=st.none() | progressions,
    sticky_on=some(names),
    group=st.none() | names,
)
splits = st.builds(
    Split,
    weights=some(st.builds(Weight, variant=names, weight=st.integers(0, 100))),
    pins=some(st.builds(Pin, variant=names, attribute=names, values=some(names))),
    sticky_on=some(names),
    group=st.none() | names,
)
serves = names | splits
constraints = st.builds(
    Constraint,
    attribute=names,
    operator=st.sampled_from(get_args(Operator)),
    value=st.none() | names,
    values=some(names),
    case_insensitive=st.booleans(),
    inverted=st.booleans(),
)
rules = st.builds(
    Rule,
    id=names,
    serve=serves,
    segments=some(names),
    constraints=some(constraints),
    windows=some(windows),
    rollout=st.none() | rollouts,
    description=names,
)
flags = st.builds(
    Flag,
    name=names,
    type=st.sampled_from(["boolean", "string", "number", "json"]),
    variants=some(st.builds(Variant, name=names, value=values, metadata=metadata)),
    enabled=st.booleans(),
    windows=some(windows),
    prerequisites=some(st.builds(Prerequisite, flag=names, variants=some(names))),
    rules=some(rules),
    release=st.none() | st.builds(Release, rollout=rollouts, serve=serves),
    default=st.none() | names,
    off=st.none() | names,
    safe=st.none() | names,
    algorithm=st.sampled_from(["murmur3", "unleash"]),
    salt=st.none() | names,
    sticky_on=some(names),
    version=st.integers(0, 2**31),
    visible_to_clients=st.booleans(),
    description=names,
    tags=some(names),
    metadata=metadata,
)
definitions = st.builds(
    Definitions,
    flags=some(flags),
    segments=some(st.builds(Segment, name=names, constraints=some(constraints))),
    overrides=some(
        st.builds(
            Override,
            flag=names,
            variant=names,
            user=st.none() | names,
            organization=st.none() | names,
            expires=st.none() | moments,
        )
    ),
)
