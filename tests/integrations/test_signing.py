"""Signatures, read by the library that others verify them with."""

import base64
import json

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from integrations.signing import make_secret, signed_headers

BODY = '{"type":"verdict.final","data":{"ä":"\\u00e4"}}'


def sign(*keys: str) -> dict[str, str]:
    """Return headers for the body."""
    return signed_headers(
        message_id="msg_1", moment=timezone.now(), body=BODY.encode(), keys=keys
    )


def test_others_verify_ours() -> None:
    """The library takes the secret as we show it."""
    key = make_secret()
    assert Webhook(key).verify(BODY, sign(key)) == json.loads(BODY)


def test_during_a_rotation_both_secrets_verify() -> None:
    """Two signatures with a space between them."""
    old, new = make_secret(), make_secret()
    headers = sign(new, old)
    assert headers["webhook-signature"].count("v1,") == 2
    for key in (old, new):
        Webhook(key).verify(BODY, headers)


@pytest.mark.parametrize("what", ["body", "webhook-id", "webhook-timestamp", "key"])
def test_whatever_is_changed_does_not_verify(what: str) -> None:
    """Id, time and body are all signed."""
    key = make_secret()
    headers, body = sign(key), BODY
    if what == "body":
        body += " "
    elif what == "key":
        key = make_secret()
    else:
        last = "8" if headers[what].endswith("9") else "9"
        headers[what] = headers[what][:-1] + last
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(body, headers)


def test_secret_has_32_random_bytes() -> None:
    """Within the specification's 24 to 64."""
    key = make_secret()
    assert key.startswith("whsec_")
    assert len(base64.b64decode(key.removeprefix("whsec_"), validate=True)) == 32
    assert make_secret() != key
