"""`manage.py serve`: from nothing to a page, again with the data kept, and gone."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL")


@contextmanager
def serve(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run the command as `make run` does."""
    environment = {k: v for k, v in os.environ.items() if k not in LEFT_OUT}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment | {"BONAFIDE_DATA_DIR": str(folder), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def fetch(port: int, path: str, seconds: float = 60) -> bytes:
    """Return a page as soon as it is served."""
    end = time.monotonic() + seconds
    while True:
        try:
            address = f"http://127.0.0.1:{port}{path}"
            body: bytes = urllib.request.urlopen(address).read()
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return body


def end_by_ctrl_c(process: subprocess.Popen[str]) -> str:
    """Send what Ctrl-C sends; return everything that was printed."""
    process.send_signal(signal.SIGINT)
    printed, _nothing = process.communicate(timeout=30)
    return printed


def test_serve_starts_keeps_its_data_and_ends(tmp_path: Path, free_port: int) -> None:
    """The password is printed once, a second start finds the demo, Ctrl-C is clean."""
    port = free_port
    keys = []
    for start in ("first", "second"):
        with serve(tmp_path, port) as process:
            assert b'"status": "ok"' in fetch(port, "/healthz/ready")
            assert b"demo" in fetch(port, "/")
            assert b"Bonafide" in fetch(port, "/static/tracking-client.js")
            printed = end_by_ctrl_c(process)
            assert process.returncode == 0
        assert f"http://localhost:{port}/demo/" in printed
        assert ("shown this once" in printed) is (start == "first")
        assert "Traceback" not in printed
        keys.append((tmp_path / "key_pepper").read_text())
    assert keys[0] == keys[1]


def test_taken_port_is_said_at_once(tmp_path: Path) -> None:
    """With a way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serve(tmp_path, port) as process:
            printed, _nothing = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.search(rf"Port {port} cannot be used: .*PORT=8001 make run", printed)
