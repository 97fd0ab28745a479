"""What browsers are told of every answer, and which request it answers."""

import re
from typing import Any, Final

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from common.middleware import RequestLog
from tests.conftest import Caller

pytestmark = pytest.mark.django_db

# Swagger UI and Redoc write styles of their own into the page.
INLINE_STYLES: Final = {"/api/docs", "/api/redoc"}
PROGRAMS: Final = ("/api/v1/", "/ofrep/v1/", "/healthz/", "/api/schema")
POLICY: Final = {
    "base-uri": "'none'",
    "default-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def plain_addresses(resolver: Any = None, prefix: str = "/") -> list[str]:
    """Return every address that holds nothing to fill in."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern).lstrip("^").rstrip("$").rstrip("\\Z")
        if isinstance(entry, URLResolver):
            found += plain_addresses(entry, address)
        elif isinstance(entry, URLPattern) and not re.search(r"[<(]", address):
            found.append(address)
    return found


def policy_of(answer: Any) -> dict[str, str]:
    """Return an answer's Content-Security-Policy by directive."""
    parts = (
        part.strip().partition(" ")
        for part in answer["Content-Security-Policy"].split(";")
    )
    return {name: value for name, _space, value in parts}


PAGES: Final = [
    *(at for at in plain_addresses() if not at.startswith(PROGRAMS)),
    "/nothing/here",
    "/admin/nothing/here",
]


def test_there_are_pages() -> None:
    """The tests below try some."""
    assert {"/", "/admin/login/", "/demo/"} <= set(PAGES)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_the_strict_policy(
    admin_client: Client, address: str, method: str
) -> None:
    """Errors and redirects as well: a page that forgets it is a hole."""
    answer = admin_client.generic(method, address)
    assert answer.status_code < 500
    policy = policy_of(answer)
    assert POLICY.items() <= policy.items()
    assert "unsafe" not in policy["script-src"]
    if address not in INLINE_STYLES:
        assert "unsafe" not in answer["Content-Security-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/", "/admin/login/", "/demo/", "/nothing/here"])
def test_scripts_and_styles_in_pages_carry_the_nonce(address: str) -> None:
    """And each answer has one of its own."""
    nonces = set()
    for _ in range(2):
        answer = Client().get(address)
        inline = re.findall(r"<(script|style)\b(?![^>]*\bsrc=)([^>]*)>", answer.text)
        data = 'type="application/json"'
        for _tag, attributes in inline:
            assert "nonce=" in attributes or data in attributes
        found = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"])
        nonces.add(found and found[1])
        assert not re.search(r"\s(on\w+|style)=[\"']", answer.text)
    assert nonces == {None} or len(nonces) == 2


@pytest.mark.parametrize("address", ["/api/v1/surveys", "/api/v1/x", "/healthz/live"])
def test_answers_to_programs_run_nothing(address: str) -> None:
    """Opened as a page they are text."""
    answer = Caller().get(address)
    assert policy_of(answer) == {"default-src": "'none'", "frame-ancestors": "'none'"}
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/", "/api/v1/surveys"])
def test_browsers_are_kept_to_tls(settings: LazySettings, address: str) -> None:
    """As production is set."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    answer = Client().get(address, secure=True)
    told = answer["Strict-Transport-Security"]
    assert told == "max-age=31536000; includeSubDomains"


def test_every_answer_names_its_request() -> None:
    """Refusals, pages and what is not there; no two alike."""
    addresses = ["/", "/api/v1/surveys", "/api/v1/nothing", "/healthz/live"] * 2
    ids = [Client().get(address)["X-Request-ID"] for address in addresses]
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in ids)
    assert len(set(ids)) == len(ids)


def test_log_lines_name_the_request(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """The very one that its answer names; the next request has another."""
    caplog.set_level("INFO")
    log = RequestLog(lambda _request: HttpResponse(status=404))
    ids = [log(rf.get("/")).headers["X-Request-ID"] for _ in range(2)]
    lines = [line for line in caplog.messages if "request.answered" in line]
    assert [one in line for one, line in zip(ids, lines, strict=True)] == [True, True]
    assert ids[0] not in lines[1]


@pytest.mark.parametrize(
    ("proxies", "sent", "is_taken"),
    [
        (1, "0af7651916cd43dd8448eb211c80319c", True),
        (0, "0af7651916cd43dd8448eb211c80319c", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "12345678\nrequest.answered", False),
        (1, "12345678 user=admin", False),
    ],
)
def test_only_our_proxy_names_requests(
    rf: RequestFactory,
    settings: LazySettings,
    proxies: int,
    sent: str,
    *,
    is_taken: bool,
) -> None:
    """And nobody writes lines of their own into a log."""
    settings.TRUSTED_PROXIES = proxies
    log = RequestLog(lambda _request: HttpResponse())
    answer = log(rf.get("/", headers={"X-Request-ID": sent}))
    assert (answer.headers["X-Request-ID"] == sent) is is_taken
