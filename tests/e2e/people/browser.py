"""A person's browser, and a way to look into it that leaves no trace in its pages.

It has a window, its ordinary name and no mark of automation. What is driven has to be
seen: a pipe tells where things are. On it `Runtime.enable`, which pages can notice,
is never sent, and no script is installed in a page.
"""

import json
import os
import select
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from portal.simulation.hand import Box, Point

from .screen import HEIGHT, WIDTH

PATIENCE_S: Final = 60.0
LOOK_EACH_S: Final = 0.03
# Longer than a frame of a busy machine.
STILL_S: Final = 0.08
START_LIMIT_S: Final = 30.0
STOP_LIMIT_S: Final = 10.0

# A panel takes the screen's last lines, as on most desktops.
WINDOW: Final = (WIDTH, HEIGHT - 27)

QUIET: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    # Browsers do not run as root otherwise, and containers are root.
    "--no-sandbox",
    # The pipe would set `navigator.webdriver`; nobody's browser has it set.
    "--disable-blink-features=AutomationControlled",
)

# Place of what a selector finds, once the page stands there.
BOX: Final = """
(() => {
  const found = document.readyState === "complete" && document.querySelector(%s);
  if (!found) return null;
  const { left, top, width, height } = found.getBoundingClientRect();
  return [left, top, width, height];
})()
"""

# Where the page begins on the screen. Frames are equally wide on three sides.
ORIGIN: Final = """
(() => {
  const edge = (outerWidth - innerWidth * devicePixelRatio) / 2;
  return [screenX + edge,
          screenY + outerHeight - edge - innerHeight * devicePixelRatio];
})()
"""


@dataclass(slots=True)
class Pipe:
    """The browser's debugging protocol over two file descriptors."""

    reader: int
    writer: int
    number: int = 0
    waiting: bytes = b""

    def ask(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result.

        Raises
        ------
        RuntimeError
            The browser refused it.
        TimeoutError
            It did not answer within a minute.
        """
        self.number += 1
        message: dict[str, Any] = {
            "id": self.number,
            "method": method,
            "params": parameters,
        }
        if session:
            message["sessionId"] = session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            answer = json.loads(self._message())
            if answer.get("id") != self.number:
                continue
            if "error" in answer:
                refusal = f"{method}: {answer['error']['message']}"
                raise RuntimeError(refusal)
            result: dict[str, Any] = answer["result"]
            return result

    def _message(self) -> bytes:
        """Return what the browser says next."""
        while b"\0" not in self.waiting:
            ready, _, _ = select.select([self.reader], [], [], PATIENCE_S)
            part = os.read(self.reader, 1 << 16) if ready else b""
            if not part:
                message = "The browser does not answer."
                raise TimeoutError(message)
            self.waiting += part
        message_, _, self.waiting = self.waiting.partition(b"\0")
        return message_


@dataclass(slots=True)
class Page:
    """The only page of a browser."""

    pipe: Pipe
    session: str

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command that concerns this page."""
        return self.pipe.ask(method, self.session, **parameters)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page, None between two pages."""
        try:
            answer = self.ask(
                "Runtime.evaluate", expression=expression, returnByValue=True
            )
        except RuntimeError as refusal:
            if "context" in str(refusal):
                return None
            raise
        return answer["result"].get("value")

    def box(self, css: str) -> Box:
        """Wait for an element and return where it is in the page's window.

        Raises
        ------
        LookupError
            It did not come within a minute.
        """
        look = BOX % json.dumps(css)
        limit = time.monotonic() + PATIENCE_S
        while time.monotonic() < limit:
            found = self.evaluate(look)
            if found:
                return Box(*found)
            time.sleep(LOOK_EACH_S)
        message = f"{css} did not come."
        raise LookupError(message)

    def resting_box(self, css: str) -> Box:
        """Wait until an element stands still, as after scrolling."""
        before = self.box(css)
        limit = time.monotonic() + PATIENCE_S
        while time.monotonic() < limit:
            time.sleep(STILL_S)
            now = self.box(css)
            if now == before:
                return now
            before = now
        message = f"{css} does not stand still."
        raise LookupError(message)

    def leaves(self, css: str, within_s: float) -> bool:
        """Wait for the page with this element to go; say whether it went."""
        limit = time.monotonic() + within_s
        while time.monotonic() < limit:
            if self.evaluate(f"!document.querySelector({css!r})"):
                return True
            time.sleep(LOOK_EACH_S)
        return False

    def origin(self) -> Point:
        """Return where the page begins on the screen, in the screen's pixels."""
        return Point(*self.evaluate(ORIGIN))


@contextmanager
def browser(
    folder: Path, address: str, flags: Sequence[str], environment: Mapping[str, str]
) -> Iterator[Page]:
    """Open a window at an address, with a new profile in an empty folder.

    The environment names the display.
    """
    around = {"TZ": "Europe/Berlin", "LANG": "en_GB.UTF-8", **environment}
    program = os.environ.get("BONAFIDE_CHROMIUM", "/usr/bin/chromium")
    command = [
        program,
        *QUIET,
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={WINDOW[0]},{WINDOW[1]}",
        "--window-position=0,0",
        "--lang=en-GB",
        "--remote-debugging-pipe",
        *flags,
        address,
    ]
    to_it, ours_out = os.pipe()
    ours_in, from_it = os.pipe()

    def place_pipes() -> None:
        """Put the pipe where the browser looks for it: at 3 and 4."""
        first, second = os.dup(to_it), os.dup(from_it)
        os.dup2(first, 3)
        os.dup2(second, 4)

    with (folder / "browser.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **around},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=place_pipes,  # noqa: PLW1509 - only descriptors are moved
            close_fds=False,
        )
    os.close(to_it)
    os.close(from_it)
    try:
        pipe = Pipe(ours_in, ours_out)
        yield Page(pipe, _first_page(pipe))
    finally:
        os.close(ours_out)
        os.close(ours_in)
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_LIMIT_S)


def _first_page(pipe: Pipe) -> str:
    """Return the session of the page that the browser opened.

    Raises
    ------
    LookupError
        There was none within half a minute.
    """
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit:
        for one in pipe.ask("Target.getTargets")["targetInfos"]:
            if one["type"] == "page":
                target = one["targetId"]
                answer = pipe.ask(
                    "Target.attachToTarget", targetId=target, flatten=True
                )
                return str(answer["sessionId"])
        time.sleep(LOOK_EACH_S)
    message = "The browser opened no page."
    raise LookupError(message)
