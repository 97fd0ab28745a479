"""Build the decisions of a snapshot: only those that differ from its base."""

from collections.abc import Mapping
from typing import TypeAlias

from .checking import Surroundings, check, check_flag
from .compiling import FlagCompiler
from .conditions import Condition, all_of, condition
from .definitions import Definitions, Flag, Override, Segment
from .issues import Issue
from .ordering import dependents, in_order
from .outcomes import Outcomes
from .steps import Decision, always

Decisions: TypeAlias = Mapping[str, Decision]


def build(
    own: Definitions, base: Definitions, built: Decisions
) -> tuple[Definitions, Decisions, tuple[Issue, ...]]:
    """Return everything that is there, its decisions, and what is wrong with it."""
    issues = check(own, base)
    whole = _joined(own, base)
    flags = {flag.name: flag for flag in whole.flags}
    order, circular = in_order(flags)
    around = Surroundings(whole, Definitions())
    segments = {
        segment.name: all_of([condition(one) for one in segment.constraints])
        for segment in whole.segments
        if _is_sound(segment)
    }
    around.segments = set(segments)
    changed = dependents(flags, _changed(own, base) | (flags.keys() - built.keys()))
    overrides = _by_flag(whole, flags)
    decisions = dict(built)
    for name in (*order, *circular):
        if name in changed:
            flag = flags[name]
            decisions[name] = _decision(
                flag, around, segments, decisions, overrides.get(name, [])
            )
    return whole, decisions, issues


def _decision(
    flag: Flag,
    around: Surroundings,
    segments: Mapping[str, Condition | None],
    parents: Decisions,
    overrides: list[Override],
) -> Decision:
    """Return what a flag decides; with a fault in it, that there is one."""
    if next(check_flag(flag, around, ""), None) is not None:
        return always(Outcomes(flag).failure("PARSE_ERROR"))
    return FlagCompiler(flag, segments, parents, overrides).compile()


def _joined(own: Definitions, base: Definitions) -> Definitions:
    """Return both, without what takes a name of the base, or one twice."""
    flags: dict[str, Flag] = {}
    for flag in (*base.flags, *own.flags):
        flags.setdefault(flag.name, flag)
    segments: dict[str, Segment] = {}
    for segment in (*base.segments, *own.segments):
        segments.setdefault(segment.name, segment)
    return Definitions(
        flags=tuple(flags.values()),
        segments=tuple(segments.values()),
        overrides=(*own.overrides, *base.overrides),
    )


def _changed(own: Definitions, base: Definitions) -> set[str]:
    """Return the flags of the base that have new overrides."""
    names = {flag.name for flag in base.flags}
    return {one.flag for one in own.overrides} & names


def _by_flag(
    definitions: Definitions, flags: Mapping[str, Flag]
) -> Mapping[str, list[Override]]:
    """Return the overrides of each flag, but for those that name no variant of it."""
    found: dict[str, list[Override]] = {}
    for override in definitions.overrides:
        flag = flags.get(override.flag)
        if flag and override.variant in {variant.name for variant in flag.variants}:
            found.setdefault(override.flag, []).append(override)
    return found


def _is_sound(segment: Segment) -> bool:
    """Say whether a segment can be compiled."""
    alone = Definitions(segments=(segment,))
    return not any(i.place.startswith("/segments/0/constraints") for i in check(alone))
