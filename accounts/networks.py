"""Networks that a key may be used from, and whether an address lies in one."""

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def network_of(text: str) -> str:
    """Return a network as it is kept: `10.1.2.3/8` is `10.0.0.0/8`.

    Raises
    ------
    ValueError
        The text is neither an address nor a network.

    Examples
    --------
    >>> network_of("203.0.113.7"), network_of("2001:DB8::/32")
    ('203.0.113.7/32', '2001:db8::/32')
    """
    return str(ipaddress.ip_network(text.strip(), strict=False))


def is_within(address: str, networks: Sequence[str]) -> bool:
    """Say whether an address lies in one of these; what is no address never does.

    Examples
    --------
    >>> is_within("::ffff:10.0.0.1", ["10.0.0.0/8"])
    True
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        # A proxy that writes ports, a socket without an address.
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in ipaddress.ip_network(one) for one in networks)
