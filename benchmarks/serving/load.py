"""Browsers that send batches, one after the other, each over its own connection.

Plain sockets and requests that were made beforehand: on two cores that the server
needs as well, a client library would be measured along.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

END_OF_HEAD: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"
OK: Final = b"HTTP/1.1 200"
HOST: Final = "127.0.0.1"


class RefusedError(RuntimeError):
    """The server did not accept a batch; figures of such a run mean nothing."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A session's requests, whole, in their order."""

    requests: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Served:
    """How a server did under load."""

    requests: int
    seconds: float
    # Milliseconds from the first byte sent to the last received, sorted.
    latencies_ms: Sequence[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency that this share of requests stayed below."""
        return self.latencies_ms[int(share * (len(self.latencies_ms) - 1))]


def request(port: int, path: str, body: bytes, token: str = "") -> bytes:
    """Return a whole request."""
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36",
        "Accept: */*",
        "Accept-Language: en-US,en;q=0.9",
    ]
    if token:
        head.append(f"Authorization: Bearer {token}")
    return "\r\n".join(head).encode() + END_OF_HEAD + body


def load(
    port: int, visits: Iterator[Visit], *, browsers: int, seconds: float
) -> Served:
    """Send visits over so many connections at once until the time is over.

    Raises
    ------
    RefusedError
        A batch was answered with anything but 200.
    """
    return asyncio.run(_load(port, visits, browsers, seconds))


async def _load(
    port: int, visits: Iterator[Visit], browsers: int, seconds: float
) -> Served:
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    ends = [loop.create_future() for _ in range(browsers)]
    for end in ends:
        browser = _Browser(port, visits, latencies, start + seconds, end)
        await browser.connect()
    await asyncio.gather(*ends)
    took = time.perf_counter() - start
    return Served(len(latencies), took, sorted(latencies))


class _Browser(asyncio.Protocol):
    """Sends one request after the other, and connects again when it is hung up on.

    Streams would take four times as long, of processors that the servers need.
    """

    def __init__(
        self,
        port: int,
        visits: Iterator[Visit],
        latencies: list[float],
        until: float,
        end: asyncio.Future[None],
    ) -> None:
        self._port, self._latencies = port, latencies
        self._until, self._end = until, end
        self._requests = (sent for visit in visits for sent in visit.requests)
        self._sent: bytes | None = None
        self._since = 0.0
        self._answer = b""
        self._wire: asyncio.Transport | None = None

    async def connect(self) -> None:
        """Connect, again if it was hung up on."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, HOST, self._port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send what was not answered, or the next."""
        self._wire = cast("asyncio.Transport", transport)
        self._answer = b""
        if self._sent is None:
            self._go_on()
        else:
            self._wire.write(self._sent)

    def data_received(self, data: bytes) -> None:
        """Note a whole answer."""
        self._answer += data
        head, found, body = self._answer.partition(END_OF_HEAD)
        if not found or len(body) < _length(head):
            return
        if not head.startswith(OK):
            message = f"{head.splitlines()[0].decode()}: {body[:300].decode()}"
            self._stop(RefusedError(message))
            return
        self._latencies.append(1e3 * (time.perf_counter() - self._since))
        self._answer = b""
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Connect again: a worker hangs up when it has served its share."""
        if self._end.done():
            return
        self._again = asyncio.get_running_loop().create_task(self.connect())

    def _go_on(self) -> None:
        self._since = time.perf_counter()
        self._sent = next(self._requests, None) if self._since < self._until else None
        if self._sent is None:
            self._stop(None)
        elif self._wire is not None:
            self._wire.write(self._sent)

    def _stop(self, error: RefusedError | None) -> None:
        if not self._end.done():
            if error is None:
                self._end.set_result(None)
            else:
                self._end.set_exception(error)
        if self._wire is not None:
            self._wire.close()


def _length(head: bytes) -> int:
    at = head.lower().index(LENGTH) + len(LENGTH)
    return int(head[at:].partition(b"\r\n")[0])
