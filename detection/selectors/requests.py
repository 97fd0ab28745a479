"""What is known of a request: its headers, its way, and the lists it stands in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from ..engine import Arrival, RequestFacts, request_facts
from ..engine.requests.addresses import read_address
from ..engine.requests.agents import SIGNATURE, is_signed
from ..identity import Checked, SignedRequest, checked
from .agents import held_keys
from .networks import address_book


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request of a respondent's browser, as the server got it.

    `host` has no port; `url` makes the absolute address, which only signatures need;
    `address` is the client's, past the proxies that are ours.
    """

    method: str
    is_https: bool
    host: str
    url: Callable[[], str]
    headers: Mapping[str, str]
    address: str


def facts_of(request: SeenRequest) -> RequestFacts:
    """Return what a request says; of its address, the class alone."""
    address = read_address(request.address)
    book = address_book()
    identity = _identity_of(request)
    arrival = Arrival(
        is_https=request.is_https,
        is_trustworthy=request.is_https or _is_this_machine(request.host),
        address_class=book.class_of(address) if address else None,
        lists=book.lists if address else frozenset(),
        identity=identity.identity,
        signer=identity.signer,
    )
    return request_facts(request.headers, arrival)


def _is_this_machine(host: str) -> bool:
    """Say whether browsers trust a host without TLS (W3C, Secure Contexts, 3.1)."""
    is_name = host == "localhost" or host.endswith(".localhost")
    return is_name or host.startswith("127.") or host == "::1"


def _identity_of(request: SeenRequest) -> Checked:
    """Check a signature, if there is one: hardly any request has."""
    if SIGNATURE not in request.headers:
        return Checked()
    if not is_signed({name.lower(): text for name, text in request.headers.items()}):
        return Checked()
    signed = SignedRequest(request.method, request.url(), request.headers)
    return checked(signed, held_keys(), now=timezone.now())
