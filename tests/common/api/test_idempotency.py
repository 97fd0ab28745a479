"""`Idempotency-Key`: once, however often it is sent."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.facade import create_key
from accounts.models import ApiKey, Organization
from accounts.services.members import add_member
from accounts.services.signing_in import begin
from common import idempotency
from common.models import KeptAnswer
from common.tasks import forget_answers
from sessions_app.api import survey_views
from sessions_app.models import Session, Survey
from sessions_app.services.surveys import create_survey
from tests.conftest import Caller

pytestmark = pytest.mark.django_db

KEY: Final = "8e03978e-40d5-43dd-bc93-6894a57f9324"


def once(key: str = KEY) -> Any:
    """Return what a request that may be repeated is sent with."""
    return {"headers": {"Idempotency-Key": key}}


@pytest.fixture
def owner(organization: Organization, django_user_model: Any) -> Caller:
    """An owner's program."""
    person = django_user_model.objects.create_user("ada", "ada@survey.example")
    member = add_member(
        organization_id=organization.id, user_id=person.id, role="owner"
    )
    return Caller(begin(membership=member).access)


@pytest.fixture(params=["surveys", "sessions", "keys", "invitations", "rotate"])
def asked(
    request: pytest.FixtureRequest, organization: Organization, survey: Survey
) -> Any:
    """Each request that creates: address and body."""
    key, _text = create_key(organization_id=organization.id, kind="secret")
    bodies: dict[str, Any] = {
        "surveys": {"name": "Travelling"},
        "sessions": {"survey_id": str(survey.id)},
        "keys": {"kind": "secret"},
        "invitations": {"email": "bob@survey.example", "role": "viewer"},
        "rotate": {"overlap_s": 60},
    }
    path = f"keys/{key.id}/rotate" if request.param == "rotate" else request.param
    return path, bodies[request.param]


def test_same_request_gets_the_first_answer(
    owner: Caller, server: Caller, asked: Any
) -> None:
    """Word for word, new keys and tokens included."""
    path, body = asked
    caller = server if path == "sessions" else owner
    first, again = (caller.post(path, body, **once()) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert again["Content-Type"] == "application/json"
    assert again.get("Cache-Control") == first.get("Cache-Control")
    other = caller.post(path, body, **once("another-key-of-ours"))
    assert other.content != first.content


def test_nothing_is_created_twice(server: Caller, survey: Survey) -> None:
    """Nor without a key kept from being."""
    body = {"survey_id": str(survey.id)}
    for _ in range(3):
        server.post("sessions", body, **once())
    assert Session.objects.count() == 1
    server.post("sessions", body)
    assert Session.objects.count() == 2
    assert KeptAnswer.objects.count() == 1


def test_quotation_marks_make_no_other_key(server: Caller) -> None:
    """The IETF's draft has them, nobody else does."""
    first = server.post("surveys", {"name": "x"}, **once())
    again = server.post("surveys", {"name": "x"}, **once(f'"{KEY}"'))
    assert first.json() == again.json()


def test_other_body_is_422(server: Caller) -> None:
    """The order of fields is no other body."""
    body = {"name": "x", "suspicious_action": "review"}
    server.post("surveys", body, **once())
    turned = dict(reversed(body.items()))
    assert server.post("surveys", turned, **once()).status_code == 201
    answer = server.post("surveys", {"name": "y"}, **once())
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert Survey.objects.count() == 1


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 256, "k" * 20 + "\u00e9", "a b" * 9]
)
def test_key_that_could_be_guessed_or_not_read_is_400(server: Caller, key: str) -> None:
    """Before anything is done."""
    answer = server.post("surveys", {"name": "x"}, **once(key))
    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency_key_invalid"
    assert Survey.objects.count() == 0


def test_keys_are_apart_by_caller_and_address(
    server: Caller, strange_server: Caller, owner: Caller, survey: Survey
) -> None:
    """Nobody gets the answer of another, or of another request."""
    body = {"name": "x"}
    assert server.post("surveys", body, **once()).status_code == 201
    for caller in (strange_server, owner):
        assert "Idempotency-Replayed" not in caller.post("surveys", body, **once())
    opened = server.post("sessions", {"survey_id": str(survey.id)}, **once())
    assert opened.status_code == 201


