"""Every read of lists of addresses."""

from collections.abc import Hashable
from typing import Final

from django.db.models import QuerySet

from common.refreshed import Refreshed

from ..engine.requests.addresses import (
    AddressBook,
    AddressClass,
    Range,
    read_address,
    unpacked,
)
from ..models import NetworkList


def network_lists() -> QuerySet[NetworkList]:
    """Return what is loaded, without the ranges themselves."""
    return NetworkList.objects.defer("ipv4", "ipv6").order_by("address_class", "source")


def _version() -> Hashable:
    return frozenset(NetworkList.objects.values_list("id", flat=True))


def _read() -> AddressBook:
    ranges: dict[AddressClass, dict[int, list[Range]]] = {}
    rows = NetworkList.objects.values_list("address_class", "ipv4", "ipv6")
    for name, ipv4, ipv6 in rows:
        found = ranges.setdefault(AddressClass(name), {4: [], 6: []})
        found[4] += unpacked(4, bytes(ipv4))
        found[6] += unpacked(6, bytes(ipv6))
    return AddressBook(ranges)


# The lists of this process; another process's change is seen half a minute later.
address_book: Final = Refreshed(version=_version, read=_read)


def class_of_address(text: str) -> str | None:
    """Return the class that an address is listed with, None if it is in no list."""
    address = read_address(text)
    found = address_book().class_of(address) if address else None
    return found.value if found else None
