"""A language model that uses a desktop: xdotool, and a browser that nobody drives.

The pointer jumps and the keys come as in Anthropic's computer-use demo (research
C1). A model finds its targets on a screenshot. Here another browser, a scout, opens
the same pages at the same size beforehand and measures them; it does not load the
client, so no trace of it is in the evidence, and the browser that is watched has
neither a debugger nor an open port.
"""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.services.screen import HEIGHT, WIDTH, Screen

from .cdp import Protocol, page
from .chance import pause
from .chromium import chromium
from .driver import Visit
from .survey import Step, steps

# It waits for two seconds before each screenshot; shortened for the tests.
THINK_S: Final = (0.4, 0.8)
TYPE_DELAY_MS: Final = "12"
CHUNK: Final = 50

# Nothing but the page is on the screen, as in the scout's window without a frame.
FULL: Final = (
    "--kiosk",
    "--window-position=0,0",
    f"--window-size={WIDTH},{HEIGHT}",
)
DASH: Final = " \N{EN DASH} "

WAIT_S: Final = 30.0
LOOK_EACH_S: Final = 0.1
TOOL_LIMIT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where a step's element is on the screen, and the title of its page."""

    step: Step
    title: str
    x: int
    y: int


def jumping(visit: Visit) -> None:
    """Answer by the screen's own pointer and keyboard."""
    targets = scout(visit)
    with Screen() as screen:
        environment = {**os.environ, "DISPLAY": screen.display}
        with chromium(visit, *FULL, visit.start, environment=environment):
            for target in targets:
                act(target, environment)
            visit.stay()


def scout(visit: Visit) -> Sequence[Target]:
    """Walk through the demo without the client, and return where everything is."""
    inner = Visit(visit.address, visit.folder / "scout")
    inner.folder.mkdir()
    with page(inner, "--headless=new", "about:blank") as protocol:
        protocol("Network.enable")
        protocol("Network.setBlockedURLs", urls=["*/tracking-client.js"])
        protocol(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=HEIGHT,
            deviceScaleFactor=1,
            mobile=False,
        )
        protocol("Page.navigate", url=visit.start)
        return [measure(protocol, step) for step in steps()]


def measure(protocol: Protocol, step: Step) -> Target:
    """Return where a step's element is, and take the step."""
    left, top, width, height = protocol.box(step.css)
    # What comes before the dash: xdotool reads it in a locale that may have no dash.
    title, _, _ = protocol.evaluate("document.title").partition(DASH)
    x, y = left + width / 2, top + height / 2
    for kind in ("Pressed", "Released"):
        protocol.mouse(kind, x, y)
    if step.text is not None:
        protocol("Input.insertText", text=step.text)
    return Target(step, title, round(x), round(y))


def act(target: Target, environment: Mapping[str, str]) -> None:
    """Wait for the page, think, jump there, click and type."""
    wait_for_window(target.title, environment)
    pause(*THINK_S)
    use("mousemove", "--sync", target.x, target.y, environment=environment)
    use("click", 1, environment=environment)
    text = target.step.text or ""
    for begin in range(0, len(text), CHUNK):
        pause(*THINK_S)
        chunk = text[begin : begin + CHUNK]
        use("type", "--delay", TYPE_DELAY_MS, "--", chunk, environment=environment)


def wait_for_window(title: str, environment: Mapping[str, str]) -> None:
    """Wait until a window shows a page of this title.

    Raises
    ------
    LookupError
        It did not come within half a minute.
    """
    limit = time.monotonic() + WAIT_S
    while time.monotonic() < limit:
        if use("search", "--name", f"^{title}", environment=environment, check=False):
            return
        time.sleep(LOOK_EACH_S)
    message = f"No window shows {title}."
    raise LookupError(message)


def use(*arguments: Any, environment: Mapping[str, str], check: bool = True) -> str:
    """Run xdotool, and return what it prints."""
    done = subprocess.run(
        ["xdotool", *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=TOOL_LIMIT_S,
        check=check,
    )
    return done.stdout.strip()
