"""Questions about the requests: who sends them, and whether that fits the page."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..requests.platforms import PHONES, may_be_one, normal_platform
from ..state import SessionFeatures
from ..types import Family, Reading

HEADLESS_AGENT: Final = "network.headless_agent"
LIBRARY_AGENT: Final = "network.library_agent"
NO_LANGUAGE: Final = "network.no_language"
PLATFORM_MISMATCH: Final = "network.platform_mismatch"

# Nobody types "HeadlessChrome" into a header; a person's browser has a window (D6).
HEADLESS_AGENT_WEIGHT: Final = 4.5
# A program sends the page's requests (research N5).
LIBRARY_AGENT_WEIGHT: Final = 4.0
# Every browser sends it; some privacy proxies take it out (N5).
NO_LANGUAGE_WEIGHT: Final = 1.2
# Headers and page disagree about the system (N5, D11).
PLATFORM_MISMATCH_WEIGHT: Final = 2.0


def headless_agent(features: SessionFeatures) -> Reading:
    """Fire when the requests come from a browser without a window."""
    network = features.totals.network
    if network.requests == 0:
        return unknown(HEADLESS_AGENT)
    if network.headless:
        return fired(HEADLESS_AGENT, HEADLESS_AGENT_WEIGHT, requests=network.headless)
    return clear(HEADLESS_AGENT)


def library_agent(features: SessionFeatures) -> Reading:
    """Fire when the requests come from a program, not from a browser."""
    network = features.totals.network
    if network.requests == 0:
        return unknown(LIBRARY_AGENT)
    if network.libraries:
        names = ", ".join(network.libraries)
        return fired(LIBRARY_AGENT, LIBRARY_AGENT_WEIGHT, names=names)
    return clear(LIBRARY_AGENT)


def no_language(features: SessionFeatures) -> Reading:
    """Fire when no request asks for a language."""
    network = features.totals.network
    if network.requests == 0:
        return unknown(NO_LANGUAGE)
    if network.no_accept_language == network.requests:
        requests = network.requests
        return fired(NO_LANGUAGE, NO_LANGUAGE_WEIGHT, requests=requests)
    return clear(NO_LANGUAGE)


def platform_mismatch(features: SessionFeatures) -> Reading:
    """Fire when the headers name another system than the page does."""
    network, device = features.totals.network, features.totals.device
    said = set(network.hinted_platforms or network.agent_platforms)
    found = {name for name in map(normal_platform, device.platforms) if name}
    if not said or not found:
        return unknown(PLATFORM_MISMATCH)
    if any(may_be_one(one, other) for one in said for other in found):
        return clear(PLATFORM_MISMATCH)
    if _resists_fingerprints(features) or _is_phone(features, found):
        return clear(PLATFORM_MISMATCH)
    return fired(
        PLATFORM_MISMATCH,
        PLATFORM_MISMATCH_WEIGHT,
        headers=", ".join(sorted(said)),
        page=", ".join(sorted(found)),
    )


def _resists_fingerprints(features: SessionFeatures) -> bool:
    """Say whether Firefox hides the system, as Tor Browser always does.

    Its headers say Windows on every desktop, while pages learn the system that it is.
    """
    network = features.totals.network
    return network.browsers == ["firefox"] and network.agent_platforms == ["windows"]


def _is_phone(features: SessionFeatures, found: set[str]) -> bool:
    """Say whether a phone asks for the desktop's page under any desktop's name."""
    device = features.totals.device
    return found <= PHONES and bool(device.most_touch_points and device.coarse_pointer)


DETECTORS: Final = (
    Detector(HEADLESS_AGENT, 1001, Family.NETWORK, headless_agent, dispositive=True),
    Detector(LIBRARY_AGENT, 1002, Family.NETWORK, library_agent),
    Detector(NO_LANGUAGE, 1004, Family.NETWORK, no_language),
    Detector(PLATFORM_MISMATCH, 1005, Family.NETWORK, platform_mismatch),
)
