"""The private screens of the tests: each has its pointer, and nothing of them stays."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.services.processes import ServiceError
from tests.services.screen import Screen

pytestmark = pytest.mark.chaos

WAIT_S = 20


def test_screen_has_a_pointer_and_leaves_nothing() -> None:
    """Each screen is one of its own, and its socket goes with it."""
    with Screen() as screen, Screen() as other:
        assert screen.display != other.display
        for x in (7, 70):
            at = point(screen, "mousemove", str(x), "9", "getmouselocation")
            assert at.startswith(f"x:{x} y:9 ")
    for gone in (screen, other):
        with pytest.raises(subprocess.CalledProcessError):
            point(gone, "getmouselocation")


def point(screen: Screen, *command: str) -> str:
    """Let xdotool do something on a screen, and return what it says."""
    environment = os.environ | {"DISPLAY": screen.display}
    return subprocess.run(
        ["xdotool", *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=True,
    ).stdout


def test_screen_that_does_not_come_is_an_error() -> None:
    """A program that ends at once is named."""
    with pytest.raises(ServiceError, match="/true did not give us a screen"):
        Screen(Path(shutil.which("true") or "")).start()
