"""What the requests say, over a session."""

from typing import Final

from msgspec import Struct, field

from ..events import Network
from ..headers import RequestFacts
from .labels import with_labels

# A client has one User-Agent; a fifth one is an attempt to make the state grow.
MOST_HASHES: Final = 4
MOST_SENDERS: Final = 6

# Where an address stands that no list holds.
UNLISTED: Final = "unlisted"


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
    agent_hashes: list[int] = field(default_factory=list)
    # Requests of a browser that sends fetch metadata along this way, and those without.
    metadata_owed: int = 0
    metadata_missing: int = 0
    hinted: int = 0
    hints_owed: int = 0
    hints_missing: int = 0
    contradicting: int = 0
    hint_conflicts: list[str] = field(default_factory=list)
    broken_language: int = 0
    judged_language: int = 0
    asked_languages: list[str] = field(default_factory=list)
    # Requests of browsers that ask for fewer languages than their person speaks.
    reduced_languages: int = 0
    # How often each pair of browser and system sent a request: "chrome windows".
    senders: dict[str, int] = field(default_factory=dict)
    signers: list[str] = field(default_factory=list)
    identities: list[str] = field(default_factory=list)
    # Requests by the class of their address, and the classes that were looked for.
    address_classes: dict[str, int] = field(default_factory=dict)
    address_lists: list[str] = field(default_factory=list)


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
    _count_coherence(totals, facts)
    _count_language(totals, facts)
    _count_sender(totals, facts)
    _count_address(totals, facts)


def _count_coherence(totals: NetworkTotals, facts: RequestFacts) -> None:
    """Count headers that this browser sends, and those that contradict one another."""
    totals.metadata_owed += facts.owes_fetch_metadata
    totals.metadata_missing += (
        facts.owes_fetch_metadata and not facts.has_fetch_metadata
    )
    totals.hinted += facts.has_hints and facts.browser_family is not None
    totals.hints_owed += facts.owes_hints
    totals.hints_missing += facts.owes_hints and not facts.has_hints
    totals.contradicting += bool(facts.hint_conflicts)
    totals.hint_conflicts = with_labels(totals.hint_conflicts, facts.hint_conflicts)


def _count_language(totals: NetworkTotals, facts: RequestFacts) -> None:
    """Count what was asked for, and whether a browser could have written it."""
    totals.judged_language += facts.language_is_valid is not None
    totals.broken_language += facts.language_is_valid is False
    totals.asked_languages = with_labels(totals.asked_languages, facts.languages)
    totals.reduced_languages += facts.reduces_languages


def _count_sender(totals: NetworkTotals, facts: RequestFacts) -> None:
    """Count who sent it."""
    known = totals.agent_hashes
    if facts.agent_hash is not None and facts.agent_hash not in known:
        totals.agent_hashes = sorted([*known, facts.agent_hash])[:MOST_HASHES]
    if facts.browser_family and facts.user_agent_platform:
        sender = f"{facts.browser_family} {facts.user_agent_platform}"
        if sender in totals.senders or len(totals.senders) < MOST_SENDERS:
            totals.senders[sender] = totals.senders.get(sender, 0) + 1
    totals.signers = _with(totals.signers, facts.signed_agent)
    totals.identities = _with(totals.identities, facts.agent_identity)


def _count_address(totals: NetworkTotals, facts: RequestFacts) -> None:
    """Count the class of the address; the address itself never comes here."""
    if not facts.address_lists:
        return
    name = str(facts.address_class or UNLISTED)
    totals.address_classes[name] = totals.address_classes.get(name, 0) + 1
    # Not cut to a few as labels are: there are no more of them than classes.
    found = {*totals.address_lists, *map(str, facts.address_lists)}
    totals.address_lists = sorted(found)


def join(_totals: NetworkTotals, left: NetworkEdge, _right: NetworkEdge) -> NetworkEdge:
    """Count nothing: nothing crosses the border."""
    return left


def _with(known: list[str], word: str | None) -> list[str]:
    """Add a word, if there is one."""
    return known if word is None or word in known else with_labels(known, [word])


READERS: Final = {Network: read_network}
