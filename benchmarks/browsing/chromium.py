"""A Chromium of our own, spoken to through a pipe.

A driver such as Playwright adds scripts and listeners to each page, and they would be
measured along with what is to be measured. Through the pipe only what is asked for
is switched on, and input is sent on time without waiting for each answer.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

# Chromium reads commands from descriptor 3 and writes answers to descriptor 4.
LAUNCH: Final = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)
# Low numbers could be 3 or 4 themselves, and one copy would overwrite the other.
FIRST_DESCRIPTOR: Final = 10

FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--remote-debugging-pipe",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Nothing but this machine can be reached, whatever a script tries.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--window-size=1280,900",
)
ANSWER_LIMIT_S: Final = 60.0
END_LIMIT_S: Final = 10.0


class ChromiumError(RuntimeError):
    """Chromium refused a command, or is gone."""


class Chromium(asyncio.Protocol):
    """One running browser; made by `chromium()`."""

    def __init__(self, commands: int) -> None:
        self._commands = commands
        self._part = b""
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._heard: dict[tuple[str, str], Callable[[Any], None]] = {}

    def data_received(self, data: bytes) -> None:
        """Take in messages; each ends with a zero byte."""
        *whole, self._part = (self._part + data).split(b"\0")
        for message in map(json.loads, whole):
            if "id" in message:
                self._settle(message)
            elif hear := self._heard.get(
                (message.get("sessionId", ""), message["method"])
            ):
                hear(message.get("params", {}))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let nobody wait for a browser that is gone."""
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ChromiumError("Chromium ended."))

    def send(
        self, method: str, params: dict[str, Any] | None = None, session: str = ""
    ) -> "asyncio.Future[Any]":
        """Send a command and return at once; the answer comes by the future."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        future = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = future
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        return future

    async def ask(
        self, method: str, params: dict[str, Any] | None = None, session: str = ""
    ) -> Any:
        """Send a command and wait for its answer.

        Raises
        ------
        ChromiumError
            The command was refused, or Chromium ended.
        TimeoutError
            No answer came within a minute.
        """
        return await asyncio.wait_for(
            self.send(method, params, session), ANSWER_LIMIT_S
        )

    def hear(self, session: str, event: str, then: Callable[[Any], None]) -> None:
        """Call back at each event of one kind."""
        self._heard[session, event] = then

    def next(self, session: str, event: str) -> "asyncio.Future[Any]":
        """Return a future for the next event of one kind."""
        future = asyncio.get_running_loop().create_future()

        def settle(said: Any) -> None:
            if not future.done():
                future.set_result(said)

        self.hear(session, event, settle)
        return future

    def _settle(self, message: Any) -> None:
        future = self._waiting.pop(message["id"])
        if future.done():
            return
        if "error" in message:
            future.set_exception(ChromiumError(message["error"]["message"]))
        else:
            future.set_result(message.get("result", {}))


@asynccontextmanager
async def chromium(program: str) -> AsyncIterator[Chromium]:
    """Start a browser with a profile of its own, and end it afterwards."""
    with tempfile.TemporaryDirectory(
        prefix="bonafide-bench-", ignore_cleanup_errors=True
    ) as profile:
        theirs_in, ours_out = map(_raised, os.pipe())
        ours_in, theirs_out = map(_raised, os.pipe())
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-S", "-c", LAUNCH, str(theirs_in), str(theirs_out)),
            *(program, *FLAGS, f"--user-data-dir={profile}", "about:blank"),
            pass_fds=(theirs_in, theirs_out),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        transport, browser = await asyncio.get_running_loop().connect_read_pipe(
            lambda: Chromium(ours_out), os.fdopen(ours_in, "rb", 0)
        )
        try:
            yield browser
        finally:
            await _end(process)
            transport.close()
            os.close(ours_out)


def _raised(descriptor: int) -> int:
    """Move a descriptor to a higher number."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR)
    os.close(descriptor)
    return moved


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the browser and all of its processes, which are one group."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        try:
            await asyncio.wait_for(process.wait(), END_LIMIT_S)
        except TimeoutError:
            continue
        return
