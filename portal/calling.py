"""A program's way to the public API: one connection that stays open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from gzip import compress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event as Flag
from typing import Any, Final
from urllib.parse import urlsplit

TIMEOUT_S: Final = 30.0
# As the browser's client: below this gzip saves nothing worth the time.
GZIP_FROM_BYTES: Final = 1024
# A server that is started anew is away for some seconds.
TRIES: Final = 4
FIRST_WAIT_S: Final = 0.5
# No server should be able to hold a program for longer by mistake.
LONGEST_WAIT_S: Final = 300.0

TOO_MANY: Final = 429
AWAY: Final = 503


class UnreachableError(Exception):
    """No server answers at this address."""


class RefusedError(Exception):
    """The server does not want a request; `status` and `code` say why."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code


class StoppedError(Exception):
    """It was stopped while it waited."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the API is: scheme, host and port, and a path before its own."""

    is_https: bool
    netloc: str
    path: str

    @classmethod
    def read(cls, text: str) -> "Address":
        """Read http://host:port/path.

        Raises
        ------
        ValueError
            It is no such address.
        """
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            msg = f"{text!r} is no address such as http://127.0.0.1:8000."
            raise ValueError(msg)
        return cls(parts.scheme == "https", parts.netloc, parts.path.rstrip("/"))

    def __str__(self) -> str:
        return f"{'https' if self.is_https else 'http'}://{self.netloc}{self.path}"


@dataclass(slots=True)
class Caller:
    """Calls the API on one connection; for one thread."""

    address: Address
    stop: Flag = field(default_factory=Flag)
    # One says at once that there is no server.
    tries: int = TRIES
    # How often the server asked to wait, and for how long in all.
    waits: int = 0
    waited_s: float = 0.0
    _connection: HTTPConnection | None = None

    def get(self, path: str, bearer: str) -> dict[str, Any]:
        """Read something."""
        return self.call("GET", path, bearer)

    def post(
        self,
        path: str,
        bearer: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Write something."""
        return self.call("POST", path, bearer, body, headers)

    def call(
        self,
        method: str,
        path: str,
        bearer: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send a request until it is answered; wait when the server asks to.

        Raises
        ------
        RefusedError
            The server does not want it.
        UnreachableError
            There is no server, or none any more.
        StoppedError
            `stop` was set in the meantime.
        """
        data, told = _packed(body)
        sent = {**(headers or {}), **told, "Authorization": f"Bearer {bearer}"}
        while True:
            if self.stop.is_set():
                raise StoppedError
            status, wait_s, answer = self._exchange(method, path, data, sent)
            if status in {TOO_MANY, AWAY}:
                self._wait(wait_s)
                continue
            if status >= 400:  # noqa: PLR2004 - where refusals begin
                code, detail = answer.get("code", ""), answer.get("detail", "")
                raise RefusedError(status, str(code), str(detail))
            return answer

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _wait(self, seconds: float) -> None:
        """Wait as long as the server asked for."""
        seconds = min(max(seconds, FIRST_WAIT_S), LONGEST_WAIT_S)
        self.waits += 1
        self.waited_s += seconds
        if self.stop.wait(seconds):
            raise StoppedError

    def _exchange(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, float, dict[str, Any]]:
        """Send and receive; a connection that was closed meanwhile is opened anew."""
        whole = f"{self.address.path}/api/v1/{path}"
        reason: Exception | None = None
        for attempt in range(self.tries):
            if attempt > 1 and self.stop.wait(FIRST_WAIT_S * 2**attempt):
                raise StoppedError
            try:
                return self._once(method, whole, data, headers)
            except (HTTPException, OSError) as error:
                self.close()
                reason = error
        msg = f"No server answers at {self.address} ({reason})."
        raise UnreachableError(msg) from reason

    def _once(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, float, dict[str, Any]]:
        connection = self._opened()
        connection.request(method, path, data, dict(headers))
        response = connection.getresponse()
        body = response.read()
        wait_s = _seconds(response.getheader("Retry-After"))
        return response.status, wait_s, _read(body)

    def _opened(self) -> HTTPConnection:
        if self._connection is None:
            kind = HTTPSConnection if self.address.is_https else HTTPConnection
            self._connection = kind(self.address.netloc, timeout=TIMEOUT_S)
        return self._connection


def _packed(body: object) -> tuple[bytes | None, dict[str, str]]:
    """Return a body as bytes, and the headers that describe it."""
    if body is None:
        return None, {}
    data = json.dumps(body, separators=(",", ":")).encode()
    told = {"Content-Type": "application/json"}
    if len(data) <= GZIP_FROM_BYTES:
        return data, told
    return compress(data, 6), {**told, "Content-Encoding": "gzip"}


def _read(body: bytes) -> dict[str, Any]:
    """Return an answer's object; what is none says so in its detail."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {"code": "no_json", "detail": "The answer is not JSON."}
    return answer if isinstance(answer, dict) else {"results": answer}


def _seconds(header: str | None) -> float:
    """Return what Retry-After asks for; dates are for proxies, a second will do."""
    return float(header) if header and header.isdigit() else 0.0
