"""Inputs that break servers, sent to every endpoint: a refusal, never a failure.

Those of the project's own checklist that every endpoint shares; what means something to
one endpoint alone is tried beside it.
"""

import gzip
import json
import time
from typing import Any, Final

import pytest
from django.test import Client

from accounts.models import Organization, User
from accounts.services.members import add_member
from accounts.services.signing_in import begin
from tests.common.api.addresses import api_addresses
from tests.common.api.test_problems import is_problem
from tests.conftest import Caller, Visit, encode, make_moves

pytestmark = pytest.mark.django_db

KIB: Final = 1024
JSON: Final = "application/json"
GZIP: Final = {"Content-Encoding": "gzip"}
BODIES: Final[dict[str, bytes]] = {
    "nothing": b"",
    "null": b"null",
    "list": b"[]",
    "text": b'"x"',
    "number": b"17",
    "true": b"true",
    "cut off": b'{"name": "x',
    "two documents": b"{}{}",
    "not a number": b'{"name": NaN}',
    "infinity": b'{"name": -Infinity}',
    "minus zero": b'{"name": -0, "seq": -0}',
    "swollen number": b'{"name": 1e400, "seq": 1e400}',
    "53 bits": b'{"seq": 9007199254740993}',
    "64 bits": b'{"seq": 9223372036854775808}',
    "5,000 digits": b'{"seq": ' + b"9" * 5_000 + b"}",
    "name twice": b'{"name": "a", "name": "b"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "utf-16": '{"name": "x"}'.encode("utf-16"),
    "latin-1": b'{"name": "\xe9"}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "nul": b'{"name": "a\\u0000b"}',
    "nul in a name": b'{"na\\u0000me": "x"}',
    "bidi override": '{"name": "\u202e\u200d\U0001f600"}'.encode(),
    "prototype": b'{"__proto__": {"is_staff": true}, "constructor": 1}',
    "10,000 brackets": b"[" * 10_000,
    "10,000 levels": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "many fields": encode({str(number): number for number in range(3_000)}),
    "ten megabytes": b'{"name": "' + b"x" * 10 * KIB * KIB + b'"}',
    "mebibyte of items": b"[" + b"1," * (512 * KIB) + b"1]",
    "not json": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    "sql": b'{"name": "\'; DROP TABLE sessions_app_session; --"}',
}
PACKED: Final[dict[str, bytes]] = {
    "bomb": gzip.compress(b" " * 50 * KIB * KIB),
    "cut off": gzip.compress(b"{}")[:-4],
    "followed by more": gzip.compress(b"{}") + b"x",
    "no gzip": b"{}",
    "nothing": b"",
}
TYPES: Final = [
    "",
    "text/plain",
    "application/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "application/json; charset=nonsense",
    "application/json, text/html",
    "x" * 5_000,
]
WRITES: Final = ("POST", "PATCH")
# None of these is worth more than a moment; a machine that is busy needs longer, and
# what grows with the square of its input much longer.
LONGEST_S: Final = 10.0


@pytest.fixture
def callers(server: Caller, visit: Visit, organization: Organization) -> list[Caller]:
    """Everybody who can call: a server, a browser, a person, nobody."""
    person = User.objects.create_user("ada", "ada@survey.example")
    owner = add_member(organization_id=organization.id, user_id=person.id, role="owner")
    return [server, visit.browser, Caller(begin(membership=owner).access), Caller()]


def refused(answer: Any) -> bool:
    """Say whether an answer is one, and in the shape of all refusals."""
    assert answer.status_code < 500, answer.content
    return answer.status_code < 400 or is_problem(answer)


def addresses(visit: Visit) -> list[str]:
    """Return every address, with the id of something that is there."""
    return api_addresses(visit.id)


@pytest.mark.parametrize("name", BODIES)
def test_body_that_nobody_sends_by_mistake(
    callers: list[Caller], visit: Visit, name: str
) -> None:
    """By whoever has a key or token, to every address, with what takes a body."""
    for address in addresses(visit):
        for caller in callers[:3]:
            for method in WRITES:
                begun = time.monotonic()
                assert refused(caller(method, address, raw=BODIES[name]))
                assert time.monotonic() - begun < LONGEST_S, f"{method} {address}"


@pytest.mark.parametrize("name", PACKED)
def test_packed_body_that_is_none(
    callers: list[Caller], visit: Visit, name: str
) -> None:
    """Fifty megabytes in fifty kilobytes, above all."""
    for address in addresses(visit):
        begun = time.monotonic()
        answer = callers[0].post(address, raw=PACKED[name], headers=GZIP)
        assert refused(answer)
        assert time.monotonic() - begun < LONGEST_S, address


