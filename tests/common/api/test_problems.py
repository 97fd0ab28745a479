"""Each refusal is a problem document, whoever refuses."""

from typing import Any, Final

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from rest_framework.exceptions import Throttled

from accounts.api.tokens import MeView
from sessions_app.api.views import SessionsView
from tests.common.api.addresses import api_addresses, other_addresses
from tests.conftest import Caller

pytestmark = pytest.mark.django_db

METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "x"]


def is_problem(answer: Any) -> bool:
    """Say whether a refusal has the one shape, and tells nothing of the inside."""
    document = answer.json()
    assert answer["Content-Type"] == "application/problem+json", answer.content
    assert document["status"] == answer.status_code
    assert document["title"]
    assert document["detail"].endswith((".", "?", "!"))
    assert document["type"].endswith(document["code"].replace("_", "-"))
    assert "Traceback" not in answer.text
    return True


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "address", [*api_addresses(), *other_addresses(), "/api/v1/", "/api/v2/x", "/api/"]
)
def test_whatever_is_refused_is_a_problem(
    server: Caller, address: str, method: str
) -> None:
    """Also what is not there, and methods that nobody knows."""
    for caller in (server, Caller(), Caller("bf_sk_live_wrong")):
        answer = caller(method, address)
        assert answer.status_code < 500
        assert answer.status_code < 400 or is_problem(answer)
        if answer.status_code == 405:
            assert method not in answer["Allow"].split(", ")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ValueError("secret inside"), 500, "internal_error"),
        (OperationalError("secret inside"), 503, "try_again"),
        (Throttled(7), 429, "throttled"),
        (Http404("secret inside"), 404, "not_found"),
        (PermissionDenied("secret inside"), 403, "permission_denied"),
        (RecursionError("secret inside"), 500, "internal_error"),
    ],
)
def test_whatever_a_view_raises_is_a_problem(
    server: Caller,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
) -> None:
    """Without a word of what went wrong inside."""

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(SessionsView, "get", fail)
    answer = server.get("sessions")
    assert answer.status_code == status
    assert is_problem(answer)
    assert answer.json()["code"] == code
    assert "secret" not in answer.text
    if status in {429, 503}:
        assert int(answer["Retry-After"]) >= 1
    if status >= 500:
        assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_failure_in_a_middleware_is_a_problem(
    server: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There no view's handler looks."""

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise ValueError

    monkeypatch.setattr(MeView, "dispatch", fail)
    answer = server.get("auth/me")
    assert answer.status_code == 500
    assert is_problem(answer)


def test_page_that_is_not_there_is_a_page() -> None:
    """People get words and a way back."""
    answer = Client().get("/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
