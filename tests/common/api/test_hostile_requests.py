"""Requests that nobody sends by mistake: a problem document, never a 500."""

import base64
import logging
from io import BytesIO
from typing import Any

import pytest
from django.test import Client, RequestFactory
from rest_framework.exceptions import ParseError

from common.api.parsers import read_body
from common.logging import logging_settings
from tests.conftest import ORIGIN, Caller

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "place", ["abc", "", "1", "\x00", "2020-01-01", "'; DROP TABLE x--"]
)
@pytest.mark.parametrize("path", ["sessions", "surveys"])
def test_tampered_cursor_is_404(server: Caller, path: str, place: str) -> None:
    """It was not taken from `next`."""
    cursor = base64.b64encode(f"p={place}".encode()).decode()
    answer = server.get(f"/api/v1/{path}?cursor={cursor}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("depth", [6, 300, 480, 900, 5_000, 100_000])
@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
def test_deep_json_is_400(
    server: Caller, survey: Any, depth: int, pair: tuple[str, str]
) -> None:
    """At every depth, whichever limit meets it first."""
    inner = pair[0] * depth + "1" + pair[1] * depth
    body = f'{{"survey_id": "{survey.id}", "metadata": {{"a": {inner}}}}}'
    answer = server.post("sessions", raw=body.encode())
    assert answer.status_code in {400, 413}


@pytest.mark.parametrize("number", ["1e308", "-1e19", "1e-300", "9" * 40])
def test_numbers_that_swell_are_400(server: Caller, survey: Any, number: str) -> None:
    """PostgreSQL would write 1e308 out in 309 digits."""
    body = f'{{"survey_id": "{survey.id}", "metadata": {{"a": [{number}]}}}}'
    answer = server.post("sessions", raw=body.encode())
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/metadata"


def test_ids_of_64_bits_are_metadata(server: Caller, survey: Any) -> None:
    """Panels number their members so."""
    metadata = {"panelist": 2**63 - 1}
    body = {"survey_id": str(survey.id), "metadata": metadata, "tags": None}
    assert server.post("sessions", body).status_code == 201


def test_chunked_body_is_411(server: Caller, survey: Any) -> None:
    """It would be taken for an empty one: accepted, and lost."""
    client = Client()
    answer: Any = client.generic(
        "PATCH",
        f"/api/v1/surveys/{survey.id}",
        b"",
        headers={
            "Authorization": f"Bearer {server.credential}",
            "Transfer-Encoding": "chunked",
        },
    )
    assert answer.status_code == 411
    assert answer.json()["code"] == "length_required"


def test_body_shorter_than_declared_is_400(rf: RequestFactory) -> None:
    """A connection that broke in the middle stores nothing."""
    request = rf.post("/", b"{}", content_type="application/json")
    request.META["CONTENT_LENGTH"] = "500"
    with pytest.raises(ParseError, match="declared length"):
        read_body(BytesIO(b"{}"), None, {"request": request}, limit=1_000)


def test_form_in_a_strange_charset_is_400() -> None:
    """Reading it breaks; answering must not read it again."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(
        "/demo/1",
        "a=b",
        content_type="application/x-www-form-urlencoded; charset=utf-16",
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
def test_documentation_has_no_options(path: str) -> None:
    """Its answer would need a page that there is not."""
    assert Caller()("OPTIONS", path).status_code == 405


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_health_refuses_other_methods_plainly(method: str) -> None:
    """Not with a page about forged forms."""
    client = Client(enforce_csrf_checks=True)
    answer = client.generic(method, "/healthz/live")
    assert answer.status_code == 405
    assert b"<html" not in answer.content


def test_only_the_api_answers_other_origins(
    site: Caller, django_assert_num_queries: Any
) -> None:
    """And only there an origin costs a look at the database."""
    with django_assert_num_queries(0):
        answer = Caller(origin=ORIGIN).get("/healthz/live")
    assert "Access-Control-Allow-Origin" not in answer
    assert Caller(origin=ORIGIN).get("surveys")["Access-Control-Allow-Origin"] == ORIGIN


def test_unknown_host_is_a_problem_document() -> None:
    """For programs as for people."""
    answer = Caller().get("surveys", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("field", ["id", "created_at"])
def test_fields_of_the_server_are_refused(server: Caller, field: str) -> None:
    """Rather than taken and forgotten."""
    answer = server.post("surveys", {"name": "x", field: "y"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("name", 17, "/name"),
        ("name", True, "/name"),
        ("share_action", 0, "/share_action"),
        ("share_action", "false", "/share_action"),
        ("families_off", "device", "/families_off"),
    ],
)
def test_value_of_another_type_is_400(
    server: Caller, field: str, value: object, pointer: str
) -> None:
    """Rather than taken for what it might have meant."""
    answer = server.post("surveys", {"name": "x", field: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_value_of_another_type_is_found_inside_lists(
    server: Caller, survey: Any
) -> None:
    """And named by its place; numbers without a fraction are whole."""
    body = {"survey_id": str(survey.id), "tags": ["a", 7]}
    answer = server.post("sessions", body)
    assert answer.json()["errors"][0]["pointer"] == "/tags/1"
    assert server.post("sessions", {"survey_id": 17}).status_code == 400
    assert server.get("surveys?limit=5").status_code == 200


def test_list_of_families_is_bounded(server: Caller) -> None:
    """There are eleven."""
    answer = server.post("surveys", {"name": "x", "families_off": ["device"] * 99})
    assert answer.status_code == 400


def test_failures_are_logged_without_what_was_sent() -> None:
    """A traceback shows lines of code, and no local variable."""

    def fail(planted: str) -> None:
        raise ValueError(len(planted))

    formatter = logging_settings(json=False, level="INFO")["formatters"]["line"]
    make = formatter.pop("()")
    words = ["planted", "secret"]
    with pytest.raises(ValueError, match="14") as caught:
        fail("-".join(words))
    record = logging.LogRecord("x", logging.ERROR, "p", 1, "it failed", (), None)
    record.exc_info = caught._excinfo
    text = make(**formatter).format(record)
    assert "ValueError" in text
    assert "-".join(words) not in text
