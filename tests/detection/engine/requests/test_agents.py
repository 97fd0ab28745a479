"""How agents sign."""

import pytest

from detection.engine.requests.agents import is_signed, signing_host


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ('"https://chatgpt.com"', "chatgpt.com"),
        ('"https://Agent.Example/keys"', "agent.example"),
        ('"http://agent.example:8443"', "agent.example"),
        ('agent2="https://agent.example";type=directory', "agent.example"),
        ("https://chatgpt.com", None),
        ('"https://localhost"', None),
        ('"https://agent.example@evil"', None),
        ('"javascript:alert(1)"', None),
        ('"data:application/json,{}"', None),
        ('"https://-a.example"', None),
        ('"https://' + ".".join(["a" * 60] * 5) + '"', None),
        ("", None),
    ],
)
def test_the_host_is_read_with_care(text: str, host: str | None) -> None:
    """A string or a dictionary of strings, as the drafts had it."""
    assert signing_host({"signature-agent": text}) == host


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"signature-input": 's=();tag="web-bot-auth"', "signature": "s=:AA==:"},
            True,
        ),
        ({"signature-input": 's=();tag="web-bot-auth"'}, False),
        ({"signature-input": 's=();tag="payments"', "signature": "s=:AA==:"}, False),
        ({"signature": "s=:AA==:"}, False),
        ({}, False),
    ],
)
def test_only_signatures_of_agents_count(
    headers: dict[str, str], *, expected: bool
) -> None:
    """Others sign their requests too, for reasons of their own."""
    assert is_signed(headers) is expected
