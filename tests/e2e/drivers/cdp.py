"""The browser's own debugging protocol, spoken without any library's habits."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

from .chromium import chromium, debugging_port
from .driver import Visit

# A limit on what would hang, and no measure: busy machines take their time.
WAIT_S: Final = 60.0
LOOK_EACH_S: Final = 0.05

# Place and size of what a selector finds, once the page stands still and is drawn:
# before its first picture Chromium drops whatever is pressed.
BOX: Final = """
(() => {
  const ready = document.readyState === "complete"
    && performance.getEntriesByName("first-paint").length;
  const found = ready && document.querySelector(%s);
  if (!found) return null;
  if (%s) found.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = found.getBoundingClientRect();
  return [left, top, width, height];
})()
"""

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Protocol:
    """A connection to one page."""

    link: ClientConnection
    number: int = 0

    def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result.

        Raises
        ------
        RuntimeError
            The browser refused it.
        """
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        self.link.send(json.dumps(message))
        while True:
            answer = json.loads(self.link.recv(WAIT_S))
            if answer.get("id") != self.number:
                continue
            if "error" in answer:
                refusal = f"{method}: {answer['error']['message']}"
                raise RuntimeError(refusal)
            result: dict[str, Any] = answer["result"]
            return result

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def box(self, css: str, *, scrolls: bool = True) -> Box:
        """Wait for an element and return its left, top, width and height.

        It is brought into sight unless `scrolls` is false.

        Raises
        ------
        LookupError
            It did not come within a minute.
        """
        look = BOX % (json.dumps(css), json.dumps(scrolls))
        limit = time.monotonic() + WAIT_S
        while time.monotonic() < limit:
            found = self.evaluate(look)
            if found:
                left, top, width, height = found
                return left, top, width, height
            time.sleep(LOOK_EACH_S)
        message = f"{css} did not come."
        raise LookupError(message)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """Let something happen to the mouse: "Moved", "Pressed" or "Released"."""
        if kind != "Moved":
            more = {"button": "left", "clickCount": 1, **more}
        self("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, **more)


@contextmanager
def page(visit: Visit, *arguments: str) -> Iterator[Protocol]:
    """Start a browser and speak to its first page."""
    with chromium(visit, "--remote-debugging-port=0", *arguments) as profile:
        port = debugging_port(profile)
        with connect(_first_page(port), max_size=None) as link:
            yield Protocol(link)


def _first_page(port: int) -> str:
    """Return the address of the first page's debugger."""
    limit = time.monotonic() + WAIT_S
    while time.monotonic() < limit:
        with urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = [one for one in json.load(answer) if one["type"] == "page"]
        if pages:
            return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(LOOK_EACH_S)
    message = "Chromium opened no page."
    raise LookupError(message)
