"""One request to a place of somebody else's, which may be hostile.

The address that was checked is the address that is connected to: a name that leads
elsewhere the second time it is asked leads nobody inside. Nothing of the environment
(proxies) and nothing that the receiver says (redirects) changes where it goes.
"""

import contextlib
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http.client import HTTPException
from typing import Final

from django.conf import settings
from django.utils import timezone
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    SSLError,
)

from .engine.addresses import is_allowed
from .engine.places import PORTS, BadPlaceError, Place, read_place

CONNECT_S: Final = 5.0
# Resolving has no limit of its own in C libraries.
RESOLVE_S: Final = 5.0
# The specification asks for 15 to 30 s. From the first packet to the last: a receiver
# that drips its answer ends as well.
WHOLE_S: Final = 15.0
# The status has been said by then; the body is for the log alone.
BODY_S: Final = 2.0
MOST_READ: Final = 4_096
MOST_KEPT: Final = 500
# A host may have one address by which it cannot be reached from here, IPv6 usually.
MOST_TRIED: Final = 2
# Too Many Requests, and Service Unavailable.
BUSY: Final = frozenset({429, 503})
_SECONDS: Final = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said: its status, and how its words begin."""

    status: int
    start: str = ""
    asked_to_wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request; without an error it arrived."""

    error: str
    duration_ms: int
    answer: Answer | None = None


class NoAddressError(Exception):
    """A host that leads nowhere, or somewhere that is not allowed."""

    error = "unresolved"


class ForbiddenAddressError(NoAddressError):
    """A host that leads to an address that is not public."""

    error = "address"


def place_of(url: str) -> Place:
    """Return where a URL leads, by this installation's rules.

    Raises
    ------
    BadPlaceError
        Nowhere that webhooks are sent to.
    """
    return read_place(
        url,
        ports={*PORTS, *settings.WEBHOOK_PORTS},
        allow_http=settings.WEBHOOK_ALLOW_HTTP,
    )


def checked_addresses(place: Place) -> list[str]:
    """Return a host's addresses, every one of which may be connected to.

    Raises
    ------
    NoAddressError
        It has none, or one of them is not allowed.
    """
    found = resolve(place.host, place.port)
    if not found:
        raise NoAddressError
    if not all(is_allowed(one, settings.WEBHOOK_NETWORKS) for one in found):
        raise ForbiddenAddressError
    return found


def resolve(host: str, port: int) -> list[str]:
    """Return a host's addresses; none if there are none, or not soon enough."""
    answers: queue.Queue[list[str]] = queue.Queue(1)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answers.put([str(where[0]) for *_rest, where in found])

    # A thread that is left behind ends when the resolver gives up.
    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        return list(dict.fromkeys(answers.get(timeout=RESOLVE_S)))
    except queue.Empty:
        return []


