"""Where a request comes from."""

import hmac
import ipaddress
from functools import lru_cache
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.http import HttpRequest

# Of addresses that ask at the moment, a hundred bytes each.
DIGESTS_KEPT: Final = 4_096


def counted_address(request: HttpRequest) -> str | None:
    """Return the address that attempts to sign in are counted by.

    Whoever has one IPv6 address has the 2⁶⁴ beside it. What is no address, such as a
    port that a proxy wrote, is None: a column of addresses would refuse it.
    """
    try:
        found = ipaddress.ip_address(client_address(request))
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False).network_address)


def counted_digest(request: HttpRequest) -> bytes | None:
    """Return 32 bytes that stand for the address that something is counted by.

    Counters lie in Redis and in tables, where addresses of people have no business.
    """
    address = counted_address(request)
    return None if address is None else _digest(address, settings.KEY_PEPPER)


@lru_cache(maxsize=DIGESTS_KEPT)
def _digest(address: str, pepper: str) -> bytes:
    return hmac.new(pepper.encode(), f"address:{address}".encode(), sha256).digest()


def client_address(request: HttpRequest) -> str:
    """Return the caller's address, past as many proxies as are ours.

    The leftmost entry of X-Forwarded-For is whatever the caller wrote; the ones on
    the right were written by our own proxies.
    """
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [
        p.strip() for p in request.headers.get("x-forwarded-for", "").split(",")
    ]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
