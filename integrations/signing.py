"""Secrets of endpoints, and signatures: Standard Webhooks 1.0.0."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
# The specification asks for 24 to 64; as long as the digest is enough.
SECRET_BYTES: Final = 32


def make_secret() -> str:
    """Return a new secret as its owner gets to see it."""
    raw = secrets.token_bytes(SECRET_BYTES)
    return PREFIX + base64.b64encode(raw).decode()


def signed_headers(
    *, message_id: str, moment: datetime, body: bytes, keys: Iterable[str]
) -> dict[str, str]:
    """Return the three headers; one signature for each secret that is in force."""
    timestamp = str(int(moment.timestamp()))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_sign(key, signed)}" for key in keys),
    }


def _sign(key: str, signed: bytes) -> str:
    raw = base64.b64decode(key.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()
