"""OpenFeature's remote evaluation, word by word."""

from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine
from django.utils import timezone

from accounts.facade import create_key
from accounts.models import Organization
from flags.services.flags import change_flag, create_flag
from flags.services.overrides import Whom, set_override
from tests.conftest import ORIGIN, Caller

pytestmark = pytest.mark.django_db

ONE: Final = "/ofrep/v1/evaluate/flags/page"
ALL: Final = "/ofrep/v1/evaluate/flags"


@pytest.fixture
def server(organization: Organization) -> Caller:
    """A program with a flag for one in two."""
    make(
        organization,
        "page",
        release={"rollout": {"percent": 50}, "serve": "on"},
        metadata={"team": "survey"},
    )
    return Caller(create_key(organization_id=organization.id, kind="secret")[1])


def make(organization: Organization, name: str, **definition: Any) -> None:
    """Make a flag."""
    whole = {"default": "off", "off": "off", **definition}
    create_flag(organization_id=organization.id, name=name, definition=whole)


def test_one_flag(server: Caller) -> None:
    """Its value, variant, reason and what beside it."""
    answer = server.post(ONE, {"context": {"targetingKey": "ada"}})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    told = answer.json()
    assert told.keys() == {"key", "value", "variant", "reason", "metadata"}
    assert told["metadata"]["team"] == "survey"
    assert told["reason"] in {"SPLIT", "DEFAULT"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"context": {}}, 400, "TARGETING_KEY_MISSING"),
        ({}, 400, "TARGETING_KEY_MISSING"),
        ({"context": None}, 400, "TARGETING_KEY_MISSING"),
        ({"context": []}, 400, "INVALID_CONTEXT"),
        ({"context": "ada"}, 400, "INVALID_CONTEXT"),
        ({"context": {"targetingKey": 7}}, 400, "INVALID_CONTEXT"),
        ({"context": {"targetingKey": ["a"]}}, 400, "INVALID_CONTEXT"),
        ({"context": {str(i): i for i in range(201)}}, 400, "INVALID_CONTEXT"),
        ([], 400, "INVALID_CONTEXT"),
        ("ada", 400, "INVALID_CONTEXT"),
    ],
)
def test_errors_have_the_protocols_words(
    server: Caller, body: Any, status: int, code: str
) -> None:
    """All three of them, always: clients read no other."""
    answer = server.post(ONE, body)
    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)
    assert answer.json().keys() == {"key", "errorCode", "errorDetails"}
    assert answer.json()["key"] == "page"


@pytest.mark.parametrize(
    "raw", [b"{", b"", b"\xff", b'{"context": {"a": NaN}}', b"nul"]
)
def test_a_body_that_is_no_json(server: Caller, raw: bytes) -> None:
    """Nothing sent is nobody asked about; anything else cannot be read."""
    answer = server("POST", ONE, raw=raw)
    assert answer.status_code == 400
    wanted = "TARGETING_KEY_MISSING" if raw == b"" else "PARSE_ERROR"
    assert answer.json()["errorCode"] in {wanted, "INVALID_CONTEXT"}


def test_who_may_not_ask(server: Caller, organization: Organization) -> None:
    """401 with a challenge for nobody; both ways to show a key; GET is none."""
    refused = Caller().post(ONE, {})
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    assert refused.json()["errorCode"] == "GENERAL"
    body = {"context": {"targetingKey": "ada"}}
    shown = {"X-API-Key": server.credential}
    assert Caller().post(ONE, body, headers=shown).status_code == 200
    assert Caller().post(ONE, body, headers={"X-API-Key": "bf_sk_x"}).status_code == 401
    assert server.get(ONE).status_code == 405
    assert server.post(f"{ALL}/none", {}).json()["errorCode"] == "FLAG_NOT_FOUND"
    assert server.post(f"{ALL}/no%00ne", {}).status_code == 404


