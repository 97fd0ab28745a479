"""Compile a flag into one function of the context.

In order: kill switch, windows, prerequisites, override for the user, override for the
organization, targeting rules, gradual rollout, default. Each step answers, or passes on
with None. A step whose rollout has nobody to stick to passes on with `missing`, which
is the answer if no other step has one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from .bucketing import draw, gate, key_of, moving_gate
from .conditions import Condition, all_of, condition
from .definitions import (
    DEFAULT,
    KILL_SWITCH,
    PREREQUISITE,
    RELEASE,
    WINDOW,
    Flag,
    Override,
    Pin,
    Release,
    Rollout,
    Rule,
    Serve,
    Split,
)
from .evaluation import Context, Evaluation, Reason
from .outcomes import Outcomes
from .overriding import override_steps
from .reading import text
from .steps import Decision, Step, always, first_of
from .timing import is_open, percent_at

# True, False, or None if there is nobody to stick to.
Admission: TypeAlias = Callable[[Context], bool | None]
Segments: TypeAlias = Mapping[str, Condition | None]


class FlagCompiler:
    """Compiles one flag.

    `segments` and `parents` are what it refers to, compiled already. It expects a flag
    in which `checking` finds no fault.
    """

    def __init__(
        self,
        flag: Flag,
        segments: Segments,
        parents: Mapping[str, Decision],
        overrides: Sequence[Override] = (),
        known_as: Callable[[str], str] | None = None,
    ) -> None:
        self._flag = flag
        self._segments = segments
        self._parents = parents
        self._overrides = override_steps(overrides, Outcomes(flag), known_as)
        self._outcomes = Outcomes(flag)
        self._missing = self._outcomes.of(
            flag.default, "ERROR", DEFAULT, "TARGETING_KEY_MISSING"
        )

    def compile(self) -> Decision:
        """Return the function that decides."""
        flag = self._flag
        if not flag.enabled:
            return always(self._outcomes.of(flag.off, "DISABLED", KILL_SWITCH))
        steps = [
            *self._window(),
            *self._prerequisites(),
            *self._overrides,
            *(self._rule(rule) for rule in flag.rules),
            *self._release(flag.release),
        ]
        if not steps:
            return always(self._outcomes.of(flag.default, "STATIC", DEFAULT))
        default = self._outcomes.of(flag.default, "DEFAULT", DEFAULT)
        return first_of(steps, default, self._missing)

    def _window(self) -> list[Step]:
        """Return what is off outside of the flag's windows."""
        if not self._flag.windows:
            return []
        opened = is_open(self._flag.windows)
        off = self._outcomes.of(self._flag.off, "DISABLED", WINDOW)
        return [lambda context: None if opened(context.now) else off]

    def _prerequisites(self) -> list[Step]:
        """Return what is off while another flag does not serve what it should."""
        return [
            _prerequisite(
                self._parents.get(one.flag),
                frozenset(one.variants),
                self._outcomes.of(self._flag.off, "DISABLED", PREREQUISITE + one.flag),
            )
            for one in self._flag.prerequisites
        ]

    def _rule(self, rule: Rule) -> Step:
        """Return a targeting rule as a step."""
        named = [self._segments[name] for name in rule.segments]
        matches = all_of(
            [
                *_in_window(rule),
                *(condition(one) for one in rule.constraints),
                *(one for one in named if one is not None),
            ]
        )
        return self._step(rule.id, "TARGETING_MATCH", rule.rollout, rule.serve, matches)

    def _release(self, release: Release | None) -> list[Step]:
        """Return the gradual rollout as a step."""
        if release is None:
            return []
        return [self._step(RELEASE, "DEFAULT", release.rollout, release.serve, None)]

    def _step(
        self,
        rule: str,
        reason: Reason,
        rollout: Rollout | None,
        serve: Serve,
        matches: Condition | None,
    ) -> Step:
        """Return conditions, rollout and what is served as a step.

        `reason` holds unless a hash decides.
        """
        admits = self._admission(rollout) if rollout else None
        by_hash = admits is not None or isinstance(serve, Split)
        why: Reason = "SPLIT" if by_hash else reason
        served = self._serve(serve, lambda name: self._outcomes.of(name, why, rule))
        return _step(matches, admits, served, self._missing)

    def _admission(self, rollout: Rollout) -> Admission | None:
        """Return whether a rollout lets somebody through; None if everybody.

        Unleash wants a key even at 100 %.
        """
        flag = self._flag
        key = key_of(rollout.sticky_on or flag.sticky_on)
        group = self._group(rollout.group)
        if rollout.progression is not None:
            percent = percent_at(rollout.progression)
            passes_at = moving_gate(flag.algorithm, group)

            def admits_now(context: Context) -> bool | None:
                found = key(context)
                if found is None:
                    return None
                return passes_at(found, percent(context.now))

            return admits_now
        if rollout.percent >= 100 and flag.algorithm == "murmur3":  # noqa: PLR2004 - the whole
            return None
        if rollout.percent <= 0:
            return lambda _context: False
        passes = gate(flag.algorithm, group, rollout.percent)

        def admits(context: Context) -> bool | None:
            found = key(context)
            return None if found is None else passes(found)

        return admits

    def _serve(
        self, serve: Serve, outcome: Callable[[str], Evaluation]
    ) -> Evaluation | Step:
        """Return what is served: always the same, or by the weights."""
        if isinstance(serve, str):
            return outcome(serve)
        weights = [one for one in serve.weights if one.weight]
        places = tuple(outcome(one.variant) for one in weights)
        pinned = _pins(serve.pins, outcome)
        if len(places) == 1 and not pinned:
            return places[0]
        key = key_of(serve.sticky_on or self._flag.sticky_on)
        drawn = draw(
            self._flag.algorithm,
            self._group(serve.group),
            [one.weight for one in weights],
        )
        missing = self._missing

        def split(context: Context) -> Evaluation:
            for attribute, table in pinned:
                found = table.get(text(context.attributes.get(attribute)))
                if found is not None:
                    return found
            word = key(context)
            return missing if word is None else places[drawn(word)]

        return split

    def _group(self, group: str | None) -> str:
        """Return what is hashed with the key."""
        if group is not None:
            return group
        return self._flag.name if self._flag.salt is None else self._flag.salt


