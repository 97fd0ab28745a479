"""What a driver is, and what it is told."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

CHROMIUM: Final = "BONAFIDE_CHROMIUM"
CHROMEDRIVER: Final = "BONAFIDE_CHROMEDRIVER"


@dataclass(frozen=True, slots=True)
class Visit:
    """One answering of the demo: where it is, and which programs there are.

    `folder` is empty and belongs to this visit alone: profiles lie there.
    """

    address: str
    folder: Path

    @property
    def chromium(self) -> str:
        """The browser's program."""
        return os.environ.get(CHROMIUM, "/usr/bin/chromium")

    @property
    def chromedriver(self) -> str:
        """The program that Selenium speaks to."""
        return os.environ.get(CHROMEDRIVER, "/usr/bin/chromedriver")

    @property
    def start(self) -> str:
        """The demo's first page."""
        return f"{self.address}/demo/"

    def stay(self) -> None:
        """Keep the browser open until whoever started this closes our input.

        The last page completes the visit by itself, which takes some seconds.
        """
        sys.stdin.read()


Start = Callable[[Visit], None]


@dataclass(frozen=True, slots=True)
class Driver:
    """A tool and a way to use it.

    `start` answers the demo and returns when the visit's starter says so.
    """

    name: str
    library: str
    version: str
    start: Start


class Hand(Protocol):
    """The three things that answering takes; each waits for its element."""

    def open(self, address: str) -> None:
        """Go to a page."""

    def click(self, css: str) -> None:
        """Press an element."""

    def write(self, css: str, text: str) -> None:
        """Put text into a field."""
