"""Compile constraints and segments into functions of the context.

What a field is missing for does not hold, and an inverted constraint then does. A
constraint that cannot be read never gets here: `checking` refuses it.
"""

import operator
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any, Final, TypeAlias, TypeVar

from .definitions import CURRENT_TIME, Constraint
from .evaluation import Context
from .patterns import pattern
from .reading import address, moment, number, text
from .versions import precedence

T = TypeVar("T")

Condition: TypeAlias = Callable[[Context], bool]
# A question about the field alone.
Question: TypeAlias = Callable[[object], bool]

# Numbers that differ by less are equal: the gap between 1 and the next one.
EPSILON: Final = 2.0**-52


def _is_close(left: float, right: float) -> bool:
    """Say whether two numbers are equal, as Unleash's engine does."""
    return abs(left - right) < EPSILON


_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "EQ": operator.eq,
    "GT": operator.gt,
    "GTE": operator.ge,
    "LT": operator.lt,
    "LTE": operator.le,
    "AFTER": operator.gt,
    "BEFORE": operator.lt,
}


def _contains(word: str, values: tuple[str, ...]) -> bool:
    """Say whether a word contains any of the values."""
    return any(value in word for value in values)


_WORDS: Final[Mapping[str, Callable[[str, tuple[str, ...]], bool]]] = {
    "STR_STARTS_WITH": str.startswith,
    "STR_ENDS_WITH": str.endswith,
    "STR_CONTAINS": _contains,
}
_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "NUM": number,
    "DATE": moment,
    "SEMVER": precedence,
}


def condition(constraint: Constraint) -> Condition:
    """Return whether a context satisfies a constraint."""
    ask = _question(constraint)
    attribute, inverted = constraint.attribute, constraint.inverted
    if attribute == CURRENT_TIME:
        return _about_time(ask, inverted=inverted)
    if inverted:
        return lambda context: not ask(context.attributes.get(attribute))
    if constraint.operator == "IN" and not constraint.case_insensitive:
        return _is_in(attribute, frozenset(constraint.values))
    return lambda context: ask(context.attributes.get(attribute))


def _is_in(attribute: str, values: frozenset[str]) -> Condition:
    """Return the commonest of all constraints, with nothing between it and the set."""

    def is_in(context: Context) -> bool:
        value = context.attributes.get(attribute)
        return (value if value.__class__ is str else text(value)) in values

    return is_in


def _about_time(ask: Question, *, inverted: bool) -> Condition:
    """Return a question about the moment, which a context may name otherwise."""

    def about(context: Context) -> bool:
        named = context.attributes.get(CURRENT_TIME)
        return ask(context.now if named is None else named) is not inverted

    return about


def all_of(conditions: Sequence[Condition]) -> Condition | None:
    """Return whether all of them hold; None if there is nothing to ask."""
    match conditions:
        case []:
            return None
        case [only]:
            return only
        case [first, second]:
            return lambda context: first(context) and second(context)
        case [first, second, third]:
            return lambda context: first(context) and second(context) and third(context)
    every = tuple(conditions)

    def hold(context: Context) -> bool:
        for one in every:  # noqa: SIM110 - a loop is twice as fast as all() here
            if not one(context):
                return False
        return True

    return hold


def _question(constraint: Constraint) -> Question:
    """Return what a constraint asks of the field."""
    name = constraint.operator
    if name in {"IN", "NOT_IN"}:
        return _membership(constraint)
    if name.startswith("STR_"):
        return _words(constraint)
    if name == "REGEX":
        return _match(constraint)
    if name == "IN_CIDR":
        return _within(ip_network(net, strict=False) for net in constraint.values)
    kind, order = name.split("_")
    return _comparison(_READERS[kind], constraint.value, _order(kind, order))


def _order(kind: str, order: str) -> Callable[[Any, Any], bool]:
    """Return how two values compare."""
    return _is_close if (kind, order) == ("NUM", "EQ") else _ORDERS[order]


def _comparison(
    read: Callable[[object], T | None],
    wanted: str | None,
    compare: Callable[[T, T], bool],
) -> Question:
    """Return how a field compares to what is wanted; what cannot be read does not."""
    other = read(wanted)

    def compares(value: object) -> bool:
        found = read(value)
        return found is not None and other is not None and compare(found, other)

    return compares


def _membership(constraint: Constraint) -> Question:
    """Return whether a field is one of the values, or none of them."""
    fold = constraint.case_insensitive
    values = frozenset(v.lower() if fold else v for v in constraint.values)
    wanted = constraint.operator == "IN"

    def belongs(value: object) -> bool:
        word = text(value)
        if word is not None and fold:
            word = word.lower()
        return (word in values) is wanted

    return belongs


def _words(constraint: Constraint) -> Question:
    """Return whether a field begins with, ends with or contains any of the values."""
    fold = constraint.case_insensitive
    values = tuple(v.lower() if fold else v for v in constraint.values)
    test = _WORDS[constraint.operator]

    def says(value: object) -> bool:
        word = text(value)
        return word is not None and test(word.lower() if fold else word, values)

    return says


def _match(constraint: Constraint) -> Question:
    """Return whether a field holds something that the expression describes."""
    search = pattern(constraint.value or "", ignore_case=constraint.case_insensitive)

    def matches(value: object) -> bool:
        word = text(value)
        return word is not None and search(word)

    return matches


def _within(networks: Iterable[IPv4Network | IPv6Network]) -> Question:
    """Return whether a field is an address in one of the networks."""
    every = list(networks)
    four = [net for net in every if isinstance(net, IPv4Network)]
    six = [net for net in every if isinstance(net, IPv6Network)]
    spans = {4: _spans(collapse_addresses(four)), 6: _spans(collapse_addresses(six))}

    def contains(value: object) -> bool:
        found = address(value)
        if found is None:
            return False
        starts, ends = spans[found.version]
        place = bisect_right(starts, int(found))
        return place > 0 and int(found) <= ends[place - 1]

    return contains


def _spans(merged: Iterable[IPv4Network | IPv6Network]) -> tuple[list[int], list[int]]:
    """Return where networks begin and end; they are in order and do not overlap."""
    ordered = list(merged)
    starts = [int(net.network_address) for net in ordered]
    ends = [int(net.broadcast_address) for net in ordered]
    return starts, ends
