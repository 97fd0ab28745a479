"""The text of API keys: `bf_sk_live_` + 8 shown + 32 secret + 6 of checksum.

The fixed beginning lets scanners find a leaked key, the checksum refuses a typing
error without asking the database, and 32 characters out of 62 are 190 bits.
"""

import binascii
import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass
from typing import Final

from django.conf import settings

ALPHABET: Final = string.digits + string.ascii_letters
SHOWN: Final = 8
SECRET: Final = 32
CHECKSUM: Final = 6
MARKS: Final = {"secret": "sk", "publishable": "pk"}

_PATTERN: Final = re.compile(
    rf"(bf_(?:sk|pk)_(?:live|test)_[0-9A-Za-z]{{{SHOWN}}})"
    rf"[0-9A-Za-z]{{{SECRET + CHECKSUM}}}"
)


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as its owner sees it, once, and what is kept of it."""

    text: str
    prefix: str
    digest: str


def make_key(kind: str, *, is_test: bool = False) -> KeyText:
    """Return a new key of a kind (`secret`, `publishable`)."""
    purpose = "test" if is_test else "live"
    prefix = f"bf_{MARKS[kind]}_{purpose}_{_random(SHOWN)}"
    body = prefix + _random(SECRET)
    text = body + _checksum(body)
    return KeyText(text=text, prefix=prefix, digest=digest_of(text))


def prefix_of(text: str) -> str | None:
    """Return the prefix to look a key up by; None if this was never a key."""
    match = _PATTERN.fullmatch(text)
    if match is None or _checksum(text[:-CHECKSUM]) != text[-CHECKSUM:]:
        return None
    return match[1]


def digest_of(text: str) -> str:
    """Return what is stored: useless without the server's pepper."""
    return hmac.new(
        settings.KEY_PEPPER.encode(), text.encode(), hashlib.sha256
    ).hexdigest()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _checksum(body: str) -> str:
    """Write the CRC-32 of a text in 62 digits, padded to a fixed width."""
    rest = binascii.crc32(body.encode())
    digits = ""
    for _ in range(CHECKSUM):
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
