"""A screen without a monitor, for browsers with a window and for a pointer."""

import os
import select
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from . import programs
from .processes import ServiceError, die_with_parent, end

# As tall as the longest page of the demo, so that nothing has to be scrolled.
WIDTH: Final = 1280
HEIGHT: Final = 1400
SIZE: Final = f"{WIDTH}x{HEIGHT}x24"

READY_LIMIT_S: Final = 30
STOP_LIMIT_S: Final = 10


class Screen:
    """An X server on a display that nobody has; gone when its starter is.

    Tests that use the pointer start one of their own: there is one pointer a
    screen, and it goes wherever the last one wanted it.
    """

    name: ClassVar[str] = "Screen"

    def __init__(self, program: Path | None = None) -> None:
        """Take the server's program, or find it."""
        self._program = program or programs.XVFB.obtain()
        self._process: subprocess.Popen[bytes] | None = None
        self._display = ""

    @property
    def display(self) -> str:
        """What programs find in `DISPLAY`: ":99"."""
        if not self._display:
            message = f"{self.name} was never started."
            raise ServiceError(message)
        return self._display

    def start(self) -> None:
        """Start, and return when it answers.

        Raises
        ------
        ServiceError
            It did not start.
        """
        reader, writer = os.pipe()
        where = ["-displayfd", str(writer), "-screen", "0", SIZE, "-nolisten", "tcp"]
        self._process = subprocess.Popen(
            [self._program, *where],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C in the terminal must reach the tests, which still need it.
            start_new_session=True,
            pass_fds=[writer],
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads
        )
        os.close(writer)
        with os.fdopen(reader) as answer:
            # It writes its number when it is ready, and closes when it ends.
            ready, _, _ = select.select([answer], [], [], READY_LIMIT_S)
            number = answer.readline().strip() if ready else ""
        if not number:
            self.stop()
            message = f"{self._program} did not give us a screen."
            raise ServiceError(message)
        self._display = f":{number}"

    def stop(self) -> None:
        """Stop; windows that are still there go with it."""
        if self._process:
            end(self._process, signal.SIGTERM, limit_s=STOP_LIMIT_S)
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
