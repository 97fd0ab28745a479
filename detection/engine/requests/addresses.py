"""Classes of addresses: ranges from lists, merged once, looked up in microseconds."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import chain, groupby
from operator import itemgetter
from typing import Final, NamedTuple, Self


class AddressClass(StrEnum):
    """What kind of network an address belongs to, the most telling kind first.

    Where an address stands in lists of two classes, the first in this order counts:
    the way out of a relay lies in a data centre, but the person does not.
    """

    RELAY = "relay"
    EDUCATION = "education"
    COMPANY = "company"
    MOBILE = "mobile"
    TOR = "tor"
    VPN = "vpn"
    PROXY = "proxy"
    DATACENTER = "datacenter"


# The first and the last address of a range, as numbers.
Range = tuple[int, int]

# Bytes of an address, by the version of the protocol.
_BYTES: Final = {4: 4, 6: 16}

# A range wider than this is a typing error: it would class a whole continent. The
# widest that clouds announce are /8 (IPv4) and /20 (IPv6).
_WIDEST: Final = {4: 2**24, 6: 2**112}

# What a line may hold after its range: a comment, or further columns.
_COMMENTS: Final = ("#", ";")


class BrokenRangeError(ValueError):
    """A line names no range of addresses; the message says why."""


@dataclass(frozen=True, slots=True)
class NamedRange:
    """A range as a list names it."""

    version: int
    first: int
    last: int


def read_range(line: str) -> NamedRange | None:
    """Return the range that a line of a list names, None for a comment.

    A line holds a network (192.0.2.0/24), one address, or two with a hyphen between
    them. What follows a comma is another column of the list.

    Raises
    ------
    BrokenRangeError
        There is something else.

    Examples
    --------
    >>> read_range("192.0.2.0/31  # a comment")
    NamedRange(version=4, first=3221225984, last=3221225985)
    """
    text = line
    for mark in _COMMENTS:
        text = text.partition(mark)[0]
    text, _comma, rest = (part.strip() for part in text.partition(","))
    if not text and not rest:
        return None
    if _is_range(rest.partition(",")[0].strip()):
        message = "two ranges on one line"
        raise BrokenRangeError(message)
    first, last = _ends(text)
    if first.version != last.version or int(first) > int(last):
        message = f"{text!r} ends before it begins"
        raise BrokenRangeError(message)
    if int(last) - int(first) >= _WIDEST[first.version]:
        message = f"{text!r} is too wide to be true"
        raise BrokenRangeError(message)
    return NamedRange(first.version, int(first), int(last))


def _is_range(text: str) -> bool:
    """Say whether a column holds a second range, which would be lost."""
    if not any(mark in text for mark in ".:"):
        return False
    try:
        _ends(text)
    except BrokenRangeError:
        return False
    return True


_Address = IPv4Address | IPv6Address


def _ends(text: str) -> tuple[_Address, _Address]:
    """Return the first and the last address of a range."""
    one, hyphen, other = (part.strip() for part in text.partition("-"))
    try:
        if hyphen:
            return ip_address(one), ip_address(other)
        network = ip_network(text)
    except ValueError as error:
        raise BrokenRangeError(str(error)) from None
    return network[0], network[-1]


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Return the same addresses in as few ranges as possible, in their order.

    Examples
    --------
    >>> merged([(5, 9), (1, 2), (3, 4), (20, 30), (7, 8)])
    [(1, 9), (20, 30)]
    """
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def packed(version: int, ranges: Iterable[Range]) -> bytes:
    """Return ranges as bytes: the first and the last address, one after the other."""
    size = _BYTES[version]
    return b"".join(number.to_bytes(size) for number in chain.from_iterable(ranges))


def unpacked(version: int, stored: bytes) -> list[Range]:
    """Return the ranges that `packed` wrote."""
    size = _BYTES[version]
    numbers = [
        int.from_bytes(stored[at : at + size]) for at in range(0, len(stored), size)
    ]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class Segments:
    """The line of all addresses, cut where the class changes.

    `classes[i]` holds from `starts[i]` to the address before `starts[i + 1]`.
    """

    starts: Sequence[int]
    classes: Sequence[AddressClass | None]

    @classmethod
    def of(cls, ranges: Mapping[AddressClass, Iterable[Range]]) -> Self:
        """Lay ranges over one another, the most telling class on top."""
        starts: list[int] = [0]
        classes: list[AddressClass | None] = [None]
        for start, found in _cuts(ranges):
            if start == starts[-1]:
                classes[-1] = found
            elif found != classes[-1]:
                starts.append(start)
                classes.append(found)
        return cls(starts, classes)

    def at(self, number: int) -> AddressClass | None:
        """Return the class of an address."""
        return self.classes[bisect_right(self.starts, number) - 1]


def _cuts(
    ranges: Mapping[AddressClass, Iterable[Range]],
) -> Iterator[tuple[int, AddressClass | None]]:
    """Yield each address at which something begins or ends, with what counts there."""
    order = list(AddressClass)
    changes = sorted(
        change
        for place, name in enumerate(order)
        for first, last in merged(ranges.get(name, ()))
        for change in ((first, place, 1), (last + 1, place, -1))
    )
    is_open = [0] * len(order)
    for number, group in groupby(changes, key=itemgetter(0)):
        for _number, place, step in group:
            is_open[place] += step
        top = next((place for place, count in enumerate(is_open) if count), None)
        yield number, None if top is None else order[top]


class Address(NamedTuple):
    """An address as a number; it is looked up, and neither kept nor written down."""

    version: int
    number: int


class AddressBook:
    """Which class an address belongs to.

    A look-up halves the line until one segment is left: 5 microseconds with a thousand
    ranges, 9 with a hundred thousand, most of them for reading the address
    (`benchmarks/networks.py`).
    """

    __slots__ = ("_lines", "lists")

    def __init__(
        self, ranges: Mapping[AddressClass, Mapping[int, Sequence[Range]]]
    ) -> None:
        """Take ranges by class and version of the protocol."""
        self.lists = frozenset(ranges)
        self._lines = {
            version: Segments.of(
                {name: found.get(version, ()) for name, found in ranges.items()}
            )
            for version in _BYTES
        }

    def class_of(self, address: Address) -> AddressClass | None:
        """Return the class of an address, None where no list holds it."""
        return self._lines[address.version].at(address.number)


def read_address(text: str) -> Address | None:
    """Return an address without the port and zone that proxies add; None if it is none.

    An IPv4 address that comes as an IPv6 one is what it was.

    Examples
    --------
    >>> read_address("192.0.2.1:4711") == read_address("::ffff:192.0.2.1")
    True
    """
    word = text.strip().partition("%")[0]
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        word = word.partition(":")[0]
    try:
        found = ip_address(word)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return Address(found.version, int(found))
