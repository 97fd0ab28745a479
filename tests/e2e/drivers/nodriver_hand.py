"""nodriver: its own clicks, which are a script's, and its mouse.

Its licence is the AGPL. It is imported only in a process that does nothing else.
"""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from tests.services.processes import free_port, wait_until

from .chromium import DRESSED, chromium
from .driver import Visit
from .survey import Step, steps

HOST: Final = "127.0.0.1"
WAIT_S: Final = 60.0
LOOK_EACH_S: Final = 0.1
# It returns before the page has heard of a press that leads to another page.
BREATH_S: Final = 0.1

# It publishes no types.
Tab = Any
Work = Callable[[Tab, Step], Awaitable[None]]


async def find(tab: Tab, css: str) -> Any:
    """Wait for an element and return it; the page may change while it is looked for."""
    from nodriver.core.connection import ProtocolException  # noqa: PLC0415 - as below

    limit = time.monotonic() + WAIT_S
    while time.monotonic() < limit:
        with suppress(ProtocolException):
            # Presses that come before the page was drawn are lost.
            is_ready = await tab.evaluate("document.readyState") == "complete"
            if is_ready and (found := await tab.select(css, WAIT_S)):
                return found
        await asyncio.sleep(LOOK_EACH_S)
    message = f"{css} did not come."
    raise LookupError(message)


async def by_script(tab: Tab, step: Step) -> None:
    """`click`, which asks the element to click itself, and `send_keys`."""
    element = await find(tab, step.css)
    if step.text is None:
        await element.click()
    else:
        await element.send_keys(step.text)


async def by_mouse(tab: Tab, step: Step) -> None:
    """`mouse_click`, which presses without a way there, and `send_keys`."""
    element = await find(tab, step.css)
    await element.scroll_into_view()
    await element.mouse_click()
    if step.text is not None:
        await element.send_keys(step.text)


async def by_moves(tab: Tab, step: Step) -> None:
    """`mouse_move`, which comes from the window's corner each time, and a press."""
    element = await find(tab, step.css)
    await element.scroll_into_view()
    await element.mouse_move()
    await by_mouse(tab, step)


def script(visit: Visit) -> None:
    """Answer by clicks of the elements themselves."""
    asyncio.run(_answer(visit, by_script, headless=True))


def mouse(visit: Visit) -> None:
    """Answer by presses of the mouse."""
    asyncio.run(_answer(visit, by_mouse, headless=True))


def dressed(visit: Visit) -> None:
    """Answer by moves and presses, in a window that hides its driver."""
    asyncio.run(_answer(visit, by_moves, headless=False))


async def _answer(visit: Visit, work: Work, *, headless: bool) -> None:
    import nodriver  # noqa: PLC0415 - not even the registry shall load it

    port = free_port()
    kind = "--headless=new" if headless else DRESSED
    # Its own start gives up after three seconds, which a busy machine needs.
    with chromium(visit, f"--remote-debugging-port={port}", kind) as profile:
        if not wait_until(lambda: _listens(port), limit_s=WAIT_S):
            message = f"No browser listens: {profile}"
            raise TimeoutError(message)
        browser = await nodriver.start(host=HOST, port=port, headless=headless)
        tab = await browser.get(visit.start)
        for step in steps():
            await work(tab, step)
            await tab.sleep(BREATH_S)
        await asyncio.to_thread(visit.stay)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
