"""Which addresses a webhook may be sent to: public ones.

From IANA's special-purpose registries (RFC 6890 and what was added since). Python's own
`is_global` changed its mind within 3.11, so the list stands here.
"""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

RESERVED: Final[tuple[IPv4Network, ...]] = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # "this network": reaches the machine itself on Linux
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; a cloud's metadata at 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own, for machines inside of it
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays of 6to4, given up by RFC 7526
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",  # the broadcast address as well
    )
)
# Everything that is public in IPv6 lies in here …
PUBLIC_V6: Final = IPv6Network("2000::/3")
# … but for these.
RESERVED_V6: Final[tuple[IPv6Network, ...]] = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocols; Teredo, which holds an IPv4 address, among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 holds an IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
# What an IPv6-only network makes of an IPv4 address (RFC 6052): as good as that one.
NAT64: Final = IPv6Network("64:ff9b::/96")
_V4_BITS: Final = 0xFFFF_FFFF


def is_allowed(text: str, own: Sequence[str] = ()) -> bool:
    """Say whether an address may be connected to.

    `own` are networks that the installation's operator lets webhooks into.

    Examples
    --------
    >>> is_allowed("93.184.216.34"), is_allowed("169.254.169.254")
    (True, False)
    >>> is_allowed("10.1.2.3", own=["10.1.0.0/16"])
    True
    """
    # With a zone it is meant for one interface of this machine.
    if "%" in text:
        return False
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if any(_is_in(address, ip_network(each)) for each in own):
        return True
    return _is_public(address)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in each for each in RESERVED)
    if address in NAT64:
        return _is_public(IPv4Address(int(address) & _V4_BITS))
    return address in PUBLIC_V6 and not any(address in each for each in RESERVED_V6)


def _is_in(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network
