"""Ranges of addresses: read, merged, looked up."""

from ipaddress import ip_address, ip_network
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from detection.engine.requests.addresses import (
    AddressBook,
    AddressClass,
    BrokenRangeError,
    NamedRange,
    Range,
    merged,
    packed,
    read_address,
    read_range,
    unpacked,
)

# Few addresses, so that drawn ranges meet, overlap and touch.
NUMBERS = st.integers(0, 60)
RANGES = st.lists(st.tuples(NUMBERS, NUMBERS).map(lambda ends: (min(ends), max(ends))))
LISTS = st.dictionaries(st.sampled_from(AddressClass), RANGES)


def whole(text: str) -> NamedRange:
    """Return a network as a range."""
    network = ip_network(text)
    return NamedRange(network.version, int(network[0]), int(network[-1]))


@pytest.mark.parametrize(
    ("line", "network"),
    [
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("  192.0.2.7  ", "192.0.2.7/32"),
        ("2001:db8::/32 # ours", "2001:db8::/32"),
        ("192.0.2.0 - 192.0.2.255", "192.0.2.0/24"),
        ("2001:db8::-2001:db8::f", "2001:db8::/124"),
        ("192.0.2.0/31,GB,GB-ENG,London,", "192.0.2.0/31"),
        ("192.0.2.0/31,a.b:c,1", "192.0.2.0/31"),
        ("192.0.2.0/24 ; SBL1234", "192.0.2.0/24"),
        ("10.0.0.0/8", "10.0.0.0/8"),
    ],
)
def test_lines_of_lists_are_read(line: str, network: str) -> None:
    """Networks, addresses and ranges, with comments and further columns."""
    assert read_range(line) == whole(network)


@pytest.mark.parametrize("line", ["", "   ", "# a comment", "; another", "\n"])
def test_comments_name_no_range(line: str) -> None:
    """They are skipped, not refused."""
    assert read_range(line) is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("192.0.2.1/24", "host bits"),
        ("192.0.2.0/33", "not"),
        ("192.0.2", "not"),
        ("example.com", "not"),
        ("192.0.2.9-192.0.2.1", "ends before"),
        ("192.0.2.1-2001:db8::1", "ends before"),
        ("0.0.0.0/0", "too wide"),
        ("::/0", "too wide"),
        ("1.0.0.0-9.0.0.0", "too wide"),
        ("192.0.2.0/24,198.51.100.0/24", "two ranges"),
        (",192.0.2.0/24", "two ranges"),
        ("192.0.2.1-192.0.2.2-192.0.2.3", "not"),
    ],
)
def test_other_lines_are_refused(line: str, reason: str) -> None:
    """With the reason; nothing is guessed and nothing is lost."""
    with pytest.raises(BrokenRangeError, match=reason):
        read_range(line)


@given(RANGES)
def test_merging_keeps_every_address_and_no_more(ranges: list[Range]) -> None:
    """In ranges that neither overlap nor touch."""
    found = merged(ranges)
    held = {n for first, last in found for n in range(first, last + 1)}
    assert held == {n for first, last in ranges for n in range(first, last + 1)}
    assert all(one[1] + 1 < other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(("version", "bits"), [(4, 32), (6, 128)])
@given(st.data())
def test_ranges_come_back_from_storage(
    version: int, bits: int, data: st.DataObject
) -> None:
    """The first and the last address there are, included."""
    numbers = st.integers(0, 2**bits - 1)
    ranges = data.draw(st.lists(st.tuples(numbers, numbers)))
    assert unpacked(version, packed(version, ranges)) == ranges


@given(LISTS, NUMBERS)
def test_the_most_telling_class_counts(
    lists: dict[AddressClass, list[Range]], number: int
) -> None:
    """As a search through all of the lists would find it."""
    book = AddressBook({name: {4: ranges} for name, ranges in lists.items()})
    expected = next(
        (
            name
            for name in AddressClass
            if any(first <= number <= last for first, last in lists.get(name, ()))
        ),
        None,
    )
    address = read_address(str(ip_address(number)))
    assert address
    assert book.class_of(address) == expected
    assert book.lists == set(lists)


def test_versions_do_not_mix() -> None:
    """The IPv6 address of the same number is another address."""
    book = AddressBook({AddressClass.TOR: {4: [(1, 9)], 6: [(100, 2**128 - 1)]}})
    found = {
        text: book.class_of(address)
        for text in ("0.0.0.5", "::5", "ffff::1", "0.0.0.99", "255.255.255.255")
        if (address := read_address(text))
    }
    assert [text for text, name in found.items() if name] == ["0.0.0.5", "ffff::1"]
    assert len(found) == 5


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (" 192.0.2.1 ", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_addresses_are_read_as_proxies_write_them(text: str, same: str) -> None:
    """With ports, zones, brackets, or as the one inside the other."""
    assert read_address(text) == read_address(same)
    assert read_address(same)


@pytest.mark.parametrize("text", ["", "unknown", "_hidden", "1.2.3", "a:b", "1" * 999])
def test_what_is_no_address_is_not_looked_up(text: str) -> None:
    """Proxies may hide it; sockets of files have none."""
    assert read_address(text) is None
