"""What the requests say, over a session."""

from typing import Final

from msgspec import Struct, field

from ..events import Network
from ..headers import RequestFacts
from .labels import with_labels


class NetworkTotals(Struct, array_like=True):
    """Counts over the requests of a session."""

    requests: int = 0
    no_accept_language: int = 0
    no_fetch_metadata: int = 0
    # Browsers send fetch metadata since 2023 at the latest; programs do not.
    browser_requests: int = 0
    headless: int = 0
    libraries: list[str] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)
    agent_platforms: list[str] = field(default_factory=list)
    hinted_platforms: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    browsers: list[str] = field(default_factory=list)
    hinted_mobile: int = 0
    reports: int = 0


class NetworkEdge(Struct, array_like=True):
    """Nothing about the network crosses a border."""


def read_network(totals: NetworkTotals, _edge: NetworkEdge, _event: Network) -> None:
    """Count a report; its round trip is kept nowhere: 0 is common among people."""
    totals.reports += 1


def read_request(totals: NetworkTotals, facts: RequestFacts) -> None:
    """Count what one request's headers say."""
    totals.requests += 1
    totals.no_accept_language += not facts.has_accept_language
    totals.no_fetch_metadata += not facts.has_fetch_metadata
    totals.browser_requests += facts.browser_family is not None
    totals.headless += facts.headless_agent
    totals.hinted_mobile += facts.hinted_mobile is True
    totals.libraries = _with(totals.libraries, facts.library_agent)
    totals.declared = _with(totals.declared, facts.declared_agent)
    totals.agent_platforms = _with(totals.agent_platforms, facts.user_agent_platform)
    totals.hinted_platforms = _with(totals.hinted_platforms, facts.hinted_platform)
    totals.languages = _with(totals.languages, facts.accept_language)
    totals.browsers = _with(totals.browsers, facts.browser_family)


def join(_totals: NetworkTotals, left: NetworkEdge, _right: NetworkEdge) -> NetworkEdge:
    """Count nothing: nothing crosses the border."""
    return left


def _with(known: list[str], word: str | None) -> list[str]:
    """Add a word, if there is one."""
    return known if word is None or word in known else with_labels(known, [word])


READERS: Final = {Network: read_network}
