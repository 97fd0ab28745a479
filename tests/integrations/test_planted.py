"""Secrets and personal values are planted everywhere, and searched for everywhere."""

import base64
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO
from smtplib import SMTPRecipientsRefused
from typing import Any, Final
from uuid import UUID

import pytest
from django.conf import settings as in_force
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp

from accounts.facade import create_key
from accounts.models import Organization, User
from accounts.services.invitations import invite
from accounts.services.members import add_member
from accounts.services.signing_in import begin
from accounts.services.two_factor import begin_set_up, confirm_set_up
from common import outbox
from common.logging import logging_settings
from common.models import OutboxRow
from common.tenancy import scope
from integrations.models import WebhookEndpoint
from sessions_app.api import views
from sessions_app.facade import Survey
from tests.conftest import ORIGIN, encode, make_moves

from .carrying import carry_all
from .receiver import Receiver, says

pytestmark = pytest.mark.django_db(transaction=True)

HER_NAME: Final = "panelist-erika-4711"
HER_WORDS: Final = "I live in Gabelsbergerstrasse"
HER_MAIL: Final = "erika.mustermann@respondent.example"
HER_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) ErikaBrowser/7.31"
HER_PLACE: Final = "203.0.113.77"
ADAS_MAIL: Final = "ada.lovelace@survey.example"
BOBS_MAIL: Final = "bob.kahn@survey.example"
PASSWORD: Final = "a long way to tipperary 4711"
WRONG: Final = "a wrong way to timbuktu 0815"
POISON: Final = "planted.poison"


