"""Play moves, presses and keys on an X screen at their times.

A program of its own, so that its clock is not disturbed: each line of its input is a
JSON list of ``[at_ms, kind, …]``, and it writes a line when the list has been played.
The X server itself makes the events, as it does for a mouse on a cable, so browsers
cannot tell who asked for them.
"""

import ctypes
import json
import sys
import time
from typing import Any, Final

SHORT_MS: Final = 4.0


class Screen:
    """A connection to the display that `DISPLAY` names."""

    def __init__(self) -> None:
        """Connect.

        Raises
        ------
        ConnectionError
            There is no such display.
        """
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._xtst = ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XStringToKeysym.restype = ctypes.c_ulong
        display = self._x11.XOpenDisplay(None)
        if not display:
            message = "There is no display."
            raise ConnectionError(message)
        self._display = ctypes.c_void_p(display)

    def play(self, schedule: list[Any]) -> None:
        """Let everything happen at its time, counted from now."""
        begin = time.monotonic()
        before_ms = 0.0
        for at_ms, kind, *values in schedule:
            due = begin + at_ms / 1000
            if at_ms - before_ms > SHORT_MS:
                time.sleep(max(0.0, due - time.monotonic()))
            # A tap of 2 ms would be longer than a busy system's sleep.
            while time.monotonic() < due:
                pass
            before_ms = at_ms
            getattr(self, f"_{kind}")(*values)
            self._x11.XFlush(self._display)

    def _move(self, x: float, y: float) -> None:
        self._xtst.XTestFakeMotionEvent(self._display, -1, round(x), round(y), 0)

    def _button(self, number: int, is_down: int) -> None:
        self._xtst.XTestFakeButtonEvent(self._display, number, is_down, 0)

    def _key(self, name: str, is_down: int) -> None:
        symbol = self._x11.XStringToKeysym(name.encode())
        code = self._x11.XKeysymToKeycode(self._display, ctypes.c_ulong(symbol))
        if not code:
            message = f"This keyboard has no key {name}."
            raise LookupError(message)
        self._xtst.XTestFakeKeyEvent(self._display, code, is_down, 0)


def main() -> None:
    """Play what comes, line by line."""
    screen = Screen()
    for line in sys.stdin:
        screen.play(json.loads(line))
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
