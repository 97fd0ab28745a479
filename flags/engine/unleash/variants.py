"""Give the variants of a feature names and values of ours.

Unleash knows two answers about a feature: whether it is enabled, and which variant. A
flag knows one. So each has a variant for "not enabled" and one for "enabled, without a
variant", and marks in their metadata say which they are.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from ..definitions import Pin, Serve, Split, Value, ValueType, Variant, Weight
from ..issues import Issue
from ..reading import number, text
from ..values import check_value
from . import documents
from .conversion import attribute_of, variants_stick_to

# Marks in the metadata of variants. Whether the feature is enabled, for those that are
# no variants of Unleash's; the name there, if ours is another; the payload as it was.
ENABLED: Final = "unleash.enabled"
NAME: Final = "unleash.variant"
PAYLOAD_TYPE: Final = "unleash.payloadType"
PAYLOAD: Final = "unleash.payload"
# How Unleash calls what a feature without variants serves.
NO_VARIANT: Final = "disabled"


class Variants:
    """The variants of one feature, its strategies' included."""

    def __init__(self, feature: documents.Feature) -> None:
        self._feature = feature
        every = list(_every(feature))
        self.type: ValueType = _type_of(every)
        # The same name with another payload is another variant.
        self._names: dict[tuple[str, str | None, str | None], str] = {}
        self._made: list[Variant] = []
        for one in every:
            if _key(one) not in self._names:
                self._add(one)
        self.on = self._free("on")
        self.off = self._free("off")

    def all(self) -> tuple[Variant, ...]:
        """Return all of them, those for enabled and not enabled included."""
        boolean = self.type == "boolean"
        on = Variant(
            name=self.on, value=True if boolean else None, metadata={ENABLED: True}
        )
        off = Variant(
            name=self.off, value=False if boolean else None, metadata={ENABLED: False}
        )
        return (*self._made, on, off)

    def called(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return our names of what Unleash calls so, when the feature is enabled."""
        found = [ours for (theirs, *_), ours in self._names.items() if theirs in names]
        return (*found, self.on) if NO_VARIANT in names else tuple(found)

    def enabled(self) -> tuple[str, ...]:
        """Return the names of all that say the feature is enabled."""
        return (*self._names.values(), self.on)

    def serve(
        self,
        listed: Sequence[documents.Variant],
        stickiness: str | None,
        group: str,
        place: str,
        issues: list[Issue],
    ) -> Serve:
        """Return what serves variants by their weights, and "enabled" without any."""
        for index, one in enumerate(listed):
            if one.weight < 0:
                at = f"{place}/variants/{index}/weight"
                issues.append(Issue(at, "weight_negative", str(one.weight)))
        weights = tuple(
            Weight(variant=self._names[_key(one)], weight=max(one.weight, 0))
            for one in listed
        )
        if not any(one.weight for one in weights):
            return self.on
        return Split(
            weights=weights,
            pins=tuple(self._pins(listed)),
            sticky_on=variants_stick_to(stickiness),
            group=group,
        )

    def _pins(self, listed: Sequence[documents.Variant]) -> Iterator[Pin]:
        """Yield who always gets which variant."""
        for one in listed:
            for override in one.overrides or ():
                words = (text(value) for value in override.values)
                yield Pin(
                    variant=self._names[_key(one)],
                    attribute=attribute_of(override.context_name),
                    values=tuple(word for word in words if word is not None),
                )

    def _add(self, read: documents.Variant) -> None:
        """Add a variant of Unleash's."""
        name = self._free(read.name)
        self._names[_key(read)] = name
        metadata: dict[str, bool | str | int | float] = {}
        if name != read.name:
            metadata[NAME] = read.name
        if read.payload is not None:
            metadata[PAYLOAD_TYPE] = read.payload.type
            metadata[PAYLOAD] = read.payload.value
        value = _value(read, self.type)
        self._made.append(Variant(name=name, value=value, metadata=metadata))

    def _free(self, name: str) -> str:
        """Return a name that no variant has, as near to this one as can be."""
        taken = set(self._names.values())
        number_of = 2
        free = name or "variant"
        while free in taken:
            free = f"{name}-{number_of}"
            number_of += 1
        return free


def _every(feature: documents.Feature) -> Iterator[documents.Variant]:
    """Yield the variants of a feature and of its strategies."""
    yield from feature.variants or ()
    for strategy in feature.strategies or ():
        yield from strategy.variants or ()


def _key(read: documents.Variant) -> tuple[str, str | None, str | None]:
    """Return what makes a variant another one."""
    payload = read.payload
    if payload is None:
        return read.name, None, None
    return read.name, payload.type, payload.value


def _type_of(variants: Sequence[documents.Variant]) -> ValueType:
    """Return which type fits all variants: text does when nothing else fits."""
    if not variants:
        return "boolean"
    kinds: tuple[ValueType, ...] = ("number", "json")
    for kind in kinds:
        if all(_fits(one, kind) for one in variants):
            return kind
    return "string"


def _fits(read: documents.Variant, kind: ValueType) -> bool:
    """Say whether a variant's payload is of a kind, and can be read as such."""
    if read.payload is None or read.payload.type != kind:
        return False
    value = _value(read, kind)
    return value is not None and next(check_value(kind, value, ""), None) is None


def _value(read: documents.Variant, kind: ValueType) -> Value:
    """Return what a variant is worth: its payload, or else its name."""
    word = read.name if read.payload is None else read.payload.value
    if kind == "string":
        return word
    try:
        value = msgspec.json.decode(word)
    except msgspec.DecodeError:
        # Numbers that JSON would write otherwise: "1.", "+1".
        return number(word) if kind == "number" else None
    return value
