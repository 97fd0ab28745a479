"""nodriver: its own clicks, which are a script's, and its mouse.

Its licence is the AGPL. It is imported only in a process that does nothing else.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from .chromium import DRESSED, QUIET, WINDOW_SIZE
from .driver import Visit
from .survey import Step, steps

WAIT_S: Final = 20.0
LOOK_EACH_S: Final = 0.1
# It returns before the page has heard of a press that leads to another page.
BREATH_S: Final = 0.3

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

    browser = await nodriver.start(
        user_data_dir=str(visit.folder / "profile"),
        headless=headless,
        browser_executable_path=visit.chromium,
        browser_args=[*QUIET, WINDOW_SIZE, *([] if headless else [DRESSED])],
        sandbox=False,
    )
    tab = await browser.get(visit.start)
    for step in steps():
        await work(tab, step)
        await tab.sleep(BREATH_S)
    await asyncio.to_thread(visit.stay)
    browser.stop()
