"""A Chromium from the command line: what it is started with."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from .driver import Visit

# Also what keeps a browser from calling home in tests.
QUIET: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    # Browsers do not run as root otherwise, and containers are root.
    "--no-sandbox",
)
# What people add to hide: `navigator.webdriver` is then false.
DRESSED: Final = "--disable-blink-features=AutomationControlled"
WINDOW: Final = (1280, 900)
WINDOW_SIZE: Final = f"--window-size={WINDOW[0]},{WINDOW[1]}"
PORT_FILE: Final = "DevToolsActivePort"

START_LIMIT_S: Final = 30.0
STOP_LIMIT_S: Final = 10.0
LOOK_EACH_S: Final = 0.05


@contextmanager
def chromium(
    visit: Visit, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[Path]:
    """Run a browser with a new profile; give the profile's folder."""
    profile = visit.folder / "profile"
    command = [visit.chromium, *QUIET, WINDOW_SIZE, f"--user-data-dir={profile}"]
    with (visit.folder / "chromium.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *arguments], stdout=log, stderr=log, env=environment
        )
    try:
        yield profile
    finally:
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_LIMIT_S)


def debugging_port(profile: Path) -> int:
    """Return where a browser with ``--remote-debugging-port=0`` listens.

    Raises
    ------
    TimeoutError
        It did not say so within half a minute.
    """
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit:
        lines = _lines(profile / PORT_FILE)
        if lines:
            return int(lines[0])
        time.sleep(LOOK_EACH_S)
    message = "Chromium did not say where its debugger listens."
    raise TimeoutError(message)


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
