"""Somebody who hears the page: a screen reader presses for them.

The presses come by the desktop's accessibility bus, as Orca's do. Chromium answers the
"default action" with its own press: at the middle of the element, with no way there and
no time between, `detail` 0 while the button is down; the events are trusted.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from portal.simulation import typing as typists
from tests.services.processes import die_with_parent

from .desk import Desk
from .person import Place
from .screen import ROOT
from .survey import BEGIN, CHOICES, FIELD, SHORT_TEXT, send_button

# Hearing takes seconds; a third of it here.
HEAR_S: Final = (0.4, 1.6)
FLAGS: Final = ("--force-renderer-accessibility",)


@dataclass(frozen=True, slots=True)
class Reader:
    """A screen reader on the bus."""

    process: subprocess.Popen[str]

    def act(self, kind: str, key: str, value: str) -> None:
        """Click or focus the element that has this id or name.

        Raises
        ------
        LookupError
            The page has no such element, as the bus tells it.
        """
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([kind, key, value]) + "\n")
        self.process.stdin.flush()
        if self.process.stdout.readline().strip() != "done":
            message = f"No {key} {value} on the accessibility bus."
            raise LookupError(message)


@contextmanager
def bus() -> Iterator[dict[str, str]]:
    """Run a message bus; give what programs need to find it and to use it."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--print-address", "--nofork"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads
    ) as process:
        assert process.stdout
        try:
            address = process.stdout.readline().strip()
            yield {"DBUS_SESSION_BUS_ADDRESS": address, "GNOME_ACCESSIBILITY": "1"}
        finally:
            process.terminate()


@contextmanager
def reader(environment: dict[str, str]) -> Iterator[Reader]:
    """Run a screen reader's hand on the bus of an environment."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.people.reading"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Reader(process)


def screen_reader(place: Place) -> None:
    """Let the reader press everything, and type on a keyboard."""
    with reader(place.environment) as found:
        listen(place, found)


def listen(place: Place, found: Reader) -> None:
    """Hear each page, and answer it."""
    press_button(place, found, BEGIN)
    for number, choices in enumerate(CHOICES, 1):
        place.page.box(send_button(number))
        place.look()
        for choice in choices:
            place.wait(*HEAR_S)
            found.act("click", "id", choice)
        if not choices:
            place.wait(*HEAR_S)
            found.act("focus", "id", FIELD.removeprefix("#"))
            Desk(place, typist=typists.ORDINARY).write(SHORT_TEXT)
        press_button(place, found, send_button(number))


def press_button(place: Place, found: Reader, css: str) -> None:
    """Hear a button's name, and let it be pressed."""
    place.page.box(css)
    place.wait(*HEAR_S)
    name = place.page.evaluate(f"document.querySelector({css!r}).textContent.trim()")
    found.act("click", "name", name)
