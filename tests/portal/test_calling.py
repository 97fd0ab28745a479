"""One connection to the API, and servers that do not behave."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event as Flag, Thread
from typing import Any

import pytest

from portal import calling
from portal.calling import (
    Address,
    Caller,
    RefusedError,
    StoppedError,
    UnreachableError,
)

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Scripted:
    """A server that answers as it was told to, one answer after the other."""

    address: Address
    answers: list[Answer | None]
    asked: list[Any] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)


@contextmanager
def scripted(*answers: Answer | None) -> Iterator[Scripted]:
    """Run a server with these answers; None closes the connection without one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.asked.append((self.path, dict(self.headers), body))
            told.connections.add(self.client_address)
            answer = told.answers.pop(0)
            if answer is None:
                self.close_connection = True
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815 - the library's name

        def log_message(self, *_arguments: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        where = Address.read(f"http://127.0.0.1:{server.server_address[1]}/base/")
        told = Scripted(where, list(answers))
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


FINE: Answer = (200, {}, b'{"is": "fine"}')


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for milliseconds where seconds are usual."""
    monkeypatch.setattr(calling, "FIRST_WAIT_S", 0.01)


def test_connection_stays_open() -> None:
    """Requests go to the API below the address's own path, with the key."""
    with scripted(FINE, FINE) as server, closing(Caller(server.address)) as caller:
        assert caller.post("sessions", "key", {"a": 1}) == {"is": "fine"}
        assert caller.get("surveys", "key") == {"is": "fine"}
    assert len(server.connections) == 1
    (path, headers, body), (other, *_rest) = server.asked
    assert (path, other) == ("/base/api/v1/sessions", "/base/api/v1/surveys")
    assert headers["Authorization"] == "Bearer key"
    assert json.loads(body) == {"a": 1}


def test_long_bodies_are_packed() -> None:
    """As the browser's client packs them; short ones are not worth it."""
    long = {"text": "a" * 5_000}
    with scripted(FINE, FINE) as server, closing(Caller(server.address)) as caller:
        caller.post("x", "key", long)
        caller.post("x", "key", {"text": "a"})
    (_, headers, body), (_, others, _) = server.asked
    assert headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(body)) == long
    assert "Content-Encoding" not in others


class Clock(Flag):
    """A flag whose waits pass at once, and are noted."""

    def __init__(self, *, ends: bool = False) -> None:
        super().__init__()
        self.waited: list[float | None] = []
        self._ends = ends

    def wait(self, timeout: float | None = None) -> bool:
        """Note it; set the flag if that is wanted."""
        self.waited.append(timeout)
        if self._ends:
            self.set()
        return self._ends


@pytest.mark.parametrize("status", [429, 503])
def test_server_that_asks_to_wait_is_obeyed(status: int) -> None:
    """For as long as it says, as often as it says so, within reason."""
    clock = Clock()
    busy = [(status, {"Retry-After": after}, b"{}") for after in ("7", "86400", "soon")]
    with (
        scripted(*busy, FINE) as server,
        closing(Caller(server.address, clock)) as caller,
    ):
        assert caller.get("x", "key") == {"is": "fine"}
    assert clock.waited == [7, calling.LONGEST_WAIT_S, calling.FIRST_WAIT_S]
    assert (caller.waits, caller.waited_s) == (3, sum(filter(None, clock.waited)))


def test_stop_ends_the_waiting() -> None:
    """Nobody waits out an hour after Ctrl-C, and nothing more is asked."""
    busy = (429, {"Retry-After": "3600"}, b"{}")
    with (
        scripted(busy) as server,
        closing(Caller(server.address, Clock(ends=True))) as caller,
    ):
        for _request in range(2):
            with pytest.raises(StoppedError):
                caller.get("x", "key")
    assert len(server.asked) == 1


def test_closed_connection_is_opened_anew() -> None:
    """Servers close what was idle for long."""
    answers = (FINE, None, None, FINE)
    with scripted(*answers) as server, closing(Caller(server.address)) as caller:
        assert caller.get("x", "key") == caller.get("x", "key")
    assert len(server.connections) == 3


def test_refusal_names_its_code() -> None:
    """Also when it comes from something in between that speaks no JSON."""
    known: Answer = (409, {}, b'{"code": "session_closed", "detail": "Over."}')
    strange: Answer = (502, {}, b"<html>")
    listed: Answer = (400, {}, b"[]")
    with (
        scripted(known, strange, listed) as server,
        closing(Caller(server.address)) as caller,
    ):
        for status, code in ((409, "session_closed"), (502, "no_json"), (400, "")):
            with pytest.raises(RefusedError) as refused:
                caller.get("x", "key")
            assert (refused.value.status, refused.value.code) == (status, code)


def test_no_server_is_said(free_port: int) -> None:
    """After some tries, or at once where nobody wants to wait."""
    address = Address.read(f"http://127.0.0.1:{free_port}")
    for tries in (1, 3):
        with pytest.raises(UnreachableError, match=f"127.0.0.1:{free_port}"):
            Caller(address, tries=tries).get("x", "key")


def test_stop_ends_the_trying(free_port: int) -> None:
    """A server that has gone does not hold up the end."""
    address = Address.read(f"http://127.0.0.1:{free_port}")
    clock = Clock(ends=True)
    with pytest.raises(StoppedError):
        Caller(address, clock).get("x", "key")
    assert len(clock.waited) == 1


@pytest.mark.parametrize("text", ["127.0.0.1:8000", "ftp://x", "http://", ""])
def test_address_is_checked(text: str) -> None:
    """With an example."""
    with pytest.raises(ValueError, match="no address such as"):
        Address.read(text)


def test_address_is_written_as_it_was_read() -> None:
    """Without the slash at its end."""
    assert str(Address.read("https://a.example/b/")) == "https://a.example/b"
