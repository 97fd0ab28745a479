"""Questions about headers that belong together: a browser sends all of them alike.

None of these proves anything: a proxy, an extension or a strict setting can take away
or change any header of a person's. So each weighs little, and the network alone never
makes a session suspicious (`verdict.MOST_NETWORK_ALONE`).
"""

from collections.abc import Mapping
from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..requests.languages import primary_language
from ..requests.platforms import PHONES, may_be_one
from ..state import SessionFeatures
from ..types import Family, Reading

NO_FETCH_METADATA: Final = "network.no_fetch_metadata"
HINTS_MISMATCH: Final = "network.hints_mismatch"
NO_HINTS: Final = "network.no_hints"
INVALID_LANGUAGE: Final = "network.invalid_language"
LANGUAGE_MISMATCH: Final = "network.language_mismatch"
HEADERS_CHANGED: Final = "network.headers_changed"
AGENT_MISMATCH: Final = "network.agent_mismatch"

# One request may be a preload or a retry of something in between.
MIN_REQUESTS: Final = 2
# A change needs a before and an after, and one of them twice.
MIN_REQUESTS_OF_A_CHANGE: Final = 3

# Pages and extensions cannot leave these out, proxies that inspect TLS can (N5).
NO_FETCH_METADATA_WEIGHT: Final = 1.2
# A User-Agent that was exchanged without its hints: by a driver's option, but also by
# the switchers that people install for pages which know one browser only (N5).
HINTS_MISMATCH_WEIGHT: Final = 1.4
# A library under a browser's name, or Firefox under Chrome's, by a person's hand (N5).
NO_HINTS_WEIGHT: Final = 1.0
# Written by hand, not by a browser (N5: invalid q-values).
INVALID_LANGUAGE_WEIGHT: Final = 1.0
# Drivers set one of the two; so do extensions (D12: medium, extensions).
LANGUAGE_MISMATCH_WEIGHT: Final = 0.8
# Two programs share a session; or an extension draws a new User-Agent (N5: compare
# the ingest request and the page's).
HEADERS_CHANGED_WEIGHT: Final = 1.2

# The page names another browser than the header, letter for letter: a driver's script
# changed one of the two; so do switchers that people install (N5, D11).
AGENT_MISMATCH_WEIGHT: Final = 1.2

# What privacy settings and proxies ask for in everyone's name.
_ANONYMOUS: Final = frozenset({"en"})


def no_fetch_metadata(features: SessionFeatures) -> Reading:
    """Fire when a browser that names the purpose of each request never does."""
    network = features.totals.network
    if network.metadata_owed < MIN_REQUESTS:
        return unknown(NO_FETCH_METADATA)
    if network.metadata_missing < network.metadata_owed:
        return clear(NO_FETCH_METADATA)
    return fired(
        NO_FETCH_METADATA, NO_FETCH_METADATA_WEIGHT, requests=network.metadata_missing
    )


def hints_mismatch(features: SessionFeatures) -> Reading:
    """Fire when the client hints name another browser than the User-Agent."""
    network = features.totals.network
    if network.hinted < MIN_REQUESTS:
        return unknown(HINTS_MISMATCH)
    if network.contradicting < MIN_REQUESTS:
        return clear(HINTS_MISMATCH)
    return fired(
        HINTS_MISMATCH,
        HINTS_MISMATCH_WEIGHT,
        requests=network.contradicting,
        points=", ".join(network.hint_conflicts),
    )


def no_hints(features: SessionFeatures) -> Reading:
    """Fire when a browser that sends client hints over TLS never does."""
    network = features.totals.network
    if network.hints_owed < MIN_REQUESTS:
        return unknown(NO_HINTS)
    if network.hints_missing < network.hints_owed:
        return clear(NO_HINTS)
    return fired(NO_HINTS, NO_HINTS_WEIGHT, requests=network.hints_missing)


def invalid_language(features: SessionFeatures) -> Reading:
    """Fire when languages are asked for in a way that no browser writes."""
    network = features.totals.network
    if network.judged_language < MIN_REQUESTS:
        return unknown(INVALID_LANGUAGE)
    if network.broken_language < network.judged_language:
        return clear(INVALID_LANGUAGE)
    return fired(
        INVALID_LANGUAGE, INVALID_LANGUAGE_WEIGHT, requests=network.broken_language
    )


def language_mismatch(features: SessionFeatures) -> Reading:
    """Fire when the requests ask for none of the languages that the page is told."""
    network, device = features.totals.network, features.totals.device
    asked = set(network.asked_languages)
    told = {name for name in map(primary_language, device.languages) if name}
    if not asked or not told or network.requests < MIN_REQUESTS:
        return unknown(LANGUAGE_MISMATCH)
    if network.reduced_languages:
        # Brave and DuckDuckGo cut the one and not always the other.
        return unknown(LANGUAGE_MISMATCH)
    if asked & told or asked == _ANONYMOUS:
        return clear(LANGUAGE_MISMATCH)
    return fired(
        LANGUAGE_MISMATCH,
        LANGUAGE_MISMATCH_WEIGHT,
        requested_languages=", ".join(sorted(asked)),
        page_languages=", ".join(sorted(told)),
    )


def headers_changed(features: SessionFeatures) -> Reading:
    """Fire when another browser goes on with the session."""
    senders = features.totals.network.senders
    if sum(senders.values()) < MIN_REQUESTS_OF_A_CHANGE:
        return unknown(HEADERS_CHANGED)
    if len(senders) == 1 or _asked_for_the_desktop(senders):
        return clear(HEADERS_CHANGED)
    names = ", ".join(sorted(senders))
    return fired(HEADERS_CHANGED, HEADERS_CHANGED_WEIGHT, names=names)


def _asked_for_the_desktop(senders: Mapping[str, int]) -> bool:
    """Say whether a phone may have asked for the desktop's page in between.

    It then names another system, and on iOS another browser as well.
    """
    pairs = [name.split(" ") for name in senders]
    systems = {system for _family, system in pairs}
    families = {family for family, _system in pairs}
    if _is_one_machine(systems):
        return bool(systems & PHONES) or len(families) == 1
    return bool(systems & PHONES) and len(families) == 1


def _is_one_machine(systems: set[str]) -> bool:
    """Say whether one machine may have named all of these systems, and did change."""
    return len(systems) > 1 and all(
        may_be_one(one, other) for one in systems for other in systems
    )


def agent_mismatch(features: SessionFeatures) -> Reading:
    """Fire when no header names the browser as the page does.

    Firefox is not asked: Tor Browser's headers say Windows, its pages do not.
    """
    page = features.totals.probes.agent_hashes
    network = features.totals.network
    headers = network.agent_hashes
    if not page or not headers or "firefox" in network.browsers:
        return unknown(AGENT_MISMATCH)
    if set(page).isdisjoint(headers):
        return fired(AGENT_MISMATCH, AGENT_MISMATCH_WEIGHT)
    return clear(AGENT_MISMATCH)


DETECTORS: Final = (
    Detector(NO_FETCH_METADATA, 1006, Family.NETWORK, no_fetch_metadata),
    Detector(HINTS_MISMATCH, 1007, Family.NETWORK, hints_mismatch),
    Detector(NO_HINTS, 1008, Family.NETWORK, no_hints),
    Detector(INVALID_LANGUAGE, 1009, Family.NETWORK, invalid_language),
    Detector(LANGUAGE_MISMATCH, 1010, Family.NETWORK, language_mismatch),
    Detector(HEADERS_CHANGED, 1011, Family.NETWORK, headers_changed),
    Detector(AGENT_MISMATCH, 1019, Family.NETWORK, agent_mismatch),
)
