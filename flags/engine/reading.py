"""What a field of a context says, read as text, number, moment or address."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address


def text(value: object) -> str | None:
    """Return a field as text; what is missing or has parts says nothing."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (Mapping, Sequence, set, frozenset)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def number(value: object) -> float | None:
    """Return a field as a number; True is none, and neither is " 1" or "1_000"."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and ("_" in value or value != value.strip()):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def moment(value: object) -> datetime | None:
    """Return a field as a moment; a time without a zone is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo else None


def address(value: object) -> IPv4Address | IPv6Address | None:
    """Return a field as an address; IPv4 within IPv6 is IPv4.

    A server that listens on both sees 10.0.0.1 as ::ffff:10.0.0.1.
    """
    if not isinstance(value, str):
        value = text(value)
    try:
        found = ip_address(value or "")
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped
    return found
