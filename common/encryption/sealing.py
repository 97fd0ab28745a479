"""How one value is written: sealed, and bound to the place where it stands."""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag

from .keys import Keyring, cipher

VERSION: Final = "v1"
NONCE_BYTES: Final = 12
# `v1.<key id>.<nonce and ciphertext>`
_PARTS: Final = 3


class SealError(Exception):
    """A value does not open: it was changed, moved, or was never sealed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a copy of it anywhere else does not open."""

    table: str
    column: str
    row: tuple[str, ...]
    organization: str

    @property
    def bound(self) -> bytes:
        """Return it as the cipher's associated data."""
        parts = [self.table, self.column, *self.row, self.organization]
        return json.dumps(parts).encode()


def seal(plain: bytes, place: Place, ring: Keyring) -> str:
    """Return a value sealed with the key that writes."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    key = ring.key(ring.writing)
    sealed = cipher(key, place.organization).encrypt(nonce, plain, place.bound)
    text = base64.urlsafe_b64encode(nonce + sealed).decode()
    return f"{VERSION}.{ring.writing}.{text}"


def unseal(text: str, place: Place, ring: Keyring) -> bytes:
    """Return what was sealed.

    Raises
    ------
    MissingKeyError
        The key that it names is not there.
    SealError
        It was changed, is of another place or key, or was never sealed.
    """
    parts = text.split(".")
    if len(parts) != _PARTS or parts[0] != VERSION:
        raise _broken(place)
    key = ring.key(parts[1])
    try:
        raw = base64.urlsafe_b64decode(parts[2])
        nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        plain = cipher(key, place.organization).decrypt(nonce, sealed, place.bound)
    except (InvalidTag, ValueError):
        raise _broken(place) from None
    # Decoders take letters that say nothing; what we wrote has none.
    if base64.urlsafe_b64encode(raw).decode() != parts[2]:
        raise _broken(place)
    return plain


def key_id_of(text: str) -> str:
    """Return which key a sealed value names; nothing if it is none."""
    parts = text.split(".")
    return parts[1] if len(parts) == _PARTS and parts[0] == VERSION else ""


def _broken(place: Place) -> SealError:
    message = (
        f"A value of {place.table}.{place.column} does not open: it was changed, was"
        " moved from another row, or its key is another one of the same id."
    )
    return SealError(message)
