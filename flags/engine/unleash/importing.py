"""Import features of Unleash as flags that decide the same, person by person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from ..definitions import (
    RANDOM,
    TARGETING_KEY,
    Definitions,
    Flag,
    Prerequisite,
    Rule,
    Segment,
    Serve,
    is_reserved,
)
from ..issues import DefinitionError, Issue
from . import documents
from .conversion import SESSION_ID, activation, convert_constraints
from .variants import Variants


class Imported(Struct, frozen=True):
    """Definitions, and what of Unleash's could not be kept as it was.

    What an issue names decides as Unleash would have: not enabled.
    """

    definitions: Definitions
    issues: tuple[Issue, ...]


def import_unleash(document: bytes | str) -> Imported:
    """Return the flags of what Unleash's client API sends, whole or as changes.

    Raises
    ------
    DefinitionError
        It is no JSON object.
    """
    try:
        read = msgspec.json.decode(document, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise DefinitionError([Issue("", "unreadable", str(error))]) from error
    return import_state(read)


def import_state(document: Mapping[str, Any]) -> Imported:
    """Return the flags of a document that has been decoded already."""
    state = documents.State(document)
    importer = _Importer(state)
    flags = tuple(importer.flags())
    segments = tuple(importer.segments.values())
    definitions = Definitions(flags=flags, segments=segments)
    return Imported(definitions, (*state.issues, *importer.issues))


class _Importer:
    """Turns what was read into definitions, and notes what is lost."""

    def __init__(self, state: documents.State) -> None:
        self.issues: list[Issue] = []
        self._features: Final = state.features
        self._variants = {
            name: Variants(feature) for name, (_at, feature) in state.features.items()
        }
        self.segments: dict[int, Segment] = {}
        for number, (place, segment) in state.segments.items():
            found = convert_constraints(segment.constraints, place, self.issues)
            if found is not None:
                self.segments[number] = Segment(
                    name=f"unleash-{number}",
                    constraints=found,
                    description=segment.name or "",
                )

    def flags(self) -> Iterable[Flag]:
        """Yield a flag for each feature."""
        for name, (place, feature) in self._features.items():
            variants = self._variants[name]
            yield Flag(
                name=name,
                type=variants.type,
                variants=variants.all(),
                enabled=feature.enabled,
                prerequisites=tuple(self._prerequisites(feature, place)),
                rules=tuple(self._rules(feature, place)),
                default=variants.off,
                off=variants.off,
                safe=variants.off,
                algorithm="unleash",
                sticky_on=(TARGETING_KEY, SESSION_ID, RANDOM),
                description=feature.description or "",
            )

    def _prerequisites(
        self, feature: documents.Feature, place: str
    ) -> Iterable[Prerequisite]:
        """Yield what a feature depends on."""
        for index, one in enumerate(feature.dependencies or ()):
            wanted = self._wanted(one)
            if not wanted:
                at = f"{place}/dependencies/{index}"
                self.issues.append(Issue(at, "dependency_never_met", one.feature))
            yield Prerequisite(flag=one.feature, variants=wanted)

    def _wanted(self, dependency: documents.Dependency) -> tuple[str, ...]:
        """Return which variants of the parent satisfy a dependency.

        A parent that is not there, or has parents itself, satisfies nobody.
        """
        found = self._features.get(dependency.feature)
        if found is None or found[1].dependencies:
            return ()
        variants = self._variants[dependency.feature]
        if dependency.enabled is False:
            return (variants.off,)
        if dependency.variants:
            return variants.called(dependency.variants)
        return variants.enabled()

    def _rules(self, feature: documents.Feature, place: str) -> Iterable[Rule]:
        """Yield a rule for each strategy: the first that holds decides the variant."""
        if not feature.strategies:
            yield Rule(id="always", serve=self._feature_variants(feature, place))
        names = _rule_ids(feature.strategies or ())
        for index, strategy in enumerate(feature.strategies or ()):
            at = f"{place}/strategies/{index}"
            rule = self._rule(feature, strategy, names[index], at)
            if rule is None:
                self.issues.append(Issue(at, "rule_left_out", strategy.name))
            else:
                yield rule

    def _rule(
        self,
        feature: documents.Feature,
        strategy: documents.Strategy,
        name: str,
        place: str,
    ) -> Rule | None:
        """Return a strategy as a rule, or None if nobody would pass it."""
        if strategy.disabled:
            self.issues.append(Issue(place, "strategy_disabled", strategy.name))
            return None
        found = activation(strategy, place, self.issues)
        constraints = convert_constraints(strategy.constraints, place, self.issues)
        segments = self._segments(strategy, place)
        if found is None or constraints is None or segments is None:
            return None
        own, rollout = found
        return Rule(
            id=name,
            serve=self._strategy_variants(feature, strategy, place),
            segments=segments,
            constraints=(*own, *constraints),
            rollout=rollout,
        )

    def _segments(
        self, strategy: documents.Strategy, place: str
    ) -> tuple[str, ...] | None:
        """Return the names of a strategy's segments, or None if one is missing."""
        found: list[str] = []
        for index, number in enumerate(strategy.segments or ()):
            segment = self.segments.get(number)
            if segment is None:
                at = f"{place}/segments/{index}"
                self.issues.append(Issue(at, "segment_unknown", str(number)))
                return None
            found.append(segment.name)
        return tuple(found)

    def _feature_variants(self, feature: documents.Feature, place: str) -> Serve:
        """Return the variants of the feature itself."""
        listed = feature.variants or []
        stickiness = listed[0].stickiness if listed else None
        variants = self._variants[feature.name]
        return variants.serve(listed, stickiness, feature.name, place, self.issues)

    def _strategy_variants(
        self, feature: documents.Feature, strategy: documents.Strategy, place: str
    ) -> Serve:
        """Return the variants of a strategy; without any, those of the feature."""
        listed = strategy.variants
        if not listed:
            return self._feature_variants(feature, place)
        parameters = strategy.parameters or {}
        stickiness = parameters.get("stickiness")
        group = parameters.get("groupId")
        return self._variants[feature.name].serve(
            listed,
            stickiness if isinstance(stickiness, str) else None,
            group if isinstance(group, str) else feature.name,
            place,
            self.issues,
        )


def _rule_ids(strategies: Sequence[documents.Strategy]) -> list[str]:
    """Return an id for each strategy: its own, if it has one that can be kept."""
    found: list[str] = []
    for index, strategy in enumerate(strategies):
        name = strategy.id or f"strategy-{index}"
        while name in found or is_reserved(name):
            name += "-again"
        found.append(name)
    return found
