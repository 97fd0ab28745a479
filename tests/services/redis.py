"""A private Redis server for tests."""

import os
import signal
import socket
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from . import programs
from .folders import Folder
from .processes import ServiceError
from .server import Server

SCHEMES: Final = ("redis://", "rediss://", "unix://")

CONNECT_LIMIT_S: Final = 5


class Redis(Server):
    """Redis that keeps everything in memory: each start begins empty."""

    name = "Redis"
    stop_signal = signal.SIGTERM

    def __init__(self, program: Path | None = None) -> None:
        """Take the server's program, or find it."""
        super().__init__()
        self._program = program or programs.REDIS.obtain()

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return f"redis://127.0.0.1:{self.port}/0"

    def _prepare(self, folder: Folder) -> None:
        """Need nothing."""

    def _command(self, folder: Path, port: int) -> list[str | Path]:
        where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
        return [self._program, *where, "--save", "", "--appendonly", "no"]

    def _answers(self, folder: Path, port: int, pid: int) -> bool:
        """Ask who serves: another Redis may have taken the port first."""
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as link:
                link.sendall(b"INFO server\r\nQUIT\r\n")
                answer = link.makefile("rb").read()
        except OSError:
            return False
        return b"\r\nprocess_id:%d\r\n" % pid in answer

    def _furnish(self) -> None:
        """Need nothing."""


def given_url() -> str | None:
    """Return the address in `REDIS_URL` if there is one and it answers.

    Raises
    ------
    ServiceError
        Nobody answers there.
    """
    url = os.environ.get("REDIS_URL", "")
    if not url.startswith(SCHEMES):
        return None
    try:
        _connect(url)
    except (OSError, ValueError) as error:
        message = f"REDIS_URL is set, but its Redis does not answer: {error}"
        raise ServiceError(message) from error
    return url


def _connect(url: str) -> None:
    """Say hello if a driver is installed, else see whether anyone listens."""
    try:
        import redis  # noqa: PLC0415 - works without it as well
    except ImportError:
        at = urlsplit(url)
        if at.hostname:
            address = (at.hostname, at.port or 6379)
            socket.create_connection(address, CONNECT_LIMIT_S).close()
        return
    client = redis.Redis.from_url(
        url, socket_timeout=CONNECT_LIMIT_S, socket_connect_timeout=CONNECT_LIMIT_S
    )
    try:
        client.ping()
    except redis.RedisError as error:
        raise OSError(str(error)) from error
    finally:
        client.close()
