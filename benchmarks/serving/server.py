"""Gunicorn as production runs it, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
CONFIG: Final = ROOT / "deploy" / "gunicorn.conf.py"
APPLICATION: Final = "django.core.wsgi:get_wsgi_application()"
START_LIMIT_S: Final = 60.0
LOOK_EACH_S: Final = 0.05


class ServerError(RuntimeError):
    """The server did not start."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Where it listens, and its master process."""

    port: int
    pid: int


@contextmanager
def serving(environment: Mapping[str, str], workers: int) -> Iterator[Serving]:
    """Serve with some settings until the block ends.

    Raises
    ------
    ServerError
        It did not listen within a minute.
    """
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", str(CONFIG)]
    choices = ["--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    process = subprocess.Popen(
        [*command, *choices, APPLICATION], cwd=ROOT, env=os.environ | environment
    )
    try:
        _wait(port, process)
        yield Serving(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(LOOK_EACH_S)
    message = "gunicorn did not start; its own words are above."
    raise ServerError(message)
