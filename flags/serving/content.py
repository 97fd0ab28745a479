"""One owner's definitions as bytes: the same in Redis and in a file, with their sum."""

import hashlib
import zlib
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from ..engine import Definitions

# Stands for the installation wherever an owner's id stands.
INSTALLATION: Final = UUID(int=0)
# Another release writes another number, and none reads the other's.
_FORM: Final = b"bonafide-flags-1"
_MOST: Final = 64 * 1024 * 1024


class UnusableError(ValueError):
    """Bytes that are no content, or were damaged."""


class Content(Struct, frozen=True):
    """What an owner has at a version; users are digests."""

    version: int
    definitions: Definitions


def encode(content: Content) -> bytes:
    """Return content with its sum in front."""
    packed = zlib.compress(msgspec.json.encode(content), 1)
    return b" ".join([_FORM, hashlib.sha256(packed).hexdigest().encode(), packed])


def decode(data: bytes) -> Content:
    """Return the content of bytes.

    Raises
    ------
    UnusableError
        They were written by another release, cut off or changed.
    """
    form, _space, rest = data.partition(b" ")
    summed, _space, packed = rest.partition(b" ")
    if form != _FORM or hashlib.sha256(packed).hexdigest().encode() != summed:
        message = "The sum is another."
        raise UnusableError(message)
    try:
        plain = zlib.decompressobj().decompress(packed, _MOST)
        return msgspec.json.decode(plain, type=Content)
    except (zlib.error, msgspec.DecodeError) as error:
        message = f"It cannot be read: {type(error).__name__}."
        raise UnusableError(message) from error
