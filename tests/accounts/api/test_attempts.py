"""Attempts to get in are counted by address, whether Redis is there or not."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from common.cache import ForgivingRedisCache
from common.limits import counting
from common.models import Bucket
from tests.accounts.api.conftest import PASSWORD, Join, anyone, ask
from tests.conftest import Caller, Visit, make_moves

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["there", "away"])
def redis(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Redis, as the settings have it or out of reach."""
    if request.param == "away":
        away = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
        monkeypatch.setattr(counting, "caches", {"default": away})
    return str(request.param)


@pytest.fixture
def two_attempts(settings: Any) -> None:
    """Let an address try twice a minute."""
    settings.LIMITS = {**settings.LIMITS, "sign_in": {"address": 2}}
    settings.TRUSTED_PROXIES = 1


@pytest.mark.usefixtures("redis", "two_attempts")
def test_many_names_from_one_address_are_held_up(join: Join) -> None:
    """The right password as well: nobody learns that it was right."""
    join("ada", "viewer")
    codes = [ask(name, "wrong").status_code for name in ("bob", "cyd")]
    refused = ask("ada")
    assert [*codes, refused.status_code] == [401, 401, 429]
    assert int(refused["Retry-After"]) >= 28
    assert refused.json()["code"] == "throttled"
    elsewhere = anyone().post(
        "auth/token",
        {"username": "ada", "password": PASSWORD},
        headers={"X-Forwarded-For": "203.0.113.9"},
    )
    assert elsewhere.status_code == 200


@pytest.mark.usefixtures("redis", "two_attempts")
def test_pages_and_api_share_one_count(join: Join) -> None:
    """Whichever door is tried: sign-in, a forgotten password, an invitation."""
    join("ada", "viewer")
    ask("ada", "wrong")
    Client().post(reverse("admin_password_reset"), {"email": "x@y.example"})
    for name in ("admin:login", "admin_password_reset", "accept_invitation"):
        page = Client().post(reverse(name), {"username": "ada", "password": PASSWORD})
        assert page.status_code == 429
        assert int(page["Retry-After"]) >= 28
        assert "This was too often." in page.text
    assert Client().get(reverse("admin:login")).status_code == 200


@pytest.mark.usefixtures("two_attempts")
def test_whoever_is_in_is_not_counted_as_an_attempt(admin_client: Client) -> None:
    """An operator who works fast stays in."""
    address = reverse("admin:accounts_organization_changelist")
    codes = {admin_client.post(address).status_code for _ in range(4)}
    assert 429 not in codes
    assert Bucket.objects.count() == 0


@pytest.mark.usefixtures("redis")
def test_forms_are_held_up_by_address(settings: Any) -> None:
    """The demo keeps a row for each visitor who begins."""
    settings.LIMITS = {**settings.LIMITS, "forms": {"address": 1}}
    codes = [Client().post(reverse("demo-start")).status_code for _ in range(2)]
    assert codes[1] == 429
    assert codes[0] != 429


def test_without_a_count_nobody_gets_in(
    join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that does not answer is no way around it."""
    join("ada", "viewer")

    def away(*_args: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(counting, "_took_one", away)
    answer = ask("ada")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) >= 1


def test_intake_stays_open_while_redis_is_away(
    server: Caller, visit: Visit, survey: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches, sessions, reads: an honest answer that is lost costs more."""
    away = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(counting, "caches", {"default": away})
    batch = visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    assert batch.status_code == 200
    assert server.post("sessions", {"survey_id": str(survey.id)}).status_code == 201
    read = server.get("sessions")
    assert read.status_code == 200
    assert int(read["RateLimit-Remaining"]) > 0
