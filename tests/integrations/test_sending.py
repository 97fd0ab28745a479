"""Where webhooks go, and that nobody makes them go elsewhere, or wait for ever."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from integrations import sending
from integrations.sending import post, resolve

from .conftest import Names
from .receiver import HOST, Receiver, drips, hangs, says, served

SENT = {"webhook-id": "msg_1", "Content-Type": "application/json"}


def send(url: str) -> sending.Outcome:
    """Send something."""
    return post(url, headers=SENT, body=b'{"a":1}')


def test_request_arrives_as_it_was_made(receiver: Receiver) -> None:
    """With the host's own name, for a server that has several."""
    outcome = send(receiver.url)
    assert (outcome.error, outcome.answer and outcome.answer.status) == ("", 200)
    assert outcome.answer is not None
    assert outcome.answer.start == "thank you"
    (request,) = receiver.received
    assert (request.path, request.body) == ("/hook?a=1", b'{"a":1}')
    assert request.headers["host"] == f"{HOST}:{receiver.port}"
    assert request.headers["webhook-id"] == "msg_1"


def test_it_connects_to_the_address_that_was_checked(
    receiver: Receiver,
    names: Names,
    authority: tuple[Path, Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is asked once; whatever it says afterwards, nobody hears."""
    answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]]
    monkeypatch.setattr(sending, "resolve", lambda *_args: answers.pop(0))
    with served(authority[1:], "127.0.0.2", receiver.port) as other:
        assert send(receiver.url).error == ""
        assert (receiver.connections, other.connections) == (["127.0.0.1"], [])
    assert len(answers) == 2


def test_name_that_turns_inwards_is_refused_when_it_is_sent(
    receiver: Receiver, names: Names, settings: Any
) -> None:
    """It was public when it was registered: the second answer is private."""
    settings.WEBHOOK_NETWORKS = []
    outcome = send(receiver.url)
    assert (outcome.error, receiver.connections) == ("address", [])


@pytest.mark.parametrize("second", ["10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_one_bad_address_among_good_ones_is_enough(
    receiver: Receiver, names: Names, second: str
) -> None:
    """Whoever mixes them hopes for the second try."""
    names[HOST] = ["127.0.0.1", second]
    assert (send(receiver.url).error, receiver.connections) == ("address", [])


def test_second_address_is_tried_when_the_first_is_closed(
    receiver: Receiver, names: Names, settings: Any
) -> None:
    """Nobody listens at the first one."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/24"]
    names[HOST] = ["127.0.0.3", "127.0.0.1"]
    assert send(receiver.url).error == ""


def test_nothing_of_the_environment_leads_elsewhere(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would resolve the name by itself."""
    for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert send(receiver.url).error == ""


def test_redirect_is_a_failure_and_is_not_followed(receiver: Receiver) -> None:
    """To ourselves, which would be seen."""
    receiver.answer = says(302, Location=receiver.url)
    outcome = send(receiver.url)
    assert (outcome.error, len(receiver.received)) == ("redirect", 1)


def test_certificate_must_be_the_hosts(receiver: Receiver, names: Names) -> None:
    """Checked against the name that was registered, not against the address."""
    names["other.example"] = ["127.0.0.1"]
    url = receiver.url.replace(HOST, "other.example")
    assert (send(url).error, receiver.received) == ("tls", [])


def test_certificate_must_be_of_a_known_authority(
    receiver: Receiver, settings: Any
) -> None:
    """The tests' own is not among the system's."""
    settings.WEBHOOK_CA_FILE = ""
    assert (send(receiver.url).error, receiver.received) == ("tls", [])


@pytest.mark.parametrize(
    ("status", "error"),
    [(200, ""), (204, ""), (301, "redirect"), (400, "status"), (410, "status")],
)
def test_success_is_success_alone(receiver: Receiver, status: int, error: str) -> None:
    """Everything between 200 and 299."""
    receiver.answer = says(status, b"" if status == 204 else b"x")
    assert send(receiver.url).error == error


def test_a_long_answer_is_read_as_far_as_it_is_kept(receiver: Receiver) -> None:
    """Megabytes of somebody else's words are nobody's business."""
    receiver.answer = says(200, b"<script>" + b"a\x00" * 1_000_000)
    outcome = send(receiver.url)
    assert outcome.answer is not None
    assert outcome.answer.start.startswith("<script>a\ufffda")
    assert len(outcome.answer.start) == 500


def test_packed_answer_is_not_unpacked(receiver: Receiver) -> None:
    """A bomb stays one."""
    receiver.answer = says(200, b"\x1f\x8b" + b"\x00" * 50, Content_Encoding="gzip")
    assert send(receiver.url).error == ""


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (hangs, "timeout"),
        (drips(b"HTTP/1.1 200 OK\r\nX-"), "timeout"),
        (drips(b""), "timeout"),
        (drips(b"HTTP/1.1 200 OK\r\n\r\n"), ""),
    ],
    ids=["nothing", "headers", "status line", "body"],
)
def test_receiver_that_takes_its_time_is_left(
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[Any], None],
    error: str,
) -> None:
    """Each byte comes soon after the one before; the whole never ends."""
    monkeypatch.setattr(sending, "WHOLE_S", 1.0)
    monkeypatch.setattr(sending, "BODY_S", 0.5)
    receiver.answer = answer
    started = time.monotonic()
    assert send(receiver.url).error == error
    assert time.monotonic() - started < 3


def test_handshake_that_never_ends_is_left(
    names: Names, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS asks, and plain HTTP waits for a request."""
    monkeypatch.setattr(sending, "WHOLE_S", 1.0)
    settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
    with served(None) as plain:
        settings.WEBHOOK_PORTS = [plain.port]
        started = time.monotonic()
        assert send(plain.url).error in {"timeout", "tls"}
        assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "words",
    [b"", b"no HTTP at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"],
)
def test_answer_that_is_no_http_is_told(receiver: Receiver, words: bytes) -> None:
    """Nothing that a receiver says raises."""

    def answer(handler: Any) -> None:
        handler.wfile.write(words)

    receiver.answer = answer
    assert send(receiver.url).error in {"broken_answer", "connection", ""}


def test_nobody_there(receiver: Receiver, names: Names) -> None:
    """A name without an address, and an address without a server."""
    assert send("https://nowhere.example/").error == "unresolved"
    names[HOST] = ["127.0.0.1"]
    with served(None) as gone:
        url = receiver.url.replace(str(receiver.port), str(gone.port))
    assert send(url).error == "url"


def test_plain_http_is_for_developers(names: Names, settings: Any) -> None:
    """Only where the setting says so."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
    with served(None) as plain:
        settings.WEBHOOK_PORTS = [plain.port]
        url = plain.url.replace("https", "http")
        assert (send(url).error, plain.connections) == ("url", [])
        settings.WEBHOOK_ALLOW_HTTP = True
        assert send(url).error == ""


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("-5", None),
        ("9" * 40, None),
        ("soon", None),
        ("Mon, 01 Jan 2024 00:00:00 GMT", 0),
    ],
)
def test_busy_receiver_says_how_long(
    receiver: Receiver, header: str, seconds: int | None
) -> None:
    """In seconds, or until a date; what cannot be read is not said."""
    receiver.answer = says(503, Retry_After=header)
    answer = send(receiver.url).answer
    assert answer is not None
    waits = None if answer.asked_to_wait is None else answer.asked_to_wait.seconds
    assert waits == seconds


def test_only_busy_receivers_are_asked_how_long(receiver: Receiver) -> None:
    """With 500 it means nothing."""
    receiver.answer = says(500, Retry_After="120")
    answer = send(receiver.url).answer
    assert answer is not None
    assert answer.asked_to_wait is None


def test_names_are_resolved_once_and_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address, each once; a name server that hangs is not waited for."""
    assert "127.0.0.1" in resolve("localhost", 443)
    assert resolve("127.0.0.1", 443) == ["127.0.0.1"]
    monkeypatch.setattr(sending, "RESOLVE_S", 0.1)
    hanging = Event()

    def hang(*_args: Any, **_kwargs: Any) -> list[Any]:
        hanging.wait(10)
        return []

    monkeypatch.setattr("integrations.sending.socket.getaddrinfo", hang)
    assert resolve("slow.example", 443) == []
    hanging.set()
