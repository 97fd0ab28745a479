"""Build the decisions of a snapshot: only those that differ from its base."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .checking import check
from .compiling import FlagCompiler, Segments
from .conditions import all_of, condition
from .constraints import check_constraint
from .definitions import Definitions, Flag, Override, Segment
from .issues import Issue
from .ordering import dependents, in_order
from .outcomes import Outcomes
from .steps import Decision, always


@dataclass(frozen=True, slots=True)
class Built:
    """Everything that is there, what each flag decides, and what is wrong with it."""

    definitions: Definitions
    decisions: Mapping[str, Decision]
    broken: frozenset[str]
    issues: tuple[Issue, ...] = ()


NOTHING: Final = Built(Definitions(), {}, frozenset())


def build(
    own: Definitions,
    base: Built = NOTHING,
    known_as: Callable[[str], str] | None = None,
) -> Built:
    """Return what is there with definitions of one's own upon a base."""
    issues = check(own, base.definitions)
    whole = _joined(own, base.definitions)
    flags = {flag.name: flag for flag in whole.flags}
    segments = _compiled(whole.segments)
    order, circular = in_order(flags)
    broken = {*base.broken, *circular, *_broken(own.flags, flags, issues, segments)}
    overrides = _by_flag(whole, flags)
    new = flags.keys() - base.decisions.keys()
    changed = dependents(flags, {*new, *(one.flag for one in own.overrides)})
    decisions = dict(base.decisions)
    for name in (*order, *circular):
        if name in changed:
            decisions[name] = (
                _failing(flags[name])
                if name in broken
                else FlagCompiler(
                    flags[name],
                    segments,
                    decisions,
                    overrides.get(name, ()),
                    known_as,
                ).compile()
            )
    return Built(whole, decisions, frozenset(broken), issues)


def _failing(flag: Flag) -> Decision:
    """Return what a flag with a fault decides: that there is one."""
    return always(Outcomes(flag).failure("PARSE_ERROR"))


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


def _compiled(segments: Sequence[Segment]) -> Segments:
    """Return the segments that have no fault, as conditions."""
    return {
        segment.name: all_of([condition(one) for one in segment.constraints])
        for segment in segments
        if not any(
            issue for one in segment.constraints for issue in check_constraint(one, "")
        )
    }


def _broken(
    own: Sequence[Flag],
    flags: Mapping[str, Flag],
    issues: Sequence[Issue],
    segments: Segments,
) -> Iterator[str]:
    """Yield the flags of one's own that have a fault, in themselves or a segment.

    One whose name another flag has is not there, and breaks nothing.
    """
    faulty = {
        int(parts[2])
        for issue in issues
        if len(parts := issue.place.split("/")) > 3 and parts[1] == "flags"  # noqa: PLR2004 - "/flags/0/…"
        if parts[3:] != ["name"]
    }
    for index, flag in enumerate(own):
        named = {name for rule in flag.rules for name in rule.segments}
        if flags[flag.name] is flag and (
            index in faulty or not named <= segments.keys()
        ):
            yield flag.name


def _by_flag(
    definitions: Definitions, flags: Mapping[str, Flag]
) -> Mapping[str, Sequence[Override]]:
    """Return the overrides of each flag, but for those that name no variant of it."""
    found: dict[str, list[Override]] = {}
    for override in definitions.overrides:
        flag = flags.get(override.flag)
        if flag and override.variant in {variant.name for variant in flag.variants}:
            found.setdefault(override.flag, []).append(override)
    return found
