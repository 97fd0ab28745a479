"""Browsers that answer the demo survey: automated in many ways, and not at all.

The tools that the end-to-end tests drive are run as they are there. Here are only those
that differ in how the browser is started, and browsers without any tool.
"""

import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[2]
QUIET: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--no-sandbox",
)
# Without it `navigator.webdriver` is true in a browser that Playwright started.
DRESSED: Final = "--disable-blink-features=AutomationControlled"
WINDOW: Final = "--window-size=1280,900"
SCREEN: Final = "1280x1400x24"
READY_LIMIT_S: Final = 30.0
LEAVE_S: Final = 10.0
TEXT: Final = "I walk to work, and on rainy days I take the bus instead."

# Answer the demo at an address while the context lasts.
Answering = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser and its driver; `answers` is false for one that only looks."""

    name: str
    answering: Answering
    answers: bool = True


def program() -> str:
    """Return the browser's program."""
    return os.environ.get("BONAFIDE_CHROMIUM", "/usr/bin/chromium")


@contextmanager
def driver(name: str, address: str) -> Iterator[None]:
    """Let a driver of the end-to-end tests answer; its process stays until told."""
    command = [sys.executable, "-m", "tests.e2e.drivers", name, address]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield
        finally:
            if process.stdin:
                process.stdin.close()
            _leave(process)


@contextmanager
def playwright(
    flags: Sequence[str], address: str, *, headless: bool, ordinary_agent: bool = False
) -> Iterator[None]:
    """Answer with Playwright's `click` and `fill`, in a browser started as asked."""
    with sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path=program(), headless=headless, args=[*QUIET, *flags]
        )
        number = browser.version.partition(".")[0]
        agent = (
            f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{number}.0.0.0 Safari/537.36"
        )
        page = browser.new_page(user_agent=agent if ordinary_agent else None)
        answer(page, address)
        yield
        browser.close()


def answer(page: Page, address: str) -> None:
    """Answer every question of every page, as the first example of a tool has it."""
    page.goto(f"{address}/demo/")
    page.click("main button[type=submit]")
    for number in range(1, 4):
        page.wait_for_url(f"**/demo/{number}")
        for name in page.evaluate(
            "[...new Set([...document.querySelectorAll('main input[type=radio]')]"
            ".map(radio => radio.name))]"
        ):
            page.click(f"main input[name='{name}'] >> nth=1")
        for field in page.query_selector_all("main textarea"):
            field.fill(TEXT)
        page.click("main form button[type=submit]")
    page.wait_for_url("**/demo/result")


@contextmanager
def alone(flags: Sequence[str], address: str) -> Iterator[None]:
    """Open a page with both clients in a browser that nobody steers."""
    with (
        tempfile.TemporaryDirectory(
            prefix="bonafide-bench-", ignore_cleanup_errors=True
        ) as profile,
        subprocess.Popen(
            [
                program(),
                *QUIET,
                *flags,
                f"--user-data-dir={profile}",
                f"{address}/bench/look",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            _leave(process)


@contextmanager
def screen() -> Iterator[None]:
    """Give browsers with a window a screen: the one that there is, or a virtual one.

    Raises
    ------
    TimeoutError
        Xvfb did not start.
    """
    if "DISPLAY" in os.environ:
        yield
        return
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten"]
    with subprocess.Popen(
        [*command, "tcp"], pass_fds=[writer], stderr=subprocess.DEVNULL
    ) as process:
        os.close(writer)
        try:
            if not select.select([reader], [], [], READY_LIMIT_S)[0]:
                message = "Xvfb did not say which display it has."
                raise TimeoutError(message)
            os.environ["DISPLAY"] = f":{os.read(reader, 16).decode().strip()}"
            yield
        finally:
            os.environ.pop("DISPLAY", None)
            os.close(reader)
            process.terminate()


def _leave(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process to leave, and end its whole group if it does not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(subprocess.TimeoutExpired):
            process.wait(LEAVE_S)
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)


BROWSERS: Final = (
    Browser("Playwright, headless", partial(driver, "playwright")),
    Browser(
        "Playwright, headless, ordinary user agent and no webdriver flag",
        partial(playwright, [DRESSED], headless=True, ordinary_agent=True),
    ),
    Browser("Playwright, with a window", partial(playwright, [WINDOW], headless=False)),
    Browser(
        "Playwright, with a window, no webdriver flag, moving",
        partial(driver, "playwright-dressed"),
    ),
    Browser("Selenium", partial(driver, "selenium")),
    Browser("Selenium, no webdriver flag", partial(driver, "selenium-dressed")),
    Browser("Puppeteer", partial(driver, "puppeteer")),
    Browser(
        "Puppeteer with ghost-cursor, with a window, no webdriver flag",
        partial(driver, "ghost-cursor-dressed"),
    ),
    Browser("nodriver", partial(driver, "nodriver")),
    Browser("nodriver, with a window", partial(driver, "nodriver-dressed")),
    Browser("script of an extension, no driver", partial(driver, "script-clicks")),
    Browser("xdotool, no driver", partial(driver, "agent-desktop")),
    Browser(
        "headless, no driver, only looking",
        partial(alone, ["--headless=new", WINDOW]),
        answers=False,
    ),
    Browser(
        "with a window, no driver, only looking",
        partial(alone, [WINDOW]),
        answers=False,
    ),
)
