"""A screen without a monitor, and the mouse and keyboard that belong to it."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.services.processes import die_with_parent

# The commonest screen of laptops.
WIDTH: Final = 1366
HEIGHT: Final = 768

READY_LIMIT_S: Final = 30.0
STOP_LIMIT_S: Final = 10.0
ROOT: Final = Path(__file__).parents[3]

Step = tuple[Any, ...]


@contextmanager
def screen() -> Iterator[str]:
    """Run an X server; give what programs find in `DISPLAY`.

    There is one pointer a screen, so each process of tests has a screen of its own.
    """
    reader, writer = os.pipe()
    size = f"{WIDTH}x{HEIGHT}x24"
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", size]
    process = subprocess.Popen(
        [*command, "-nolisten", "tcp"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[writer],
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            ready, _, _ = select.select([answer], [], [], READY_LIMIT_S)
            number = answer.readline().strip() if ready else ""
        if not number:
            message = "Xvfb did not give us a screen."
            raise RuntimeError(message)
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(STOP_LIMIT_S)


@dataclass(frozen=True, slots=True)
class Seat:
    """Mouse and keyboard of a screen."""

    process: subprocess.Popen[str]

    def play(self, steps: Sequence[Step]) -> None:
        """Let mouse and keys do something, and return when it is done.

        Raises
        ------
        RuntimeError
            The screen is gone, or has no such key.
        """
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(sorted(steps, key=_time_of)) + "\n")
        self.process.stdin.flush()
        if not self.process.stdout.readline():
            message = "The screen's mouse and keyboard have stopped."
            raise RuntimeError(message)


@contextmanager
def seat(display: str) -> Iterator[Seat]:
    """Sit down before a screen."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.people.xtest"],
        cwd=ROOT,
        env={**os.environ, "DISPLAY": display},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Seat(process)


def _time_of(step: Step) -> float:
    at_ms: float = step[0]
    return at_ms
