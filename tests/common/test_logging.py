"""What a log line says, and what no line may hold."""

import io
import json
import logging.config
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest
import structlog
from celery import current_app, shared_task
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from accounts.models import Organization, User
from common import request_ids, task_ids
from common.logging import logging_settings
from common.redaction import error_in_a_line, traceback_text, without_values
from common.tenancy import scope
from tests.conftest import ORIGIN, Caller, encode
from tests.isolation import calls
from tests.isolation.world import World, build

# What a respondent, a member or a caller may send, and no line may repeat.
PLANTED: Final = {
    "mail": "ada.lovelace@countess.example",
    "name": "Ada Augusta King",
    "address": "203.0.113.77",
    "network6": "2001:db8:ada:1:2:3:4:5",
    "password": "tragic-analytical-engine",
    "key": "bf_sk_AdaAdaAdaAdaAdaAdaAdaAda",
    "agent": "Lovelace/1843",
    "cookie": "sessionid=note-g-of-ada",
    "respondent": "panel-member-1815",
}
log = structlog.get_logger("tests")


class Lines(list[dict[str, Any]]):
    """What was logged, as production writes it."""

    def __init__(self, stream: io.StringIO) -> None:
        super().__init__()
        self.stream = stream

    @property
    def text(self) -> str:
        """Return all of it."""
        return self.stream.getvalue()

    def read(self) -> list[dict[str, Any]]:
        """Return each line's values."""
        return [json.loads(line) for line in self.text.splitlines()]

    def forget(self) -> None:
        """Begin anew."""
        self.stream.seek(0)
        self.stream.truncate()

    def of(self, event: str) -> dict[str, Any]:
        """Return the only line of an event."""
        (found,) = [line for line in self.read() if line["event"] == event]
        return found


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Write what is logged as production does, each level of it."""
    config = logging_settings(json=True, level="DEBUG")
    stream = io.StringIO()
    config["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(config)
    # pytest's own would keep records that Django's dictConfig has not seen.
    yield Lines(stream)
    logging.config.dictConfig(settings.LOGGING)


@pytest.fixture
def world(organization: Organization) -> World:
    """An organization with a row of everything that has an address."""
    return build(organization)


def test_line_begins_with_stable_names(
    lines: Lines, organization: Organization
) -> None:
    """Whoever searches knows what to search by."""
    with scope.entered(organization.id):
        log.info("session.tested", session_id=17)
    line = lines.of("session.tested")
    assert list(line) == [
        "timestamp",
        "level",
        "logger",
        "event",
        "organization_id",
        "session_id",
    ]
    assert line["organization_id"] == str(organization.id)
    assert line["timestamp"].endswith("Z")
    assert (line["level"], line["logger"]) == ("info", "tests")


@pytest.mark.django_db
def test_lines_of_a_request_say_whose_it_is(lines: Lines, world: World) -> None:
    """The id is the answer's; the organization is the key's."""
    lines.forget()
    answer = world.callers["secret key"].get(
        f"sessions/{world.ids['session_id']}/status"
    )
    line = lines.of("request.answered")
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["organization_id"] == str(world.organization.id)
    assert line["route"] == "api/v1/sessions/<uuid:session_id>/status"


@pytest.mark.django_db
def test_stranger_has_no_organization(lines: Lines) -> None:
    """Nobody is known; the line before was somebody else's."""
    Caller("nothing").get("sessions")
    assert "organization_id" not in lines.of("request.answered")


@pytest.mark.django_db
@pytest.mark.parametrize("call", calls.every(), ids=lambda call: call.name)
def test_no_line_holds_what_was_sent(lines: Lines, world: World, call: Any) -> None:
    """Each call, well and badly made, with values planted wherever they fit."""
    caller = world.callers["secret key"]
    for who in (caller, world.callers["session token"], Caller(PLANTED["key"])):
        _plant(who, call, world, call.body(world))
        _plant(who, call, world, PLANTED)
        _plant(who, call, world, PLANTED["name"], query=f"?q={PLANTED['mail']}")
    found = [what for what, value in PLANTED.items() if value in lines.text]
    assert found == []
    assert lines.read() != []


def _plant(who: Caller, call: Any, world: World, body: Any, query: str = "") -> None:
    """Make a call and take back what it did."""
    filled = _filled(body)
    headers = {
        "User-Agent": PLANTED["agent"],
        "Cookie": PLANTED["cookie"],
        "X-Forwarded-For": PLANTED["network6"],
        "Origin": ORIGIN,
        "Authorization": f"Bearer {who.credential}",
    }
    address = f"/api/v1/{call.address(world)}"
    with transaction.atomic():
        Client(raise_request_exception=False, REMOTE_ADDR=PLANTED["address"]).generic(
            call.method,
            address + (query if "?" not in address else ""),
            b"" if filled is None else encode(filled),
            "application/json",
            headers=headers,
        )
        transaction.set_rollback(True)


def _filled(body: Any) -> Any:
    """Put planted values where a body has free text."""
    if isinstance(body, dict):
        planted = {"email": "mail", "password": "password", "name": "name"}
        return {
            name: PLANTED[planted[name]] if name in planted else value
            for name, value in body.items()
        }
    return body


