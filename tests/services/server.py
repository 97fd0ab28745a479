"""What a private PostgreSQL and a private Redis have in common."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, NoReturn, Self

from .folders import Folder
from .processes import ServiceError, end, free_port, last_lines, spawn, wait_until

# Both are ready in a tenth of a second; a machine can be very busy.
READY_LIMIT_S: Final = 30

STOP_LIMIT_S: Final = 10

# Someone may take the port between our look and the server's start. A killed
# PostgreSQL also needs a moment until its last process has let go of the data.
ATTEMPTS: Final = 10
PAUSE_S: Final = 0.2


class Server(ABC):
    """A server for tests: in a folder of its own, gone when its starter is.

    The port stays the same from the first start on, so that clients find the
    server again after `stop` or `kill` and another `start`.
    """

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self) -> None:
        self._folder: Folder | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._port: int | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients connect to."""

    @property
    def port(self) -> int:
        """The port on 127.0.0.1, known from the first start on."""
        if self._port is None:
            message = f"{self.name} was never started."
            raise ServiceError(message)
        return self._port

    @property
    def pid(self) -> int | None:
        """The number of the server's process, None while there is none."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if self._process and running else None

    @property
    def folder(self) -> Path | None:
        """Where data and log are, None when there is neither."""
        return self._folder.path if self._folder else None

    def start(self) -> None:
        """Start, and return when it answers. Does nothing while it runs.

        Raises
        ------
        ServiceError
            It did not start; the message ends with its log.
        """
        if self.pid is not None:
            return
        try:
            is_new = self._folder is None
            folder = self._folder = self._folder or Folder.claim()
            if is_new:
                self._prepare(folder)
            self._launch(folder)
            if is_new:
                self._furnish()
        except BaseException:
            self.stop()
            raise

    def stop(self, *, keep_data: bool = False) -> None:
        """Stop in good order. Data and log go as well, unless they are kept."""
        if self._process:
            end(self._process, self.stop_signal, limit_s=STOP_LIMIT_S)
            self._process = None
        if self._folder and not keep_data:
            self._folder.remove()
            self._folder = None

    def kill(self) -> None:
        """Take the server away without a warning, as a crash would.

        Its data stay, and the next `start` recovers what it can.
        """
        if self._process:
            end(self._process, signal.SIGKILL, limit_s=STOP_LIMIT_S)
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

    @abstractmethod
    def _prepare(self, folder: Folder) -> None:
        """Fill a new folder before the server's first start."""

    @abstractmethod
    def _command(self, folder: Path, port: int) -> list[str | Path]:
        """Return the program with its arguments."""

    @abstractmethod
    def _answers(self, folder: Path, port: int, pid: int) -> bool:
        """Return whether this very process serves; the port may be another's."""

    @abstractmethod
    def _furnish(self) -> None:
        """Add what clients expect to find, once, after the first start."""

    def _launch(self, folder: Folder) -> None:
        for _ in range(ATTEMPTS):
            port = self._port or free_port()
            if self._try(folder, port):
                self._port = port
                return
            time.sleep(PAUSE_S)
        self._fail("ended right after its start", folder)

    def _try(self, folder: Folder, port: int) -> bool:
        """Start on a port; return whether it answers, False when it ended."""
        process = self._process = spawn(
            self._command(folder.path, port),
            folder=folder.path,
            log=folder.log,
            death_signal=self.stop_signal,
            keep_open=[folder.lock],
        )

        def settled() -> bool:
            ended = process.poll() is not None
            return ended or self._answers(folder.path, port, process.pid)

        if not wait_until(settled, limit_s=READY_LIMIT_S):
            self._fail(f"did not answer in {READY_LIMIT_S} s", folder)
        return process.poll() is None

    def _fail(self, what: str, folder: Folder) -> NoReturn:
        message = f"{self.name} {what}. Its log ends:\n{last_lines(folder.log)}"
        raise ServiceError(message)
