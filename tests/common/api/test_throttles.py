"""Whom rate limits count."""

from typing import Any

import pytest
import time_machine
from django.test import RequestFactory

from accounts.facade import create_key
from accounts.models import Organization
from common.addresses import client_address, counted_address
from sessions_app.facade import Survey
from tests.conftest import Caller, make_moves, open_visit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
    ],
)
def test_only_our_own_proxies_are_believed(
    rf: RequestFactory, settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    """The leftmost entry is whatever the caller wrote."""
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = rf.get("/", headers=headers, REMOTE_ADDR="9.9.9.9")
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::99", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("203.0.113.7:51234", None),
        ("", None),
    ],
)
def test_neighbours_are_counted_together(
    rf: RequestFactory, address: str, counted: str | None
) -> None:
    """Whoever has one IPv6 address has as many as they want."""
    assert counted_address(rf.get("/", REMOTE_ADDR=address)) == counted


def test_forged_address_buys_nothing(
    site: Caller, survey: Survey, settings: Any
) -> None:
    """Neither by another header, nor by more of the same."""
    settings.LIMITS = {**settings.LIMITS, "open": {"address": 2}}
    settings.TRUSTED_PROXIES = 1
    body = {"survey_id": str(survey.id)}
    codes = [
        site.post(
            "sessions",
            body,
            headers={
                "X-Forwarded-For": f"192.0.2.{number}, 198.51.100.1, 203.0.113.1",
                "X-Real-IP": f"192.0.2.{number}",
                "Forwarded": f"for=192.0.2.{number}",
            },
        ).status_code
        for number in range(3)
    ]
    assert codes == [201, 201, 429]


def test_each_session_has_batches_of_its_own(
    site: Caller, survey: Survey, settings: Any
) -> None:
    """One that runs wild does not silence another."""
    settings.LIMITS = {**settings.LIMITS, "intake": {"session": 2}}
    wild, quiet = open_visit(site, survey), open_visit(site, survey)
    with time_machine.travel("2026-11-23T12:00:20Z", tick=False):
        codes = [
            wild.browser.post(f"sessions/{wild.id}/data", make_moves(seq)).status_code
            for seq in range(3)
        ]
        assert codes == [200, 200, 429]
        answer = quiet.browser.post(f"sessions/{quiet.id}/data", make_moves(0))
        assert answer.status_code == 200
        assert answer["RateLimit-Remaining"] == "1"


@pytest.mark.parametrize("whom", ["secret", "organization"])
def test_server_is_counted_by_key_and_by_organization(
    server: Caller, strange_server: Caller, settings: Any, whom: str
) -> None:
    """Another organization does not feel it."""
    settings.LIMITS = {**settings.LIMITS, "read": {whom: 2}}
    answers = [server.get("surveys") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[0]["RateLimit-Limit"] == "2"
    assert answers[0]["RateLimit-Policy"] == "2;w=60"
    assert 28 <= int(answers[2]["Retry-After"]) <= 30
    assert answers[2].json()["code"] == "throttled"
    assert strange_server.get("surveys").status_code == 200


def test_second_key_of_an_organization_shares_its_budget(
    server: Caller, organization: Organization, settings: Any
) -> None:
    """Making keys makes no room."""
    settings.LIMITS = {**settings.LIMITS, "read": {"organization": 1}}
    _key, text = create_key(organization_id=organization.id, kind="secret")
    assert server.get("surveys").status_code == 200
    assert Caller(text).get("surveys").status_code == 429


def test_whoever_tries_keys_is_held_up(server: Caller, settings: Any) -> None:
    """By address, since there is no key to count; a good key goes on."""
    settings.LIMITS = {**settings.LIMITS, "refused": {"address": 2}}
    wrong = [Caller(f"bf_sk_live_{number}").get("surveys") for number in range(4)]
    assert [answer.status_code for answer in wrong] == [401, 401, 429, 429]
    assert int(wrong[2]["Retry-After"]) >= 28
    assert server.get("surveys").status_code == 200


def test_whoever_tries_out_what_a_key_may_do_is_held_up(
    site: Caller, settings: Any
) -> None:
    """Nothing else counts what permissions refuse."""
    settings.LIMITS = {**settings.LIMITS, "refused": {"address": 1}}
    codes = [site.get("surveys").status_code for _ in range(2)]
    assert codes == [403, 429]


def test_limits_can_be_switched_off(server: Caller, settings: Any) -> None:
    """As a whole, or one of them."""
    settings.LIMITS = {**settings.LIMITS, "read": {"secret": 1}}
    settings.RATELIMIT_ENABLE = False
    answers = [server.get("surveys") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "RateLimit-Limit" not in answers[0]
    settings.RATELIMIT_ENABLE = True
    settings.LIMITS = {**settings.LIMITS, "read": {"secret": 0}}
    assert [server.get("surveys").status_code for _ in range(2)] == [200, 200]