@pytest.mark.parametrize("content_type", TYPES)
def test_strange_content_type(
    callers: list[Caller], visit: Visit, content_type: str
) -> None:
    """Whatever the body is called."""
    for address in addresses(visit):
        for caller in callers:
            answer = caller.post(address, raw=b"{}", content_type=content_type)
            assert refused(answer)


@pytest.mark.parametrize(
    "query",
    [
        "limit=1000000000",
        "limit=-1",
        "limit=1e3",
        "limit=%00",
        "cursor=%00%ff",
        "cursor=" + "A" * 4_000,
        "order=password",
        "organization_id=0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f",
        "started_after=9999-12-31T23:59:60Z",
        "started_after=1969-01-01T00:00:00%2B14:00",
        "session_id=../../etc/passwd",
        "format=api",
        "%00=%00&%ff=%ff",
        "&".join(f"a{number}=1" for number in range(1_500)),
    ],
)
def test_strange_query(callers: list[Caller], visit: Visit, query: str) -> None:
    """Pages of a thousand million, times that are none, fields that nobody has."""
    for address in addresses(visit):
        for caller in callers:
            assert refused(caller.get(f"{address}?{query}"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer a b"},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Bearer " + "x" * 8_000},
        {"Authorization": "Bearer bf_st_" + "." * 300},
        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
        {"Authorization": "Basic YTpi"},
        {"Accept": "text/html, */*;q=0.x"},
        {"Accept-Language": "x" * 4_000},
        {"Origin": "null"},
        {"Origin": "https://evil.example\x00"},
        {"If-None-Match": '"' + "x" * 4_000},
        {"X-Forwarded-For": "'; DROP TABLE x; --, ::1%25eth0"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Cookie": "sessionid=" + "x" * 4_000},
    ],
    ids=lambda headers: next(iter(headers.items()))[0],
)
def test_strange_header(visit: Visit, settings: Any, headers: dict[str, str]) -> None:
    """From anybody, behind a proxy."""
    settings.TRUSTED_PROXIES = 1
    client = Client(raise_request_exception=False)
    for address in addresses(visit):
        for method in ("GET", "POST"):
            sent: Any = client.generic(method, address, b"{}", JSON, headers=headers)
            assert refused(sent)
            assert sent.status_code in {401, 404, 405, 400, 403}


@pytest.mark.parametrize(
    "some_id",
    [
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "0192F0C1-2B5A-7C3E-8F10-3A5B7C9D1E2F",
        "{0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f}",
        "0192f0c12b5a7c3e8f103a5b7c9d1e2f",
        "..%2f..%2fetc%2fpasswd",
        "99999999999999999999999999999999999999",
        "-1",
        "%00",
        "%ff%fe",
        "null",
    ],
)
def test_strange_id(callers: list[Caller], some_id: str) -> None:
    """None of them is anything of anybody's."""
    body = make_moves(0)
    for address in {at for at in api_addresses(some_id) if some_id in at}:
        for caller in callers:
            for method in ("GET", "POST", "PATCH", "DELETE"):
                answer = caller(method, address, body)
                assert refused(answer)
                # What there is no experiment of shows the control: a survey goes on.
                shows = method == "GET" and address.endswith("/variant")
                assert shows or answer.status_code >= 400


@pytest.mark.parametrize(
    "field",
    [
        "id", "organization", "organization_id", "is_staff", "is_superuser", "score",
        "created_at", "permissions", "verdict", "bot_probability", "prefix", "digest",
        "revoked_at", "last_used_at", "status", "user_id",
    ],
)  # fmt: skip
def test_field_that_is_not_theirs_to_set(
    callers: list[Caller], visit: Visit, field: str
) -> None:
    """It is refused by name, and nothing is changed or made along with it."""
    server, _browser, owner, _nobody = callers
    asked: list[tuple[Caller, str, str, dict[str, Any]]] = [
        (server, "POST", "surveys", {"name": "x"}),
        (server, "POST", f"sessions/{visit.id}/answers", {"answers": []}),
        (server, "POST", "sessions", {"survey_id": visit.id}),
        (owner, "POST", "keys", {"kind": "secret"}),
        (owner, "POST", "invitations", {"email": "a@b.example", "role": "viewer"}),
    ]
    for caller, method, path, body in asked:
        answer = caller(method, path, {**body, field: "x"})
        assert answer.status_code == 400, path
        assert f"/{field}" in {one["pointer"] for one in answer.json()["errors"]}


def test_attacks_are_what_they_are_called() -> None:
    """A bomb that does not go off would prove nothing."""
    assert len(json.loads(BODIES["many fields"])) == 3_000
    assert len(gzip.decompress(PACKED["bomb"])) > 1_000 * len(PACKED["bomb"]) / 2
