"""What a key that may not do something is told, and that it does nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import ApiKey, Organization
from accounts.services.keys import KeyTerms, create_key
from sessions_app.facade import Survey
from sessions_app.models import Session
from tests.conftest import Caller, make_moves

pytestmark = pytest.mark.django_db


def caller(organization: Organization, **terms: Any) -> Caller:
    """Return a server with a key on some terms."""
    _key, text = create_key(
        organization_id=organization.id, kind="secret", terms=KeyTerms(**terms)
    )
    return Caller(text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"revoked_at": timezone.now()}, "key_revoked"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "key_expired"),
    ],
)
def test_key_that_is_over_is_told_so(
    server: Caller, change: dict[str, Any], code: str
) -> None:
    """With 401: another key would do."""
    ApiKey.objects.update(**change)
    answer = server.get("surveys")
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


def test_who_guesses_learns_nothing(server: Caller) -> None:
    """A right beginning with a wrong end is like any other text."""
    ApiKey.objects.update(revoked_at=timezone.now())
    answer = Caller(server.credential[:-10] + "x" * 10).get("surveys")
    assert answer.json()["code"] == "authentication_failed"


def test_who_lacks_a_scope_is_told_which(organization: Organization) -> None:
    """So that whoever made the key can make a better one."""
    refused = caller(organization, scopes=["surveys.read"]).get("sessions")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert "sessions.read" in refused.json()["detail"]


def test_wrong_method_is_405_for_who_may_call(
    organization: Organization,
) -> None:
    """And 403 for who may not call this address at all."""
    may, may_not = (
        caller(organization, scopes=[scope])
        for scope in ("surveys.read", "answers.send")
    )
    assert may("DELETE", "surveys").status_code == 405
    assert may_not("DELETE", "surveys").status_code == 403


def test_key_is_bound_to_its_networks(organization: Organization) -> None:
    """Elsewhere it opens nothing, and its use is not written down."""
    far = caller(organization, networks=["203.0.113.0/24"])
    answer = far.get("surveys")
    assert (answer.status_code, answer.json()["code"]) == (403, "network_not_allowed")
    assert ApiKey.objects.get().last_used_at is None
    near = caller(organization, networks=["127.0.0.0/8"])
    assert near.get("surveys").status_code == 200


def test_forged_header_is_no_way_into_a_network(
    organization: Organization, settings: Any
) -> None:
    """The callers' own entry of X-Forwarded-For is whatever they wrote."""
    key = caller(organization, networks=["203.0.113.0/24"])
    forged = {"X-Forwarded-For": "203.0.113.7"}
    assert key.get("surveys", headers=forged).status_code == 403
    settings.TRUSTED_PROXIES = 1
    assert key.get("surveys", headers=forged).status_code == 200
    twice = {"X-Forwarded-For": "203.0.113.7, 198.51.100.1"}
    assert key.get("surveys", headers=twice).status_code == 403


def test_use_is_written_down(server: Caller) -> None:
    """So that nobody ends a key that is in use."""
    server.get("surveys")
    assert ApiKey.objects.get().last_used_at is not None


def test_sessions_of_test_keys_are_marked(
    organization: Organization, survey: Survey
) -> None:
    """By a tag that lists can be narrowed to; the rest is as always."""
    server = caller(organization, is_test=True)
    opened = server.post("sessions", {"survey_id": str(survey.id), "tags": ["pilot"]})
    assert opened.status_code == 201
    tags = Session.objects.get().tags.values_list("tag", flat=True)
    assert set(tags) == {"pilot", "test"}
    sent = server.post(f"sessions/{opened.json()['id']}/data", make_moves(0))
    assert sent.status_code == 200