def _prerequisite(
    parent: Decision | None, variants: frozenset[str], off: Evaluation
) -> Step:
    """Return what is off unless the parent serves one of the variants."""
    if parent is None or not variants:
        return lambda _context: off
    return lambda context: None if parent(context).variant in variants else off


def _in_window(rule: Rule) -> list[Condition]:
    """Return whether a rule is in force."""
    if not rule.windows:
        return []
    opened = is_open(rule.windows)
    return [lambda context: opened(context.now)]


def _pins(
    pins: Sequence[Pin], outcome: Callable[[str], Evaluation]
) -> tuple[tuple[str, Mapping[str | None, Evaluation]], ...]:
    """Return who is pinned, by field; the first pin that names somebody holds."""
    return tuple(
        (pin.attribute, dict.fromkeys(pin.values, outcome(pin.variant))) for pin in pins
    )


def _step(
    matches: Condition | None,
    admits: Admission | None,
    served: Evaluation | Step,
    missing: Evaluation,
) -> Step:
    """Return conditions, rollout and what is served as one step."""
    constant = served if isinstance(served, Evaluation) else None
    by_weight = None if isinstance(served, Evaluation) else served

    def step(context: Context) -> Evaluation | None:
        if matches is not None and not matches(context):
            return None
        if admits is not None:
            admitted = admits(context)
            if not admitted:
                return missing if admitted is None else None
        return constant if by_weight is None else by_weight(context)

    return step