@pytest.mark.django_db
def test_server_error_is_told_by_its_route(
    lines: Lines, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With where it happened, without what it happened to."""

    def fail(**_arguments: object) -> None:
        planted = PLANTED["mail"]
        msg = f"Cannot keep {planted!r} of {PLANTED['address']}"
        raise RuntimeError(msg)

    monkeypatch.setattr("sessions_app.api.views.open_session", fail)
    body = {"survey_id": world.ids["survey_id"], "respondent_id": PLANTED["respondent"]}
    answer = world.callers["secret key"].post("sessions", body)
    assert answer.status_code == 500
    line = lines.of("request.failed")
    assert line["route"] == "api/v1/sessions"
    assert line["error"] == "RuntimeError"
    assert "in fail" in line["exception"]
    assert not [name for name, value in PLANTED.items() if value in lines.text]


@pytest.mark.django_db
def test_row_that_a_database_refused_is_not_quoted(lines: Lines) -> None:
    """PostgreSQL adds the values to its sentence, SQLite does not."""
    User.objects.create_user(PLANTED["name"], PLANTED["mail"], None)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        User.objects.create_user(PLANTED["name"], PLANTED["mail"], None)
    log.error("it.failed", exc_info=caught.value)
    assert PLANTED["name"] not in lines.text
    assert "username" in lines.of("it.failed")["error"]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes any text.")
def test_value_that_a_database_cannot_read_is_not_quoted(lines: Lines) -> None:
    """Here the first line quotes it."""
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT %s::text::uuid", [PLANTED["mail"]])
    log.error("it.failed", exc_info=caught.value)
    assert PLANTED["mail"] not in lines.text
    assert "sqlstate=22P02" in lines.of("it.failed")["error"]


@pytest.mark.parametrize("value", PLANTED.values(), ids=PLANTED)
def test_quoted_value_is_left_out(value: str) -> None:
    """However a program quotes it."""
    assert value not in without_values(f"bad {value!r}")
    assert value not in error_in_a_line(KeyError(value))
    assert value not in without_values(f'bad "{value}" there')


@pytest.mark.parametrize("what", ["mail", "address", "network6", "key"])
def test_value_that_looks_like_one_is_left_out(what: str) -> None:
    """Without any quotation marks."""
    assert without_values(f"from {PLANTED[what]} at") == "from … at"


def test_plain_words_stay() -> None:
    """A log that says nothing helps nobody."""
    words = "It doesn't fit: 17 of 20 rows, at 12:30:05."
    assert without_values(words) == words


def test_cause_is_told_before_its_effect() -> None:
    """With the frames of both."""
    with pytest.raises(ValueError, match="late") as caught:
        _fail_twice()
    told = traceback_text(caught.value)
    assert told.index("\nKeyError") < told.index("\nValueError")
    assert told.count("in _fail_twice") == 2


def _fail_twice() -> None:
    nothing: dict[str, str] = {}
    try:
        assert nothing["a"]
    except KeyError as error:
        msg = "late"
        raise ValueError(msg) from error


@pytest.mark.parametrize(
    ("logger", "message", "event"),
    [
        ("gunicorn.error", "Error handling request %s", "request.failed"),
        ("gunicorn.error", "Invalid request from ip=%s", "request.unreadable"),
        ("gunicorn.error", "Booting worker with pid: 7 (%s)", "Booting worker with"),
        ("django.security.DisallowedHost", "Bad host: %s", "request.suspicious"),
        ("celery.app.trace", "Task x raised %s", "task.failed"),
        ("any.library", "It met %s.", "It met …."),
    ],
)
def test_other_libraries_are_told_in_our_words(
    lines: Lines, logger: str, message: str, event: str
) -> None:
    """They quote what came in."""
    logging.getLogger(logger).error(message, PLANTED["mail"])
    (line,) = lines.read()
    assert line["event"].startswith(event)
    assert PLANTED["mail"] not in lines.text


@shared_task(name="tests.say")
def say() -> None:
    """Log a line."""
    log.info("task.spoke")


def test_task_is_named_with_the_request_that_caused_it(lines: Lines) -> None:
    """And when it is over, the request goes on under its own name alone."""
    with structlog.contextvars.bound_contextvars(request_id="r" * 16):
        task_id = say.apply().id
        log.info("request.goes_on")
    spoke = lines.of("task.spoke")
    assert (spoke["task"], spoke["task_id"]) == ("tests.say", task_id)
    assert spoke["request_id"] == "r" * 16
    assert "task" not in lines.of("request.goes_on")


def test_request_id_travels_in_the_message(lines: Lines) -> None:
    """A worker is another process: it knows what the message says."""
    headers: dict[str, Any] = {}
    with structlog.contextvars.bound_contextvars(request_id="q" * 16):
        task_ids.carry(headers=headers)
    assert request_ids.current() is None
    current_app.tasks["tests.say"].apply(headers=headers)
    assert lines.of("task.spoke")["request_id"] == "q" * 16


def test_failed_task_is_told_without_its_arguments(lines: Lines) -> None:
    """Celery's sentence holds the error's text."""

    @shared_task(name="tests.fail")
    def fail(value: str) -> None:
        raise ValueError(value)

    fail.apply(args=(PLANTED["mail"],))
    line = lines.of("task.failed")
    assert line["task"] == "tests.fail"
    assert "ValueError" in line["exception"]
    assert PLANTED["mail"] not in lines.text


def test_celery_brings_no_handlers_of_its_own() -> None:
    """A worker's lines are JSON as well: its set-up is ours."""
    program = (
        "import logging, django; django.setup()\n"
        "from config import celery_app\n"
        "celery_app.log.setup(loglevel='INFO', redirect_stdouts=True)\n"
        "import structlog\n"
        "root, task = logging.getLogger(), logging.getLogger('celery.task')\n"
        "assert [type(h.formatter) for h in root.handlers]"
        " == [structlog.stdlib.ProcessorFormatter], root.handlers\n"
        "assert task.handlers == [] and task.propagate\n"
    )
    settings_module = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    subprocess.run(
        [sys.executable, "-c", program], env=os.environ | settings_module, check=True
    )