def post(url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send a body to a URL; whatever goes wrong is part of the outcome."""
    started = time.monotonic()
    ends_at = started + WHOLE_S
    answer = None
    try:
        place = place_of(url)
        line = _connected(place, checked_addresses(place), ends_at)
        answer = _asked(line, place, headers, body)
        error = _error_of(answer.status)
    except BadPlaceError:
        error = "url"
    except NoAddressError as refused:
        error = refused.error
    except (HTTPError, HTTPException, OSError, ValueError) as failure:
        # A receiver may send anything at all; ValueError is a header that is none.
        error = "timeout" if time.monotonic() >= ends_at else _name_of(failure)
    return Outcome(error, round((time.monotonic() - started) * 1000), answer)


class _Watched(HTTPConnection):
    """A connection that is broken at a moment, whatever it waits for.

    Time-outs of sockets count from the last byte: a receiver that sends one every four
    seconds would hold a worker for days.
    """

    ends_at = 0.0
    was_cut = False
    _twin: socket.socket | None = None
    _watch: threading.Timer | None = None

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        # TLS takes the first one over, and is to end in its handshake as well.
        self._twin = made.dup()
        self.end_at(self.ends_at)
        return made

    def end_at(self, moment: float) -> None:
        """Break it at a moment, and not at the one that was said before."""
        self._stop_watch()
        self._watch = threading.Timer(max(0.0, moment - time.monotonic()), self._cut)
        self._watch.daemon = True
        self._watch.start()

    def leave(self) -> None:
        """End it, and the watch.

        Not `close`: the library calls that as soon as an answer begins that has no
        length, and reads on.
        """
        self._stop_watch()
        if self._twin is not None:
            self._twin.close()
        self.close()

    def _stop_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()

    def _cut(self) -> None:
        self.was_cut = True
        # The other side may have been quicker.
        if self._twin is not None:
            with contextlib.suppress(OSError):
                self._twin.shutdown(socket.SHUT_RDWR)


class _WatchedTLS(_Watched, HTTPSConnection):
    """The same with TLS."""


@lru_cache(maxsize=1)
def _context(ca_file: str) -> ssl.SSLContext:
    """Return what certificates are checked by: the system's, and one's own CA."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _connected(place: Place, addresses: Sequence[str], ends_at: float) -> _Watched:
    """Return a connection to one of the addresses."""
    *others, last = addresses[:MOST_TRIED]
    for address in others:
        try:
            return _connected_to(place, address, ends_at)
        except (NewConnectionError, ConnectTimeoutError):
            continue
    return _connected_to(place, last, ends_at)


def _connected_to(place: Place, address: str, ends_at: float) -> _Watched:
    """Connect to an address and nothing else; the certificate is the host's."""
    line = (
        _Watched(address, place.port, timeout=CONNECT_S)
        if place.scheme == "http"
        else _WatchedTLS(
            address,
            place.port,
            timeout=CONNECT_S,
            server_hostname=place.host,
            ssl_context=_context(settings.WEBHOOK_CA_FILE),
        )
    )
    line.ends_at = ends_at
    try:
        line.connect()
    except BaseException:
        line.leave()
        raise
    return line


def _asked(
    line: _Watched, place: Place, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Send the request; return what was answered."""
    # Between two bytes; the watch sees to the whole.
    line.timeout = WHOLE_S
    with contextlib.ExitStack() as ends:
        ends.callback(line.leave)
        line.request(
            "POST",
            place.target,
            body,
            {"Host": place.authority, **headers},
            preload_content=False,
            decode_content=False,
        )
        response = line.getresponse()
        ends.callback(response.close)
        if line.was_cut:
            # Headers that end in the middle are headers, to the library.
            raise TimeoutError
        # What matters was said.
        line.end_at(min(line.ends_at, time.monotonic() + BODY_S))
        return Answer(response.status, _start_of(response), _wait_of(response))


def _start_of(response: BaseHTTPResponse) -> str:
    """Return how a body begins, as far as it comes in time."""
    read = b""
    try:
        while len(read) < MOST_READ and (more := response.read1(MOST_READ)):
            read += more
    except (HTTPError, HTTPException, OSError, ValueError):
        # Cut off, or broken: the status counts, and what came before is shown.
        pass
    text = read[:MOST_READ].decode("utf-8", errors="replace")
    return text.replace("\x00", "\ufffd")[:MOST_KEPT]


def _wait_of(response: BaseHTTPResponse) -> timedelta | None:
    """Return how long a busy receiver asks to wait, in seconds or until a date."""
    text = response.headers.get("Retry-After", "").strip()
    if response.status not in BUSY or not text:
        return None
    if _SECONDS.fullmatch(text):
        return timedelta(seconds=int(text))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # "-0000" says that the zone is not known; HTTP knows one only.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - timezone.now(), timedelta(0))


def _error_of(status: int) -> str:
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own classes
        return ""
    return "redirect" if 300 <= status < 400 else "status"  # noqa: PLR2004 - likewise


def _name_of(failure: Exception) -> str:
    if isinstance(failure, (TimeoutError, ConnectTimeoutError)):
        return "timeout"
    if isinstance(failure, (SSLError, ssl.SSLError)):
        return "tls"
    if isinstance(failure, (HTTPException, ValueError)):
        return "broken_answer"
    return "connection"