def test_refusal_is_not_kept(server: Caller, owner: Caller) -> None:
    """Who mends what was wrong may go on with the same key."""
    assert server.post("surveys", {"name": ""}, **once()).status_code == 400
    assert KeptAnswer.objects.count() == 0
    assert server.post("surveys", {"name": "x"}, **once()).status_code == 201
    assert owner.post("keys", {"kind": "x"}, **once()).status_code == 400
    assert KeptAnswer.objects.count() == 1


def test_failure_undoes_the_work_and_gives_the_key_back(
    server: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the row was written and before the answer was."""

    def fail(**fields: Any) -> Survey:
        create_survey(**fields)
        raise ValueError

    monkeypatch.setattr(survey_views, "create_survey", fail)
    assert server.post("surveys", {"name": "x"}, **once()).status_code == 500
    assert Survey.objects.count() == 0
    assert KeptAnswer.objects.count() == 0
    monkeypatch.setattr(survey_views, "create_survey", create_survey)
    assert server.post("surveys", {"name": "x"}, **once()).status_code == 201


def test_request_that_is_under_way_is_409(server: Caller) -> None:
    """And a claim whose worker died is taken over when its time is up."""
    body = {"name": "x"}
    server.post("surveys", body, **once())
    # As if its worker had died before the commit.
    KeptAnswer.objects.update(answer=None)
    Survey.objects.all().delete()
    answer = server.post("surveys", body, **once())
    assert answer.status_code == 409
    assert answer.json()["code"] == "in_progress"
    assert int(answer["Retry-After"]) >= 1
    with time_machine.travel(timezone.now() + idempotency.CLAIMED_FOR):
        assert server.post("surveys", body, **once()).status_code == 201


def test_claim_that_was_taken_over_undoes_the_work(
    server: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever came back from the dead has done nothing."""

    def slow(**fields: Any) -> Survey:
        KeptAnswer.objects.update(claimed_until=timezone.now() + timedelta(hours=1))
        return create_survey(**fields)

    monkeypatch.setattr(survey_views, "create_survey", slow)
    assert server.post("surveys", {"name": "x"}, **once()).status_code == 409
    assert Survey.objects.count() == 0


def test_answer_is_kept_for_a_day(server: Caller) -> None:
    """And then forgotten, by the clean-up or by the next request."""
    first = server.post("surveys", {"name": "x"}, **once()).json()
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        forget_answers()
        again = server.post("surveys", {"name": "x"}, **once()).json()
        assert again == first
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        other = server.post("surveys", {"name": "y"}, **once())
        assert other.status_code == 201
    with time_machine.travel(timezone.now() + timedelta(hours=50)):
        forget_answers()
    assert KeptAnswer.objects.count() == 0


def test_nothing_that_opens_anything_can_be_read_from_the_table(owner: Caller) -> None:
    """Neither the new key, nor the caller's own."""
    made = owner.post("keys", {"kind": "secret"}, **once()).json()["key"]
    kept = KeptAnswer.objects.get()
    row = repr([bytes(kept.answer or b""), kept.name, kept.fingerprint])
    assert made not in row
    assert KEY not in row
    assert str(ApiKey.objects.first()) not in row


@pytest.mark.django_db(transaction=True)
def test_two_at_once_create_one(
    server: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is told to wait, and finds the answer when it comes again."""
    is_inside, may_go_on = threading.Event(), threading.Event()

    def slow(**fields: Any) -> Survey:
        is_inside.set()
        may_go_on.wait(10)
        return create_survey(**fields)

    def send(_number: int = 0) -> Any:
        try:
            return server.post("surveys", {"name": "x"}, **once())
        finally:
            connection.close()

    monkeypatch.setattr(survey_views, "create_survey", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send)
        assert is_inside.wait(10)
        if connection.vendor == "postgresql":
            assert send().status_code == 409
        may_go_on.set()
        assert first.result(30).status_code == 201
    assert send().json() == first.result().json()
    assert Survey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_create_one(server: Caller) -> None:
    """Whatever the order: an answer, or a word to wait."""
    start = threading.Barrier(6)
    key = str(uuid4())

    def send(_number: int) -> int:
        try:
            start.wait(10)
            return int(server.post("surveys", {"name": "x"}, **once(key)).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(send, range(6)))
    assert set(codes) <= {201, 409}
    assert 201 in codes
    assert Survey.objects.count() == 1
