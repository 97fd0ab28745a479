"""Browsers that send batches, one after the other, each over its own connection.

Plain sockets and requests that were made beforehand: on two cores that the server
needs as well, a client library would be measured along.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

END_OF_HEAD: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"
OK: Final = b"HTTP/1.1 200"
HOST: Final = "127.0.0.1"

Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


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
    start = time.perf_counter()
    end = start + seconds
    await asyncio.gather(
        *(_browse(port, visits, latencies, end) for _ in range(browsers))
    )
    took = time.perf_counter() - start
    return Served(len(latencies), took, sorted(latencies))


async def _browse(
    port: int, visits: Iterator[Visit], latencies: list[float], end: float
) -> None:
    wire = await asyncio.open_connection(HOST, port)
    for visit in visits:
        for sent in visit.requests:
            start = time.perf_counter()
            if start >= end:
                wire[1].close()
                return
            try:
                await _exchange(wire, sent)
            except (ConnectionError, asyncio.IncompleteReadError):
                # A worker that served its 20,000 requests hangs up, in any of the
                # servers; a browser connects again and repeats.
                wire = await asyncio.open_connection(HOST, port)
                await _exchange(wire, sent)
            latencies.append(1e3 * (time.perf_counter() - start))


async def _exchange(wire: Wire, sent: bytes) -> None:
    reader, writer = wire
    writer.write(sent)
    await _answer(reader)


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(END_OF_HEAD)
    length = next(
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(LENGTH)
    )
    body = await reader.readexactly(length)
    if not head.startswith(OK):
        message = f"{head.splitlines()[0].decode()}: {body[:300].decode()}"
        raise RefusedError(message)
