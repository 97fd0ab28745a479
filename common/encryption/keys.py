"""The installation's keys for fields: one that writes, and all that still read."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# AES-256.
KEY_BYTES: Final = 32
# It stands in each value, so it is short; without a dot, which ends it.
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")
_BETWEEN: Final = re.compile(r"[,\s]+")
# Organizations at once whose keys a process has ready.
KEPT: Final = 1_024


class MissingKeyError(Exception):
    """A value was written with a key that is not there any more."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by their ids; the first one writes."""

    keys: Mapping[str, bytes]

    @property
    def writing(self) -> str:
        """Return the id of the key that new values get."""
        return next(iter(self.keys))

    def key(self, key_id: str) -> bytes:
        """Return a key.

        Raises
        ------
        MissingKeyError
            There is none of this id.
        """
        if key_id not in self.keys:
            message = f"FIELD_KEYS has no key {key_id}: put it back, behind the others."
            raise MissingKeyError(message)
        return self.keys[key_id]


def parse_keyring(text: str) -> Keyring:
    """Read ``id:key,id:key``, or a key a line; the first one writes.

    A key is 32 bytes in base64.

    Raises
    ------
    ImproperlyConfigured
        It cannot be read; the message says what to do, and quotes no key.
    """
    keys: dict[str, bytes] = {}
    for part in filter(None, _BETWEEN.split(text)):
        key_id, colon, encoded = part.partition(":")
        if not colon or not _ID.fullmatch(key_id):
            message = (
                "FIELD_KEYS: each key is written id:base64, the id in small letters,"
                " digits and hyphens, 16 at most. `manage.py make_field_key` makes one."
            )
            raise ImproperlyConfigured(message)
        if key_id in keys:
            message = f"FIELD_KEYS: the id {key_id} stands there twice."
            raise ImproperlyConfigured(message)
        keys[key_id] = _decoded(key_id, encoded)
    if not keys:
        message = "FIELD_KEYS is empty. `manage.py make_field_key` makes a key."
        raise ImproperlyConfigured(message)
    return Keyring(keys)


def _decoded(key_id: str, encoded: str) -> bytes:
    try:
        plain = encoded.replace("-", "+").replace("_", "/")
        key = base64.b64decode(plain, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        message = f"FIELD_KEYS: the key {key_id} is not {KEY_BYTES} bytes in base64."
        raise ImproperlyConfigured(message)
    return key


_parsed: Final = lru_cache(maxsize=8)(parse_keyring)


def keyring() -> Keyring:
    """Return the installation's keys.

    Raises
    ------
    ImproperlyConfigured
        The setting cannot be read.
    """
    return _parsed(settings.FIELD_KEYS)


def new_field_key(key_id: str = "first") -> str:
    """Return a new key as FIELD_KEYS has it."""
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def fingerprint(key: bytes) -> str:
    """Return what tells a key from another one, and does not help to find it."""
    return hashlib.sha256(b"bonafide.field-key\0" + key).hexdigest()[:16]


def derive(key: bytes, purpose: str) -> bytes:
    """Return a key of its own for a purpose, from which no other can be computed.

    References
    ----------
    RFC 5869 (HKDF).
    """
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


@lru_cache(maxsize=KEPT)
def cipher(key: bytes, organization: str) -> AESGCM:
    """Return an organization's cipher.

    Each has a key of its own, so that no key ever writes more values than AES-GCM
    bears with nonces by chance (2^32, NIST SP 800-38D, 8.3).
    """
    return AESGCM(derive(key, f"field:{organization}"))
