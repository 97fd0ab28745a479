"""Whether an agent is the one that it says: Web Bot Auth, against keys that we hold.

Nothing is fetched. The keys are those that the operator loaded; without any, a signed
request is a declaration that nobody checked.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    VerifyResult,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from .engine.requests.agents import (
    SIGNATURE,
    SIGNATURE_AGENT,
    SIGNATURE_INPUT,
    TAG,
    AgentIdentity,
    is_signed,
    signing_host,
)

PublicKey = Ed25519PublicKey | RSAPublicKey

# The drafts know these two; whoever signs by anything else stays unchecked.
_ALGORITHMS: Final[
    Mapping[type[PublicKey], type[algorithms.HTTPSignatureAlgorithm]]
] = {
    Ed25519PublicKey: algorithms.ED25519,
    RSAPublicKey: algorithms.RSA_PSS_SHA512,
}
# RFC 7638: the members that a key's fingerprint is made of, and no other is kept.
_MEMBERS: Final = {"OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}
# With these in it a file gives away the key that signs.
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_LEAST_RSA_BITS: Final = 2_048

# A signature must be for this server, or it was made for another and copied.
_DESTINATIONS: Final = frozenset({'"@authority"', '"@target-uri"'})
# Signatures with RSA of 4,096 bits take 700 characters.
_LONGEST_FIELD: Final = 2_048


class UnusableKeyError(ValueError):
    """A JSON Web Key is broken, of a kind that is not used, or private."""


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A public key of an agent, and the time in which it is in force."""

    agent: str
    key: PublicKey
    not_before: datetime | None = None
    not_after: datetime | None = None

    def is_in_force(self, now: datetime) -> bool:
        """Say whether signatures of now may be made with it."""
        return (self.not_before is None or self.not_before <= now) and (
            self.not_after is None or now < self.not_after
        )


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as its signature covers it: method, whole address, headers."""

    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a signature, and whose key it was; None without a signature."""

    identity: AgentIdentity | None = None
    signer: str | None = None


@dataclass(frozen=True, slots=True)
class PublicJwk:
    """The public members of a JSON Web Key, and their fingerprint (RFC 7638)."""

    members: Mapping[str, str]
    thumbprint: str


def public_jwk(given: Mapping[str, Any]) -> PublicJwk:
    """Return what is kept of a JSON Web Key.

    Raises
    ------
    UnusableKeyError
        It is private, broken, or of a kind that agents do not sign with.
    """
    if _PRIVATE & given.keys():
        message = "holds a private key, which must never leave its owner"
        raise UnusableKeyError(message)
    names = _MEMBERS.get(str(given.get("kty")), ())
    members = {name: given.get(name) for name in names}
    texts = {name: text for name, text in members.items() if isinstance(text, str)}
    if not names or texts.keys() != members.keys():
        message = "is of a kind that agents do not sign with"
        raise UnusableKeyError(message)
    public_key(texts)
    canonical = json.dumps(texts, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).digest()
    thumbprint = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return PublicJwk(texts, thumbprint)


def public_key(members: Mapping[str, str]) -> PublicKey:
    """Return the key that a JSON Web Key's public members describe.

    Raises
    ------
    UnusableKeyError
        They describe none.
    """
    try:
        if members["kty"] == "RSA":
            return _rsa(_number(members["n"]), _number(members["e"]))
        if members["crv"] == "Ed25519":
            return Ed25519PublicKey.from_public_bytes(_bytes(members["x"]))
    except (ValueError, UnsupportedAlgorithm) as error:
        message = "is broken"
        raise UnusableKeyError(message) from error
    message = "is of a kind that agents do not sign with"
    raise UnusableKeyError(message)


def checked(
    request: SignedRequest, keys: Mapping[str, HeldKey], *, now: datetime
) -> Checked:
    """Return whether a request's signature is its agent's own; keys by thumbprint."""
    headers = {name.lower(): text for name, text in request.headers.items()}
    if not is_signed(headers):
        return Checked()
    fields = (SIGNATURE, SIGNATURE_INPUT, SIGNATURE_AGENT)
    if any(len(headers.get(name, "")) > _LONGEST_FIELD for name in fields):
        return Checked(AgentIdentity.SIGNED)
    usable = {name: held for name, held in keys.items() if held.is_in_force(now)}
    for kind in _ALGORITHMS:
        resolver = _Resolver(usable, kind)
        identity = _tried(request, resolver)
        if identity is not None and resolver.found is not None:
            agent = resolver.found.agent
            if signing_host(headers) not in {None, agent}:
                # The key is in order, and somebody else's.
                identity = AgentIdentity.SPOOFED
            return Checked(identity, agent)
    return Checked(AgentIdentity.SIGNED)


class _Resolver(HTTPSignatureKeyResolver):
    """Hands out keys of one kind, and remembers which it was asked for."""

    def __init__(self, keys: Mapping[str, HeldKey], kind: type[PublicKey]) -> None:
        self.kind = kind
        self.found: HeldKey | None = None
        self._keys = keys

    def resolve_public_key(self, key_id: str) -> PublicKey | None:
        """Return the key of a fingerprint; None, and the check fails, without one."""
        held = self._keys.get(key_id)
        if held is None or not isinstance(held.key, self.kind):
            return None
        self.found = held
        return held.key


class _Ageless(HTTPMessageVerifier):
    """Checks who signed, not when."""

    def validate_created_and_expires(
        self, sig_input: object, max_age: object = None
    ) -> None:
        """Accept any time."""


def _tried(request: SignedRequest, resolver: _Resolver) -> AgentIdentity | None:
    """Return what the keys of one kind say; None if they hold no such key."""
    if _verified(_Ageless, request, resolver) is None:
        return AgentIdentity.SPOOFED if resolver.found else None
    # A clock that is wrong, or a copy of what was genuine once, is nobody's forgery.
    found = _verified(HTTPMessageVerifier, request, resolver)
    is_fresh = found is not None and _is_for_us(found)
    return AgentIdentity.VERIFIED if is_fresh else AgentIdentity.SIGNED


def _verified(
    verifier: type[HTTPMessageVerifier], request: SignedRequest, resolver: _Resolver
) -> list[VerifyResult] | None:
    """Return what a verifier found to be genuine; None if anything is not."""
    try:
        return verifier(
            signature_algorithm=_ALGORITHMS[resolver.kind], key_resolver=resolver
        ).verify(request, expect_tag=TAG)
    except HTTPMessageSignaturesException:
        return None


def _is_for_us(results: list[VerifyResult]) -> bool:
    """Say whether each signature covers where the request goes."""
    return all(_DESTINATIONS & set(one.covered_components) for one in results)


def _rsa(modulus: int, exponent: int) -> RSAPublicKey:
    """Return a key that is long enough."""
    if modulus.bit_length() < _LEAST_RSA_BITS:
        message = "too short"
        raise ValueError(message)
    return RSAPublicNumbers(exponent, modulus).public_key()


def _number(text: str) -> int:
    """Read base64url as a number."""
    return int.from_bytes(_bytes(text))


def _bytes(text: str) -> bytes:
    """Read base64url without its padding.

    Raises
    ------
    ValueError
        It is something else.
    """
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
