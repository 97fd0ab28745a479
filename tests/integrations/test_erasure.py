"""A person is erased, and searched for afterwards: in tables, in Redis, in the log."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models
from django.test import Client

from accounts.facade import create_key
from accounts.models import Organization
from accounts.services.keys import KeyTerms
from common.models import KeptAnswer
from common.tenancy import scope
from integrations.models import WebhookEndpoint, WebhookMessage
from sessions_app.engine.columns import unpack
from sessions_app.facade import Survey
from sessions_app.models import BehaviorData, Erasure, Session, Tally
from sessions_app.selectors import KINDS
from sessions_app.services.tallying import differences
from tests.conftest import ORIGIN, Caller, Visit, encode, make_moves

from .carrying import carry_all
from .receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

ERIKA: Final = "panelist-erika-4711"
HER_WORDS: Final = "I live in Gabelsbergerstrasse"
HER_ADDRESS: Final = "erika.mustermann@respondent.example"
HER_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) ErikaBrowser/7.31"
HER_PLACE: Final = "203.0.113.77"
MAX: Final = "panelist-max-0815"


@pytest.fixture
def office(organization: Organization) -> Caller:
    """A server of ours that may export and erase."""
    scopes = ["respondents.export", "respondents.erase"]
    _key, text = create_key(
        organization_id=organization.id, kind="secret", terms=KeyTerms(scopes=scopes)
    )
    return Caller(text)


def answered(server: Caller, survey: Survey, who: str, words: str) -> str:
    """Let somebody answer a survey to its end; return the session's id."""
    opened = server.post(
        "sessions",
        {
            "survey_id": str(survey.id),
            "respondent_id": who,
            "metadata": {"email": words},
            "tags": [f"of {who}"],
            "consent": {"given": True, "version": "2026-03"},
        },
        headers={"Idempotency-Key": f"opened-once-by-{who}"},
    ).json()
    headers = {
        "Authorization": f"Bearer {opened['token']}",
        "Origin": ORIGIN,
        "User-Agent": HER_AGENT if who == ERIKA else "Mozilla/5.0",
        "X-Forwarded-For": HER_PLACE if who == ERIKA else "198.51.100.1",
        "Sec-GPC": "1",
    }
    for seq in range(2):
        sent = Client().generic(
            "POST",
            f"/api/v1/sessions/{opened['id']}/data",
            encode(make_moves(seq)),
            "application/json",
            headers=headers,
            REMOTE_ADDR=headers["X-Forwarded-For"],
        )
        assert sent.status_code == 200, sent.content
    given = {"item": "q1", "type": "text", "value": words}
    server.post(f"sessions/{opened['id']}/answers", {"answers": [given]})
    assert server.post(f"sessions/{opened['id']}/complete").status_code == 200
    return str(opened["id"])


@pytest.fixture
def both(
    server: Caller, survey: Survey, endpoint: WebhookEndpoint, receiver: Receiver
) -> tuple[str, str]:
    """Erika and Max answered; the platform was told. Return their sessions' ids."""
    hers = answered(server, survey, ERIKA, f"{HER_WORDS} {HER_ADDRESS}")
    his = answered(server, survey, MAX, "nothing to say")
    assert carry_all() == 4
    return hers, his


def everything() -> Iterator[tuple[str, str]]:
    """Yield each row of each table as text, as it is stored and as models read it."""
    with scope.everywhere("search"):
        for model in apps.get_models():
            label = model._meta.label
            for row in model._default_manager.all():
                yield label, " ".join(_read(row))
        if connection.vendor == "postgresql":
            yield from _stored()


def _read(row: models.Model) -> Iterator[str]:
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(row, BehaviorData) and field.name == "columns":
            value = unpack(bytes(value), KINDS)
        yield repr(bytes(value) if isinstance(value, memoryview) else value)


def _stored() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND NOT relispartition AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')  # noqa: S608 - ours
            for (text,) in cursor.fetchall():
                yield table, text


def found(*needles: str) -> list[tuple[str, str]]:
    """Return where any of these stands, plain or in hexadecimal."""
    spelled = [one for n in needles for one in (n, n.encode().hex())]
    return [
        (where, needle)
        for where, text in everything()
        for needle in spelled
        if needle.lower() in text.lower()
    ]


def in_redis(needles: list[str]) -> list[str]:
    """Return the keys and values of the cache that hold any of these."""
    client: Any = getattr(cache, "_cache", None)
    if connection.vendor != "postgresql" or not hasattr(client, "get_client"):
        return []
    link = client.get_client()
    said = []
    for key in link.scan_iter("*"):
        kind = link.type(key)
        value = link.get(key) if kind == b"string" else link.dump(key)
        said.append(f"{key!r} {value!r}")
    return [one for one in said if any(needle in one for needle in needles)]