def test_a_disabled_flag_leaves_it_to_the_client(
    server: Caller, organization: Organization
) -> None:
    """No value, no error: OFREP's ADR 6."""
    change_flag(
        organization_id=organization.id,
        name="page",
        changes={"enabled": False, "off": None},
    )
    told = server.post(ONE, {}).json()
    assert "value" not in told
    assert (told["reason"], told["variant"]) == ("DISABLED", "")


def test_all_flags_and_304(server: Caller, organization: Organization) -> None:
    """The tag follows what an answer depends on, and nothing else."""
    make(organization, "other")
    body = {"context": {"targetingKey": "ada", "plan": "gold"}}
    first = server.post(ALL, body)
    assert [one["key"] for one in first.json()["flags"]] == ["other", "page"]
    known = {"If-None-Match": first["ETag"]}
    again = server.post(ALL, body, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    someone = {"context": {"targetingKey": "bob", "plan": "gold"}}
    assert server.post(ALL, someone, headers=known).status_code == 200
    change_flag(
        organization_id=organization.id, name="other", changes={"enabled": False}
    )
    assert server.post(ALL, body, headers=known).status_code == 200


def test_a_progression_ends_304_by_itself(
    server: Caller, organization: Organization
) -> None:
    """Nobody changes a definition, and yet more people get it."""
    begins = timezone.now()
    points = [
        {"at": begins.isoformat(), "percent": 0},
        {"at": (begins + timedelta(days=1)).isoformat(), "percent": 100},
    ]
    progression = {"progression": {"points": points}}
    make(organization, "slow", release={"rollout": progression, "serve": "on"})
    body = {"context": {"targetingKey": "ada"}}
    first = server.post(ALL, body)
    known = {"If-None-Match": first["ETag"]}
    assert server.post(ALL, body, headers=known).status_code == 304
    with time_machine.travel(begins + timedelta(days=2)):
        later = server.post(ALL, body, headers=known)
    assert later.status_code == 200
    values = {one["key"]: one["value"] for one in later.json()["flags"]}
    assert values["slow"] is True


def test_browsers_are_told_what_is_visible(
    server: Caller, organization: Organization
) -> None:
    """And never why."""
    make(organization, "seen", visible_to_clients=True)
    _key, text = create_key(
        organization_id=organization.id, kind="publishable", origins=[ORIGIN]
    )
    browser = Caller(text, ORIGIN)
    told = browser.post(ALL, {"context": {"targetingKey": "ada"}})
    assert [one["key"] for one in told.json()["flags"]] == ["seen"]
    assert "rule" not in told.json()["flags"][0]["metadata"]
    assert browser.post(ONE, {}).status_code == 404
    preflight = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,if-none-match",
    }
    allowed = Caller()("OPTIONS", ALL, headers=preflight)
    assert allowed["Access-Control-Allow-Origin"] == ORIGIN
    assert "ETag" in told["Access-Control-Expose-Headers"]


def test_who_asks_is_not_the_clients_to_say(
    server: Caller, organization: Organization, stranger: Organization
) -> None:
    """An override for one organization is not had by naming it."""
    create_flag(organization_id=None, name="theirs", definition={"default": "off"})
    whom = Whom(organization_id=stranger.id)
    set_override(organization_id=None, flag="theirs", whom=whom, variant="on")
    body = {"context": {"organizationId": str(stranger.id), "targetingKey": "ada"}}
    assert server.post(f"{ALL}/theirs", body).json()["value"] is False
    key = create_key(organization_id=stranger.id, kind="secret")[1]
    assert Caller(key).post(f"{ALL}/theirs", body).json()["value"] is True


def test_a_mistake_of_ours_has_the_protocols_words(
    server: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client goes on with its own default, and the log knows."""

    def fail(*_args: object) -> None:
        message = "a bug"
        raise RuntimeError(message)

    monkeypatch.setattr("flags.api.remote.context_of", fail)
    answer = server.post(ONE, {})
    assert (answer.status_code, answer.json()["errorCode"]) == (500, "GENERAL")
