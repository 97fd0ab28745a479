"""Schemathesis reads the OpenAPI document and tries what follows from it.

`schemathesis.toml` beside this file says what is excluded, and why. The server is the
embedded default, in a process of its own: the one that pytest-django has makes a
connection to the database for each request.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest
from django.conf import settings

from tests.services.processes import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
CONFIG: Final = Path(__file__).parent / "schemathesis.toml"
# 3,500 requests: half a minute on two processors of one's own.
LONGEST_S: Final = 170


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return what programs are started with: no server of the tests', and no limits."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    limits = [f"{g}.{w}=1000000" for g, row in settings.LIMITS.items() for w in row]
    return inherited | {
        "BONAFIDE_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "LIMITS": ",".join(limits),
    }


@pytest.fixture
def address(environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """Serve what was planted."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "tests.common.seed"]
    planted = subprocess.check_output(command, cwd=ROOT, env=environment)
    # Above it stands the letter that invites somebody.
    environment |= json.loads(planted.splitlines()[-1])
    serve = ["-m", "gunicorn", "--threads=4", "config.wsgi", "--bind"]
    log = (tmp_path / "log").open("wb")
    with (
        log,
        subprocess.Popen(
            [sys.executable, *serve, address], cwd=ROOT, env=environment, stderr=log
        ) as server,
    ):
        try:
            wait_for(f"http://{address}/healthz/ready")
            yield f"http://{address}"
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    """Return once a server answers."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - our own
                return
        except OSError:
            # Also a machine so busy that it listens long before it answers.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.timeout(LONGEST_S + 40)
def test_every_answer_is_as_documented(
    address: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """All of its checks but one, in all of its phases."""
    # Addresses name what was planted, not what a step before made: once that is gone,
    # it looks as if what was just made were not there.
    without = "--exclude-checks=ensure_resource_availability"
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--no-color"),
        *("--config-file", str(CONFIG)),
        *("run", f"{address}/api/schema", "--checks=all", without, "--max-examples=2"),
        *("--continue-on-failure", "--generation-deterministic"),
    ]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    # As many as there are: what the document leaves out would not be tried.
    assert "Selected: 69/69" in run.stdout
    assert "Tested: 69" in run.stdout
    assert b"Traceback" not in (tmp_path / "log").read_bytes()
