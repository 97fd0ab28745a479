"""Which addresses may be connected to."""

import pytest

from integrations.engine.addresses import is_allowed


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - read, not bound
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:53aa:64c:0:5efe:7f00:1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:5db8:d822::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%1",
        "fec0::1",
        "ff02::1",
        "",
        "survey.example",
        "2130706433",
    ],
)
def test_nothing_inside_is_reached(address: str) -> None:
    """Nor what embeds it, nor what is no address."""
    assert not is_allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "64:ff9b::5db8:d822",
    ],
)
def test_what_is_public_is_reached(address: str) -> None:
    """Beside each of the borders."""
    assert is_allowed(address)


def test_operators_own_networks_are_reached() -> None:
    """And nothing beside them."""
    own = ["10.1.0.0/16", "fd12::/16"]
    assert is_allowed("10.1.255.1", own)
    assert is_allowed("fd12::1", own)
    assert not is_allowed("10.2.0.1", own)
    assert not is_allowed("::ffff:10.1.0.1", own)
