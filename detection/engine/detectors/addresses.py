"""Questions about the class of the address; the address itself is not known here.

Nobody is a bot for where the packets come from: travellers, companies, students and
careful people use all of these. The weights only add to what something else showed.
"""

from typing import Final

from ..features.network import UNLISTED
from ..readings import Detector, clear, fired, unknown
from ..requests.addresses import AddressClass
from ..requests.platforms import normal_platform
from ..state import SessionFeatures
from ..types import Family, Reading

DATACENTER: Final = "network.datacenter"
TOR: Final = "network.tor"
VPN: Final = "network.vpn"
PROXY: Final = "network.proxy"
ADDRESS_CHANGED: Final = "network.address_changed"
HOSTED_AGENT: Final = "network.hosted_agent"

# Bots live there, and so do company desktops and unlisted VPNs (research N1).
DATACENTER_WEIGHT: Final = 0.6
# A choice for privacy; panels exclude it by a rule of their own (N2).
TOR_WEIGHT: Final = 0.5
# Told, not weighed: respondents fear to be banned for it (research D; N1).
VPN_WEIGHT: Final = 0.0
# Open proxies are shared by scripts; lists of them are often out of date (N2).
PROXY_WEIGHT: Final = 0.8
# The page was opened at a home and is worked on in a data centre (N7: never by the
# address, since phones change theirs all the time).
ADDRESS_CHANGED_WEIGHT: Final = 0.6
# The signs of an agent's rented browser (D22). A person's desktop in a data centre has
# them too, so all four must be there, and they add little to what each weighs alone.
HOSTED_AGENT_WEIGHT: Final = 0.8

# So many requests on either side of a change.
MIN_SIDE: Final = 2

# Ordinary ways into the net. A VPN or Tor that is switched on in between is not asked
# about: people do that, and lists of their exits are never complete.
_AT_HOME: Final = (UNLISTED, AddressClass.MOBILE, AddressClass.EDUCATION)


def datacenter(features: SessionFeatures) -> Reading:
    """Fire when requests come from a data centre, and from no relay, VPN or Tor."""
    return _of_class(features, DATACENTER, AddressClass.DATACENTER, DATACENTER_WEIGHT)


def tor(features: SessionFeatures) -> Reading:
    """Fire when requests come out of the Tor network."""
    return _of_class(features, TOR, AddressClass.TOR, TOR_WEIGHT)


def vpn(features: SessionFeatures) -> Reading:
    """Note that requests come through a VPN; it weighs nothing."""
    return _of_class(features, VPN, AddressClass.VPN, VPN_WEIGHT)


def proxy(features: SessionFeatures) -> Reading:
    """Fire when requests come through an open proxy."""
    return _of_class(features, PROXY, AddressClass.PROXY, PROXY_WEIGHT)


def address_changed(features: SessionFeatures) -> Reading:
    """Fire when the session moved between a home and a data centre."""
    counts = features.totals.network.address_classes
    if AddressClass.DATACENTER not in features.totals.network.address_lists:
        return unknown(ADDRESS_CHANGED)
    if sum(counts.values()) < 2 * MIN_SIDE:
        return unknown(ADDRESS_CHANGED)
    rented = counts.get(AddressClass.DATACENTER, 0)
    at_home = sum(counts.get(name, 0) for name in _AT_HOME)
    if min(rented, at_home) < MIN_SIDE:
        return clear(ADDRESS_CHANGED)
    classes = ", ".join(sorted(counts))
    return fired(ADDRESS_CHANGED, ADDRESS_CHANGED_WEIGHT, classes=classes)


def hosted_agent(features: SessionFeatures) -> Reading:
    """Fire when all signs of a rented browser come together."""
    network, device = features.totals.network, features.totals.device
    if AddressClass.DATACENTER not in network.address_lists:
        return unknown(HOSTED_AGENT)
    if not (device.platforms and device.renderer_known and device.size_known):
        return unknown(HOSTED_AGENT)
    requests = network.address_classes.get(AddressClass.DATACENTER, 0)
    signs = (
        requests > 0,
        device.software_renderer > 0,
        device.default_size == device.size_known,
        {normal_platform(name) for name in device.platforms} == {"linux"},
    )
    if not all(signs):
        return clear(HOSTED_AGENT)
    return fired(HOSTED_AGENT, HOSTED_AGENT_WEIGHT, requests=requests)


def _of_class(
    features: SessionFeatures, code: str, name: AddressClass, weight: float
) -> Reading:
    """Fire when an address was of a class; unknown while no such list is loaded."""
    network = features.totals.network
    if name not in network.address_lists:
        return unknown(code)
    requests = network.address_classes.get(name, 0)
    return fired(code, weight, requests=requests) if requests else clear(code)


DETECTORS: Final = (
    Detector(DATACENTER, 1013, Family.NETWORK, datacenter),
    Detector(TOR, 1014, Family.NETWORK, tor),
    Detector(VPN, 1015, Family.NETWORK, vpn),
    Detector(PROXY, 1016, Family.NETWORK, proxy),
    Detector(ADDRESS_CHANGED, 1017, Family.NETWORK, address_changed),
    Detector(HOSTED_AGENT, 1018, Family.NETWORK, hosted_agent),
)
