"""Find what is wrong with definitions, and name the place."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, Protocol

from .constraints import check_constraint
from .definitions import Constraint, Definitions, Flag, Override, Rule, is_reserved
from .issues import Issue
from .ordering import costs
from .rollouts import check_keys, check_rollout, check_serve, check_windows
from .values import check_metadata, check_value

# What fits a column, an index and a line of a log.
LONGEST_NAME: Final = 255


# A flag that needs two, which need two each, and so on for thirty steps, would take an
# hour. With 0.5 µs a flag this is as long as a look-up in Redis.
MOST_NEEDED: Final = 300


class _Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> str: ...


class Surroundings:
    """What definitions may refer to: their own parts, and those of a base."""

    def __init__(self, definitions: Definitions, base: Definitions) -> None:
        every = (*base.flags, *definitions.flags)
        self.flags = {flag.name: flag for flag in every}
        segments = (*base.segments, *definitions.segments)
        self.segments = {segment.name for segment in segments}
        self.costs = costs(self.flags)
        self.taken_flags = {flag.name for flag in base.flags}
        self.taken_segments = {segment.name for segment in base.segments}


def check(
    definitions: Definitions, base: Definitions | None = None
) -> tuple[Issue, ...]:
    """Return every fault; `base` is what is there already and may be referred to."""
    around = Surroundings(definitions, base or Definitions())
    return tuple(_issues(definitions, around))


def _issues(definitions: Definitions, around: Surroundings) -> Iterator[Issue]:
    """Yield every fault."""
    yield from _check_names(definitions.flags, around.taken_flags, "/flags")
    yield from _check_names(definitions.segments, around.taken_segments, "/segments")
    for index, flag in enumerate(definitions.flags):
        yield from check_flag(flag, around, f"/flags/{index}")
    for index, segment in enumerate(definitions.segments):
        yield from _check_constraints(segment.constraints, f"/segments/{index}")
    for index, override in enumerate(definitions.overrides):
        yield from _check_override(override, around, f"/overrides/{index}")


def check_flag(flag: Flag, around: Surroundings, place: str) -> Iterator[Issue]:
    """Yield what is wrong with a flag."""
    names = {variant.name for variant in flag.variants}
    yield from _check_names(flag.variants, (), place + "/variants")
    for index, variant in enumerate(flag.variants):
        at = f"{place}/variants/{index}"
        yield from check_value(flag.type, variant.value, at + "/value")
        yield from check_metadata(variant.metadata, at + "/metadata")
    for field in ("default", "off", "safe"):
        served = getattr(flag, field)
        if served is not None and served not in names:
            yield Issue(f"{place}/{field}", "variant_unknown", served)
    yield from check_metadata(flag.metadata, place + "/metadata")
    yield from check_windows(flag.windows, place)
    yield from _check_keys(flag, place)
    yield from _check_prerequisites(flag, around, place)
    yield from _check_rule_ids(flag.rules, place)
    for index, rule in enumerate(flag.rules):
        yield from _check_rule(rule, names, around, f"{place}/rules/{index}")
    if flag.release is not None:
        at = place + "/release"
        yield from check_rollout(flag.release.rollout, at + "/rollout")
        yield from check_serve(flag.release.serve, names, at + "/serve")


def _check_keys(flag: Flag, place: str) -> Iterator[Issue]:
    """Yield what is wrong with what a flag sticks to."""
    if not flag.sticky_on:
        yield Issue(place + "/sticky_on", "key_missing")
    yield from check_keys(flag.sticky_on, place)


def _check_rule_ids(rules: Sequence[Rule], place: str) -> Iterator[Issue]:
    """Yield ids by which an answer could not say what decided."""
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        at = f"{place}/rules/{index}/id"
        if not rule.id:
            yield Issue(at, "name_missing")
        elif rule.id in seen or is_reserved(rule.id):
            yield Issue(at, "name_taken", rule.id)
        seen.add(rule.id)


def _check_rule(
    rule: Rule, names: Collection[str], around: Surroundings, place: str
) -> Iterator[Issue]:
    """Yield what is wrong with a targeting rule."""
    yield from _check_constraints(rule.constraints, place)
    yield from check_windows(rule.windows, place)
    for index, segment in enumerate(rule.segments):
        if segment not in around.segments:
            yield Issue(f"{place}/segments/{index}", "segment_unknown", segment)
    if rule.rollout is not None:
        yield from check_rollout(rule.rollout, place + "/rollout")
    yield from check_serve(rule.serve, names, place + "/serve")


def _check_constraints(
    constraints: Sequence[Constraint], place: str
) -> Iterator[Issue]:
    """Yield what is wrong with constraints."""
    for index, constraint in enumerate(constraints):
        yield from check_constraint(constraint, f"{place}/constraints/{index}")


def _check_prerequisites(
    flag: Flag, around: Surroundings, place: str
) -> Iterator[Issue]:
    """Yield prerequisites that name nothing, and those that lead back."""
    for index, one in enumerate(flag.prerequisites):
        at = f"{place}/prerequisites/{index}"
        parent = around.flags.get(one.flag)
        if not one.variants:
            continue
        if parent is None:
            yield Issue(at + "/flag", "flag_unknown", one.flag)
            continue
        names = {variant.name for variant in parent.variants}
        for inner, variant in enumerate(one.variants):
            if variant not in names:
                yield Issue(f"{at}/variants/{inner}", "variant_unknown", variant)
    cost = around.costs.get(flag.name)
    if cost is None:
        yield Issue(place + "/prerequisites", "flag_needs_itself", flag.name)
    elif cost > MOST_NEEDED:
        yield Issue(place + "/prerequisites", "too_many_prerequisites", str(cost))


def _check_override(
    override: Override, around: Surroundings, place: str
) -> Iterator[Issue]:
    """Yield what is wrong with an override."""
    flag = around.flags.get(override.flag)
    if flag is None:
        yield Issue(place + "/flag", "flag_unknown", override.flag)
    elif override.variant not in {variant.name for variant in flag.variants}:
        yield Issue(place + "/variant", "variant_unknown", override.variant)
    if override.user is None and override.organization is None:
        yield Issue(place, "nobody_named")


def _check_names(
    things: Sequence[_Named], taken: Collection[str], place: str
) -> Iterator[Issue]:
    """Yield names that are none, or are there twice."""
    seen = set(taken)
    for index, thing in enumerate(things):
        at = f"{place}/{index}/name"
        if not thing.name:
            yield Issue(at, "name_missing")
        elif len(thing.name) > LONGEST_NAME:
            yield Issue(at, "name_too_long", thing.name)
        elif thing.name in seen:
            yield Issue(at, "name_taken", thing.name)
        seen.add(thing.name)
