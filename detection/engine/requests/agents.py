"""How an agent says that it is one: by signing its requests (Web Bot Auth)."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

# The three headers of a signed request (RFC 9421; draft-ietf-webbotauth-httpsig).
SIGNATURE: Final = "signature"
SIGNATURE_INPUT: Final = "signature-input"
SIGNATURE_AGENT: Final = "signature-agent"
# What a signature of this kind calls itself, so that others are not mistaken for it.
TAG: Final = "web-bot-auth"

_TAGGED: Final = re.compile(r';\s*tag="' + TAG + '"')
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# One string, or since 2025 a dictionary of them: agent1="https://agent.example".
_AGENT: Final = re.compile(
    rf'^\s*(?:[a-z*][a-z0-9_.*-]*=)?"https?://({_LABEL}(?:\.{_LABEL})+)(?::\d{{1,5}})?'
    r'(?:/[^"]*)?"',
    re.IGNORECASE,
)
# A name in the Domain Name System is no longer.
_LONGEST_HOST: Final = 253


class AgentIdentity(StrEnum):
    """What is known of a signature.

    `VERIFIED`: it was made just now with a key that was loaded for this agent.
    `SIGNED`: there is one, and nothing to check it with, or it is too old.
    `SPOOFED`: it names a key that was loaded, and was not made with it.
    """

    VERIFIED = "verified"
    SIGNED = "signed"
    SPOOFED = "spoofed"


def is_signed(headers: Mapping[str, str]) -> bool:
    """Say whether an agent signed this request; names are in lower case."""
    return SIGNATURE in headers and bool(
        _TAGGED.search(headers.get(SIGNATURE_INPUT, ""))
    )


def signing_host(headers: Mapping[str, str]) -> str | None:
    """Return the host that Signature-Agent names, None if it names none.

    Examples
    --------
    >>> signing_host({"signature-agent": '"https://agent.example"'})
    'agent.example'
    """
    match = _AGENT.match(headers.get(SIGNATURE_AGENT, ""))
    if match is None or len(match[1]) > _LONGEST_HOST:
        return None
    return match[1].lower()
