"""What whoever runs this asks."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from common import health
from tests.conftest import Caller

anyone = Caller()


@pytest.mark.django_db
def test_ready_when_migrated() -> None:
    """All parts are there."""
    answer = anyone.get("/healthz/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


def test_live_asks_nobody() -> None:
    """Not even the database: this test may not touch it."""
    assert anyone.get("/healthz/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_database_away_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    """No work is sent here until it is back."""

    def refuse(*_args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = anyone.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer.json()["parts"]["database"] == "away"


@pytest.mark.django_db
def test_cache_away_is_degraded(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Answers are still taken, and judged later."""
    monkeypatch.setitem(settings.CACHES["default"], "BACKEND", "a.RedisCache")
    monkeypatch.setattr(cache, "get", lambda *_args: None)
    answer = anyone.get("/healthz/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"


@pytest.mark.django_db
def test_missing_migration_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old tables under new code take no work."""
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_args: ["one"])
    answer = anyone.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "not migrated"


def test_database_away_in_a_view_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API says when to come back, and nothing is lost by it."""
    from accounts import selectors  # noqa: PLC0415 - patched here alone

    def refuse(_text: str) -> None:
        raise OperationalError

    monkeypatch.setattr(selectors, "key_of_text", refuse)
    answer = Caller("bf_sk_live_x").get("surveys")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer.json()["code"] == "try_again"


def test_our_mistake_is_a_problem_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 500 has the same shape and says nothing about the inside."""
    from accounts import selectors  # noqa: PLC0415 - patched here alone

    def fail(_text: str) -> None:
        msg = "secret detail"
        raise RuntimeError(msg)

    monkeypatch.setattr(selectors, "key_of_text", fail)
    answer = Caller("bf_sk_live_x").get("surveys")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert b"secret detail" not in answer.content


def test_database_away_can_be_read_by_a_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Across origins too: a 503 that the page cannot see would be a lost batch."""
    from accounts import selectors  # noqa: PLC0415 - patched here alone

    def refuse(_text: str) -> None:
        raise OperationalError

    monkeypatch.setattr(selectors, "key_of_text", refuse)
    monkeypatch.setattr(selectors, "origin_is_registered", refuse)
    answer = Caller("bf_pk_live_x", "https://survey.example").post("sessions", {})
    assert answer.status_code == 503
    assert answer["Access-Control-Allow-Origin"] == "https://survey.example"
