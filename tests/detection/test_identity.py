"""Whether agents are who they say (Web Bot Auth)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from detection.engine.requests.agents import AgentIdentity
from detection.identity import (
    Checked,
    SignedRequest,
    UnusableKeyError,
    checked,
    public_jwk,
)

from .lists import AGENT, OTHER, PRIVATE, fingerprint, held, jwk_of, rsa_key, signed

NOW: Final = datetime.now(tz=UTC)  # noqa: TID251 - signatures are of now
REQUEST: Final = SignedRequest("POST", "https://survey.example/api/v1/sessions", {})
VERIFIED, SIGNED, SPOOFED = (
    AgentIdentity.VERIFIED,
    AgentIdentity.SIGNED,
    AgentIdentity.SPOOFED,
)


def result(request: SignedRequest, **keys: Any) -> Checked:
    """Return what becomes of a request, when its agent's key is held."""
    return checked(request, keys.get("keys", held(PRIVATE)), now=NOW)


def test_signature_with_the_agents_key_is_verified() -> None:
    """Made now, for this server."""
    assert result(signed(REQUEST)) == Checked(VERIFIED, AGENT)


def test_key_names_its_agent() -> None:
    """The header that names it is not required."""
    assert result(signed(REQUEST, agent=None)) == Checked(VERIFIED, AGENT)


def test_rsa_is_understood_too() -> None:
    """The drafts know two kinds of keys."""
    key = rsa_key()
    found = result(signed(REQUEST, key), keys=held(PRIVATE, key))
    assert found == Checked(VERIFIED, AGENT)


def test_request_without_signature_says_nothing() -> None:
    """That is nearly every request."""
    assert result(REQUEST) == Checked()


@pytest.mark.parametrize("tag", ["payments", ""])
def test_other_signatures_are_not_ours_to_check(tag: str) -> None:
    """Their tag says what they are for."""
    assert result(signed(REQUEST, tag=tag)) == Checked()


def test_without_its_key_a_signature_is_only_that() -> None:
    """Neither good nor bad."""
    assert result(signed(REQUEST), keys={}) == Checked(SIGNED)
    assert result(signed(REQUEST), keys=held(OTHER)) == Checked(SIGNED)


def test_key_that_is_not_in_force_checks_nothing() -> None:
    """Before its time and after it."""
    later, before = NOW + timedelta(days=1), NOW - timedelta(days=1)
    out_of_force: list[dict[str, Any]] = [{"not_before": later}, {"not_after": before}]
    for times in out_of_force:
        assert result(signed(REQUEST), keys=held(PRIVATE, **times)) == Checked(SIGNED)
    both = held(PRIVATE, not_before=before, not_after=later)
    assert result(signed(REQUEST), keys=both) == Checked(VERIFIED, AGENT)


def test_signature_with_another_key_is_spoofed() -> None:
    """It names the agent's key and was made with its own."""
    name = next(iter(held(PRIVATE)))
    assert result(signed(REQUEST, OTHER, keyid=name)) == Checked(SPOOFED, AGENT)


def test_signature_for_another_server_is_spoofed() -> None:
    """It was copied from there."""
    copied = replace(signed(REQUEST), url="https://other.example/api/v1/sessions")
    assert result(copied) == Checked(SPOOFED, AGENT)


def test_key_of_another_agent_is_spoofed() -> None:
    """A genuine key under a stranger's name."""
    assert result(signed(REQUEST, agent="better.example")) == Checked(SPOOFED, AGENT)


@pytest.mark.parametrize("minutes", [-60, 60])
def test_old_and_early_signatures_are_only_signed(minutes: int) -> None:
    """A clock that is wrong, or a copy: neither proof nor forgery."""
    created = NOW + timedelta(minutes=minutes)
    assert result(signed(REQUEST, created=created)) == Checked(SIGNED, AGENT)


def test_signature_for_any_server_proves_nothing() -> None:
    """It does not cover where the request goes."""
    request = signed(REQUEST, covered=("@method", "signature-agent"))
    assert result(request) == Checked(SIGNED, AGENT)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Signature", "nonsense"),
        ("Signature", "pyhms=:AAAA:"),
        ("Signature", "other=:AAAA:"),
        ("Signature-Input", 'pyhms=("@authority");tag="web-bot-auth"'),
        ("Signature-Input", 'pyhms=1;tag="web-bot-auth"'),
        ("Signature-Input", 'x;tag="web-bot-auth"' + "x" * 3_000),
    ],
)
def test_broken_signatures_end_in_a_word_and_not_in_an_error(
    name: str, text: str
) -> None:
    """Anyone can send anything."""
    headers = {**signed(REQUEST).headers, name: text}
    found = result(replace(REQUEST, headers=headers))
    assert found.identity in {SIGNED, SPOOFED}


def test_fingerprint_is_the_one_of_the_standard() -> None:
    """The example of RFC 7638, section 3.1."""
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1"
        "L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4"
        "QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbO"
        "pbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csF"
        "Cur-kEgU8awapJzKnqDKgw"
    )
    found = public_jwk({"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256"})
    assert found.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_fingerprint_is_of_the_key_alone() -> None:
    """Extra members do not change it."""
    jwk = jwk_of(PRIVATE)
    assert public_jwk({**jwk, "kid": "x", "use": "sig"}).thumbprint == fingerprint(jwk)


@pytest.mark.parametrize(
    ("jwk", "reason"),
    [
        ({**jwk_of(PRIVATE), "d": "AA"}, "private"),
        ({"kty": "oct", "k": "AA"}, "private"),
        ({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, "kind"),
        ({"kty": "OKP", "crv": "X25519", "x": "AA"}, "kind"),
        ({"kty": "OKP", "crv": "Ed25519"}, "kind"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "AA"}, "broken"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "!!"}, "broken"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "\u00e4"}, "broken"),
        ({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "broken"),
        ({}, "kind"),
    ],
)
def test_other_keys_are_refused(jwk: dict[str, Any], reason: str) -> None:
    """With the reason."""
    with pytest.raises(UnusableKeyError, match=reason):
        public_jwk(jwk)
