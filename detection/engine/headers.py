"""What a request says about who sent it: its headers, and the way that it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .requests.addresses import AddressClass
from .requests.agents import (
    SIGNATURE,
    SIGNATURE_AGENT,
    SIGNATURE_INPUT,
    AgentIdentity,
    is_signed,
    signing_host,
)
from .requests.hints import contradictions, read_hints
from .requests.languages import read_languages
from .requests.platforms import normal_platform
from .requests.user_agents import LONGEST_HEADER, read_user_agent

__all__ = [
    "LONGEST_HEADER",
    "Arrival",
    "RequestFacts",
    "normal_platform",
    "request_facts",
]

_FETCH_METADATA: Final = ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")

_READ: Final = (
    "user-agent",
    "accept-language",
    "sec-ch-ua",
    "sec-ch-ua-platform",
    "sec-ch-ua-mobile",
    *_FETCH_METADATA,
    SIGNATURE,
    SIGNATURE_INPUT,
    SIGNATURE_AGENT,
)
# Browsers at once whose headers a process remembers, of a few hundred bytes each.
KEPT: Final = 1_024


@dataclass(frozen=True, slots=True)
class Arrival:
    """The way a request came, which its headers do not tell.

    `is_trustworthy` is TLS or this machine itself: only there do browsers send all of
    their headers. `address_class` is None where no list holds the address, `lists`
    the classes that were looked for: empty when the address is not known. `identity`
    is what became of checking a signature, and `signer` whose key it was.
    """

    is_https: bool = False
    is_trustworthy: bool = False
    address_class: AddressClass | None = None
    lists: frozenset[AddressClass] = frozenset()
    identity: AgentIdentity | None = None
    signer: str | None = None


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a server saw in one request; None is "not said".

    `owes_…` say that this browser sends such headers along this way, so that their
    absence means something. No address is kept, only its class.
    """

    user_agent_platform: str | None = None
    hinted_platform: str | None = None
    hinted_mobile: bool | None = None
    accept_language: str | None = None
    has_accept_language: bool = False
    has_fetch_metadata: bool = False
    headless_agent: bool = False
    library_agent: str | None = None
    declared_agent: str | None = None
    browser_family: str | None = None
    agent_hash: int | None = None
    owes_fetch_metadata: bool = False
    has_hints: bool = False
    owes_hints: bool = False
    hint_conflicts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    language_is_valid: bool | None = None
    reduces_languages: bool = False
    signed_agent: str | None = None
    agent_identity: AgentIdentity | None = None
    address_class: AddressClass | None = None
    address_lists: frozenset[AddressClass] = frozenset()


def request_facts(
    headers: Mapping[str, str], arrival: Arrival | None = None
) -> RequestFacts:
    """Read a request's headers; names may be in any case.

    Without `arrival` nothing is known of the way, and no header is missed.

    Examples
    --------
    >>> request_facts({"User-Agent": "curl/8.5.0"}).library_agent
    'curl'
    """
    names = {name.lower(): text for name, text in headers.items()}
    read = tuple((name, names[name]) for name in _READ if name in names)
    return _facts(read, arrival or Arrival())


@lru_cache(maxsize=KEPT)
def _facts(headers: tuple[tuple[str, str], ...], way: Arrival) -> RequestFacts:
    """Read the headers that matter; a browser sends the same with every batch."""
    names = dict(headers)
    known = {name: text[:LONGEST_HEADER] for name, text in names.items()}
    agent = read_user_agent(names.get("user-agent", ""))
    hints = read_hints(known)
    languages = read_languages(known.get("accept-language", ""))
    return RequestFacts(
        user_agent_platform=agent.platform,
        hinted_platform=hints.platform,
        hinted_mobile=hints.is_mobile,
        accept_language=languages.first,
        has_accept_language=bool(known.get("accept-language", "").strip()),
        has_fetch_metadata=any(name in known for name in _FETCH_METADATA),
        headless_agent=agent.is_headless or hints.is_headless,
        library_agent=agent.library,
        declared_agent=agent.declared,
        browser_family=agent.family,
        agent_hash=agent.hash32,
        owes_fetch_metadata=way.is_trustworthy and agent.sends_fetch_metadata,
        has_hints="sec-ch-ua" in known,
        owes_hints=way.is_https and agent.sends_client_hints,
        hint_conflicts=contradictions(hints, agent),
        languages=languages.primaries,
        language_is_valid=languages.is_valid,
        reduces_languages=hints.reduces_languages,
        signed_agent=way.signer or signing_host(known),
        agent_identity=way.identity or _unchecked(known),
        address_class=way.address_class,
        address_lists=way.lists,
    )


def _unchecked(headers: Mapping[str, str]) -> AgentIdentity | None:
    """Return what is known of a signature that nobody checked."""
    return AgentIdentity.SIGNED if is_signed(headers) else None
