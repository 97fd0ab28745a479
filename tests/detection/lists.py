"""Lists and keys for tests to load."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    generate_private_key,
)
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPSignatureKeyResolver,
    algorithms,
)

from detection.engine.requests.addresses import read_range
from detection.identity import HeldKey, SignedRequest, public_jwk, public_key
from detection.models import NetworkList
from detection.selectors.agents import held_keys
from detection.selectors.networks import address_book
from detection.services.agents import read_directory, store_keys
from detection.services.networks import store_list

AGENT: Final = "agent.example"
PRIVATE: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER: Final = Ed25519PrivateKey.from_private_bytes(bytes(32))


def load(address_class: str, *lines: str, source: str = "a test") -> NetworkList:
    """Store a list, in force at once.

    192.0.2.0/24 and 2001:db8::/32 are nobody's: they are for documentation.
    """
    ranges = [found for line in lines if (found := read_range(line))]
    made = store_list(
        address_class=address_class, source=source, licence="none", ranges=ranges
    )
    address_book.forget()
    return made


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk_of(key: Ed25519PrivateKey | RSAPrivateKey) -> dict[str, Any]:
    """Return the public half of a key as directories publish it."""
    if isinstance(key, RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        parts = {"n": numbers.n, "e": numbers.e}
        return {"kty": "RSA"} | {
            name: _text(number.to_bytes((number.bit_length() + 7) // 8))
            for name, number in parts.items()
        }
    point = key.public_key().public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": _text(point)}


def directory(*keys: Ed25519PrivateKey | RSAPrivateKey, **more: Any) -> str:
    """Return a key directory."""
    return json.dumps({"keys": [{**jwk_of(key), **more} for key in keys]})


def load_keys(*keys: Ed25519PrivateKey, agent: str = AGENT) -> None:
    """Store an agent's keys, in force at once."""
    store_keys(keys=read_directory(agent=agent, text=directory(*keys)).usable)
    held_keys.forget()


def held(
    *keys: Ed25519PrivateKey | RSAPrivateKey, agent: str = AGENT, **times: Any
) -> Mapping[str, HeldKey]:
    """Return keys as a process holds them."""
    found = {}
    for key in keys:
        jwk = public_jwk(jwk_of(key))
        found[jwk.thumbprint] = HeldKey(agent, public_key(jwk.members), **times)
    return found


def rsa_key(bits: int = 2_048) -> RSAPrivateKey:
    """Make a key; it takes a tenth of a second."""
    return generate_private_key(65_537, bits)


class _Own(HTTPSignatureKeyResolver):
    """Hands out one private key under any name."""

    def __init__(self, key: Ed25519PrivateKey | RSAPrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Any:
        """Return the key."""
        return self._key


def signed(
    request: SignedRequest,
    key: Ed25519PrivateKey | RSAPrivateKey = PRIVATE,
    *,
    agent: str | None = AGENT,
    keyid: str = "",
    tag: str = "web-bot-auth",
    created: datetime | None = None,
    covered: tuple[str, ...] = ("@authority", "signature-agent"),
) -> SignedRequest:
    """Return a request with an agent's signature, for five minutes."""
    headers = dict(request.headers)
    if agent:
        headers["Signature-Agent"] = f'"https://{agent}"'
    changed = SignedRequest(request.method, request.url, headers)
    is_rsa = isinstance(key, RSAPrivateKey)
    kind = algorithms.RSA_PSS_SHA512 if is_rsa else algorithms.ED25519
    created = created or datetime.now(tz=UTC)  # noqa: TID251 - as agents do
    HTTPMessageSigner(signature_algorithm=kind, key_resolver=_Own(key)).sign(
        changed,
        key_id=keyid or public_jwk(jwk_of(key)).thumbprint,
        created=created,
        expires=created + timedelta(minutes=5),
        tag=tag,
        covered_component_ids=covered if agent else ("@authority",),
    )
    return changed


def fingerprint(members: Mapping[str, str]) -> str:
    """Return the fingerprint of RFC 7638, made in another way than the product's."""
    text = ",".join(f'"{name}":"{members[name]}"' for name in sorted(members))
    return _text(hashlib.sha256(f"{{{text}}}".encode()).digest())