def test_nothing_of_her_is_left(
    office: Caller, both: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """And everything of him is."""
    hers, his = both
    needles = [ERIKA, HER_WORDS, HER_ADDRESS, "ErikaBrowser", HER_PLACE, hers]
    respondent = Session.objects.get(id=hers).respondent
    assert respondent is not None
    assert found(ERIKA, HER_WORDS, hers), "the search finds what is there"
    of_him = [row for row in everything() if his in row[1]]

    answer = office.post("respondents/erase", {"respondent_id": ERIKA})
    assert answer.status_code == 200, answer.content
    receipt = answer.json()
    assert receipt["sessions"] == 1
    assert receipt["rows"] == {
        "common.OutboxRow": 3,
        "detection.DetectionResult": 3,
        "integrations.WebhookAttempt": 2,
        "integrations.WebhookDelivery": 2,
        "integrations.WebhookMessage": 2,
        "sessions_app.Answer": 1,
        "sessions_app.BehaviorData": 2,
        "sessions_app.Respondent": 1,
        "sessions_app.Session": 1,
        "sessions_app.SessionTag": 1,
    }
    assert found(*needles, hers.replace("-", ""), respondent.digest) == []
    assert in_redis(needles) == []
    assert not any(needle in caplog.text for needle in needles)
    assert [row for row in everything() if his in row[1]] == of_him


def test_kept_answer_names_nobody_it_can_be_read_by(
    office: Caller, both: tuple[str, str]
) -> None:
    """What a repeat of hers would get is sealed, and gone in a day."""
    office.post("respondents/erase", {"respondent_id": ERIKA})
    kept = KeptAnswer.objects.filter(expires_at__isnull=False)
    assert kept.exists()
    assert not any(both[0].encode() in bytes(one.answer or b"") for one in kept)


def test_figures_follow(
    office: Caller, organization: Organization, both: tuple[str, str]
) -> None:
    """They are what the sessions say, before and after."""
    sessions = Tally.objects.filter(figure="sessions")
    assert sum(row.number for row in sessions) == 2
    office.post("respondents/erase", {"respondent_id": ERIKA})
    assert sum(row.number for row in sessions.all()) == 1
    assert not [
        one
        for _day, wrong in differences(organization_id=organization.id)
        for one in wrong
    ]


def test_what_waits_is_told_nobody(
    server: Caller,
    office: Caller,
    survey: Survey,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
) -> None:
    """A delivery that was not made yet is not made."""
    answered(server, survey, ERIKA, HER_WORDS)
    assert WebhookMessage.objects.count() == 2
    office.post("respondents/erase", {"respondent_id": ERIKA})
    assert carry_all() == 0
    assert receiver.received == []


def test_late_batch_finds_nobody(
    office: Caller, server: Caller, survey: Survey
) -> None:
    """The browser goes on; nothing of it is stored."""
    body = {"survey_id": str(survey.id), "respondent_id": ERIKA}
    opened = server.post("sessions", body).json()
    visit = Visit(opened["id"], Caller(opened["token"], ORIGIN))
    path = f"sessions/{visit.id}/data"
    assert visit.browser.post(path, make_moves(0)).status_code == 200
    assert office.post("respondents/erase", {"session_id": visit.id}).status_code == 200
    assert visit.browser.post(path, make_moves(1)).status_code == 404
    assert not BehaviorData.objects.exists()
    assert not Session.objects.exists()


def test_export_holds_all_of_hers_and_nothing_of_his(
    office: Caller, both: tuple[str, str]
) -> None:
    """With the reasons in words, and what the platform was told."""
    hers, his = both
    answer = office.post("respondents/export", {"session_id": hers})
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert his not in text
    (session,) = json.loads(text)["sessions"]
    assert session["id"] == hers
    assert session["metadata"] == {"email": f"{HER_WORDS} {HER_ADDRESS}"}
    assert session["consent"]["version"] == "2026-03"
    assert session["gpc"] is True
    assert session["tags"] == [f"of {ERIKA}"]
    assert session["answers"][0]["value"] == f"{HER_WORDS} {HER_ADDRESS}"
    events = [event for batch in session["batches"] for event in batch["events"]]
    assert [event["type"] for event in events] == ["mousemove"] * 10
    assert session["verdict"]["checks"]
    assert session["requests"]["requests"] == 2
    assert {one["event"] for one in session["webhooks"]} == {
        "session.completed",
        "verdict.final",
    }
    assert _said(session["webhooks"])
    assert not Erasure.objects.exists()


def _said(webhooks: list[dict[str, Any]]) -> bool:
    return all(
        delivery["state"] == "succeeded"
        for one in webhooks
        for delivery in one["deliveries"]
    )
