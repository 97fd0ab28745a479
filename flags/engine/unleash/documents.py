"""What Unleash's client API sends, read with tolerance: much of it may be null."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from ..definitions import Value
from ..issues import Issue, pointer

T = TypeVar("T", bound="_Read")


class _Read(Struct, frozen=True, rename="camel"):
    """What is read has fields that we do not know, and they are left alone."""


class Constraint(_Read, frozen=True):
    """A constraint; which operator it is may be unknown."""

    context_name: str
    operator: str
    value: Value = None
    values: list[Value] | None = None
    case_insensitive: bool | None = None
    inverted: bool | None = None


class Payload(_Read, frozen=True):
    """What a variant carries: always text, of a type."""

    type: str
    value: str


class VariantOverride(_Read, frozen=True):
    """Who always gets a variant."""

    context_name: str
    values: list[Value]


class Variant(_Read, frozen=True):
    """A variant of a feature or of a strategy."""

    name: str
    weight: int = 0
    stickiness: str | None = None
    payload: Payload | None = None
    overrides: list[VariantOverride] | None = None


class Strategy(_Read, frozen=True):
    """A way to be enabled."""

    name: str
    id: str | None = None
    parameters: dict[str, Value] | None = None
    constraints: list[Constraint] | None = None
    segments: list[int] | None = None
    variants: list[Variant] | None = None
    disabled: bool | None = None


class Dependency(_Read, frozen=True):
    """Another feature, and how it has to be."""

    feature: str
    enabled: bool | None = None
    variants: list[str] | None = None


class Feature(_Read, frozen=True):
    """A feature."""

    name: str
    enabled: bool = False
    description: str | None = None
    strategies: list[Strategy] | None = None
    variants: list[Variant] | None = None
    dependencies: list[Dependency] | None = None


class Segment(_Read, frozen=True):
    """A segment; strategies name it by its number."""

    id: int
    name: str | None = None
    constraints: list[Constraint] | None = None


class Event(_Read, frozen=True):
    """A change: what Unleash streams instead of the whole."""

    type: str
    feature: Value = None
    feature_name: str | None = None
    segment: Value = None
    segment_id: int | None = None
    features: list[Value] = []
    segments: list[Value] = []


class State:
    """Features and segments as they are after everything that was read.

    Each stands with its place in the document. What cannot be read is left out.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.features: dict[str, tuple[str, Feature]] = {}
        self.segments: dict[int, tuple[str, Segment]] = {}
        self.issues: list[Issue] = []
        if "events" in document:
            for index, raw in enumerate(_items(document["events"])):
                self._apply(raw, pointer("events", index))
        else:
            self._take(document, "")

    def _take(self, whole: Mapping[str, Any], place: str) -> None:
        """Take all features and segments of a document."""
        for at, raw in _placed(whole.get("features"), place + "/features"):
            self._feature(raw, at)
        for at, raw in _placed(whole.get("segments"), place + "/segments"):
            self._segment(raw, at)

    def _apply(self, raw: Value, place: str) -> None:
        """Apply a change; kinds that are not known change nothing."""
        event = self._read(raw, Event, place)
        match event:
            case Event(type="hydration"):
                self.features.clear()
                self.segments.clear()
                self._take(raw, place)
            case Event(type="feature-updated"):
                self._feature(event.feature, place + "/feature")
            case Event(type="feature-removed"):
                self.features.pop(event.feature_name or "", None)
            case Event(type="segment-updated"):
                self._segment(event.segment, place + "/segment")
            case Event(type="segment-removed"):
                self.segments.pop(event.segment_id or 0, None)

    def _feature(self, raw: Value, place: str) -> None:
        """Take one feature; the last of a name holds."""
        feature = self._read(raw, Feature, place)
        if feature is not None:
            self.features[feature.name] = (place, feature)

    def _segment(self, raw: Value, place: str) -> None:
        """Take one segment."""
        segment = self._read(raw, Segment, place)
        if segment is not None:
            self.segments[segment.id] = (place, segment)

    def _read(self, raw: Value, kind: type[T], place: str) -> T | None:
        """Return something as what it should be, or None and an issue."""
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            self.issues.append(Issue(place, "unreadable", str(error)))
            return None


def _items(value: Value) -> Sequence[Value]:
    """Return what should be a list; null is an empty one."""
    return value if isinstance(value, list) else []


def _placed(value: Value, place: str) -> Iterator[tuple[str, Value]]:
    """Yield the items of a list with their places."""
    for index, item in enumerate(_items(value)):
        yield f"{place}/{index}", item
