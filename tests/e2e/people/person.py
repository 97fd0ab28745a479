"""Who answers, and what they have at hand."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from detection.engine.types import Family

from .browser import Page
from .screen import Seat

# How long people look at a page before they act; much shortened, for there is
# nobody who reads.
LOOK_S: Final = (0.35, 1.0)


@dataclass(slots=True)
class Place:
    """Where somebody sits: a page, a mouse and a keyboard, and their own chance."""

    page: Page
    seat: Seat
    chance: Random
    folder: Path
    # What their browser finds in its environment.
    environment: dict[str, str] = field(default_factory=dict)

    def wait(self, least_s: float, most_s: float) -> None:
        """Do nothing for some time."""
        time.sleep(self.chance.uniform(least_s, most_s))

    def look(self) -> None:
        """Read what has just appeared."""
        self.wait(*LOOK_S)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers the demo survey.

    `flags` are what their browser is started with, `environment` what it finds there.
    `needs_bus` asks for the desktop's accessibility. `off` names what our browser
    cannot imitate, and is not judged.
    """

    name: str
    stands_for: str
    answer: Callable[[Place], None]
    flags: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    off: frozenset[Family] = frozenset()
    needs_bus: bool = False