class Refusing(BaseEmailBackend):
    """A mail server that quotes the address which it refuses."""

    def send_messages(self, messages: Any) -> int:
        """Refuse."""
        to = [address for message in messages for address in message.to]
        raise SMTPRecipientsRefused(dict.fromkeys(to, (550, b"who?")))


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Log as production does, into what the test can read."""
    stream = StringIO()
    chosen = logging_settings(json=True, level="INFO")
    chosen["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(chosen)
    yield stream
    logging.config.dictConfig(in_force.LOGGING)


@pytest.fixture
def planted() -> dict[str, str]:
    """What must be found nowhere, by what it is."""
    return {
        "respondent": HER_NAME,
        "answer": HER_WORDS,
        "mail": HER_MAIL,
        "agent": "ErikaBrowser",
        "place": HER_PLACE,
        "member's mail": ADAS_MAIL,
        "invited mail": BOBS_MAIL,
        "password": PASSWORD,
        "wrong password": WRONG,
        "SECRET_KEY": str(in_force.SECRET_KEY),
        "KEY_PEPPER": str(in_force.KEY_PEPPER),
        "FIELD_KEYS": str(in_force.FIELD_KEYS).partition(":")[2],
    }


def call(
    method: str, path: str, body: object = None, *, token: str = "", raw: bytes = b""
) -> Any:
    """Call as her browser does."""
    headers = {"User-Agent": HER_AGENT, "Origin": ORIGIN}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return Client(raise_request_exception=False).generic(
        method,
        f"/api/v1/{path}",
        raw or (b"" if body is None else encode(body)),
        "application/json",
        headers=headers,
        REMOTE_ADDR=HER_PLACE,
    )


def answer_a_survey(key: str, survey: Survey) -> str:
    """Let her answer, make every mistake there is, and end; return her token."""
    opening = {
        "survey_id": str(survey.id),
        "respondent_id": HER_NAME,
        "metadata": {"mail": HER_MAIL, "says": HER_WORDS},
    }
    opened = call("POST", "sessions", opening, token=key).json()
    path, token = f"sessions/{opened['id']}", opened["token"]
    given = {"item": "q1", "type": "text", "value": f"{HER_WORDS} {HER_MAIL}"}
    for method, where, body, who in (
        ("POST", f"{path}/data", make_moves(0), token),
        ("POST", f"{path}/answers", {"answers": [given]}, key),
        ("POST", f"{path}/answers", {"answers": [given | {"type": HER_WORDS}]}, key),
        ("POST", f"{path}/data", {"seq": HER_MAIL, "events": HER_WORDS}, token),
        ("POST", "sessions", opening | {HER_MAIL: HER_WORDS}, key),
        ("POST", "sessions", opening | {"survey_id": HER_MAIL}, key),
        ("GET", f"sessions?respondent_id={HER_NAME}&tag={HER_MAIL}", None, key),
        ("GET", f"sessions/{HER_NAME}", None, key),
        ("POST", "sessions", opening, f"bf_sk_live_{HER_NAME}"),
        ("POST", "sessions", opening, HER_MAIL),
        ("POST", f"{path}/complete", None, key),
        ("POST", f"{path}/data", make_moves(5), token),
    ):
        call(method, where, body, token=who)
    call("POST", "sessions", raw=f'{{"mail": "{HER_MAIL}'.encode(), token=key)
    large = b'{"x": "' + HER_WORDS.encode() * 20_000 + b'"}'
    call("POST", f"{path}/data", raw=large, token=token)
    return str(token)


def work_in_the_console(organization: Organization, planted: dict[str, str]) -> None:
    """Sign in, wrongly too; a second factor, letters that nobody takes, a token."""
    ada = User.objects.create_user("ada", ADAS_MAIL, PASSWORD)
    ours: dict[str, Any] = {"organization_id": organization.id}
    member = add_member(user_id=ada.id, role="owner", **ours)
    client = Client()
    for word in (WRONG, PASSWORD):
        client.post(reverse("admin:login"), {"username": "ada", "password": word})
    device = begin_set_up(user=ada)
    planted["authenticator"] = device.secret
    planted["its letters"] = base64.b32encode(device.bin_key).decode()
    codes = confirm_set_up(user=ada, code=f"{totp(device.bin_key):06d}") or []
    planted |= {f"recovery {n}": code for n, code in enumerate(codes)}
    client.post(reverse("admin_password_reset"), {"email": ADAS_MAIL})
    invite(email=BOBS_MAIL, role="viewer", **ours)
    pair = begin(membership=member)
    planted |= {"access": pair.access, "refresh": pair.refresh}
    body = {"username": "ada", "password": WRONG}
    call("POST", "auth/token", body)
    call("POST", "auth/token", {"username": ADAS_MAIL, "password": PASSWORD})


def stored() -> Iterator[tuple[str, str]]:
    """Yield every row of every table as the database writes it down."""
    with scope.everywhere("search"), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {name}")  # noqa: S608 - our tables
            for row in cursor.fetchall():
                yield table, " ".join(_text(value) for value in row)


def _text(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("latin-1")
    return str(value)


def in_redis() -> Iterator[tuple[str, str]]:
    """Yield what the cache holds, where that is Redis."""
    if "redis" not in str(in_force.CACHES["default"]["BACKEND"]).lower():
        return
    client: Any = cache
    link = client._cache.get_client()
    for key in link.scan_iter("*"):
        value = link.get(key) if link.type(key) == b"string" else link.dump(key)
        yield "redis", f"{key!r} {value!r}"


def test_nothing_planted_is_found(
    organization: Organization,
    survey: Survey,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    planted: dict[str, str],
    log: StringIO,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In no table, no key of Redis, no line of the log, and no error's answer."""
    _key, key = create_key(organization_id=organization.id, kind="secret")
    planted["key"] = key.rpartition("_")[2]
    planted["webhook's secret"] = endpoint.secrets[0]["key"]
    receiver.answer = says(500, f"no room for {HER_WORDS[:4]}".encode())
    planted["token"] = answer_a_survey(key, survey)
    carry_all()

    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    work_in_the_console(organization, planted)
    assert mail.outbox == []

    said = fail_within(key, survey, monkeypatch)
    assert OutboxRow.objects.filter(topic=POISON, last_error__contains="ValueError")

    text = log.getvalue()
    assert any(line.startswith('{"timestamp"') for line in text.splitlines()), text
    assert "ValueError" in text
    places = [("log", text), ("answer", said), *stored(), *in_redis()]
    found = {
        (where, what)
        for where, row in places
        for what, value in planted.items()
        if value in row
    }
    assert found == set()


def fail_within(key: str, survey: Survey, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a view and a task fail with her values in their errors; return answers."""

    def fail(**_named: Any) -> None:
        message = f"duplicate key value: ({HER_MAIL}, {HER_WORDS})"
        raise ValueError(message)

    with monkeypatch.context() as patch:
        patch.setattr(views, "open_session", fail)
        body = {"survey_id": str(survey.id), "respondent_id": HER_NAME}
        answer = call("POST", "sessions", body, token=key)
    assert answer.status_code == 500
    page = Client(raise_request_exception=False).get(f"/{HER_NAME}/{HER_MAIL}")
    assert page.status_code == 404

    def poisoned(*, organization_id: UUID | None, key: str) -> None:
        fail()

    monkeypatch.setitem(outbox._handlers, POISON, poisoned)
    row = outbox.add(topic=POISON, key=survey.id, organization_id=None)
    if not OutboxRow.objects.get(id=row.id).attempts:
        with pytest.raises(ValueError, match="duplicate"):
            outbox.deliver_row(row.id)
    return str(answer.content.decode())
