"""Do to a browser what a screen reader does, by the desktop's accessibility bus.

A program of its own, so that only it waits for the bus. Each line of its input is a
JSON list: what to do ("click" or "focus"), which attribute tells the element ("id" or
"name"), and the value. It writes "done", or "missing" when nothing is there.
"""

import ctypes
import json
import sys
from collections.abc import Iterator
from typing import Final

# Deeper than any page of the demo.
DEEPEST: Final = 40


class Bus:
    """The accessibility bus of the session that the environment names."""

    def __init__(self) -> None:
        """Connect.

        Raises
        ------
        ConnectionError
            There is no bus.
        """
        self._glib = ctypes.CDLL("libglib-2.0.so.0")
        self._glib.g_hash_table_lookup.restype = ctypes.c_char_p
        self._atspi = ctypes.CDLL("libatspi.so.0")
        for name in (
            "get_desktop",
            "accessible_get_child_at_index",
            "accessible_get_action_iface",
            "accessible_get_component_iface",
            "accessible_get_attributes",
        ):
            getattr(self._atspi, f"atspi_{name}").restype = ctypes.c_void_p
        self._atspi.atspi_accessible_get_name.restype = ctypes.c_char_p
        self._atspi.atspi_accessible_get_role_name.restype = ctypes.c_char_p
        if self._atspi.atspi_init():
            message = "There is no accessibility bus."
            raise ConnectionError(message)

    def find(self, key: str, value: str) -> ctypes.c_void_p | None:
        """Return the element of a page that has an id or a name."""
        root = ctypes.c_void_p(self._atspi.atspi_get_desktop(0))
        for one in self._walk(root, 0):
            if self._value(one, key) == value.encode():
                return one
        return None

    def click(self, one: ctypes.c_void_p) -> None:
        """Do what the element is for."""
        action = self._atspi.atspi_accessible_get_action_iface(one)
        self._atspi.atspi_action_do_action(ctypes.c_void_p(action), 0, None)

    def focus(self, one: ctypes.c_void_p) -> None:
        """Give the element the keyboard."""
        component = self._atspi.atspi_accessible_get_component_iface(one)
        self._atspi.atspi_component_grab_focus(ctypes.c_void_p(component), None)

    def _value(self, one: ctypes.c_void_p, key: str) -> bytes | None:
        """Return an element's id, or the name of something that can be pressed."""
        if key == "name":
            role = self._atspi.atspi_accessible_get_role_name(one, None) or b""
            if b"button" not in role:
                return None
            return bytes(self._atspi.atspi_accessible_get_name(one, None) or b"")
        table = self._atspi.atspi_accessible_get_attributes(one, None)
        if not table:
            return None
        found = self._glib.g_hash_table_lookup(ctypes.c_void_p(table), key.encode())
        return None if found is None else bytes(found)

    def _walk(self, one: ctypes.c_void_p, depth: int) -> Iterator[ctypes.c_void_p]:
        """Yield an element and all below it."""
        yield one
        if depth == DEEPEST:
            return
        for at in range(self._atspi.atspi_accessible_get_child_count(one, None)):
            child = self._atspi.atspi_accessible_get_child_at_index(one, at, None)
            if child:
                yield from self._walk(ctypes.c_void_p(child), depth + 1)


def main() -> None:
    """Do what comes, line by line."""
    bus = Bus()
    for line in sys.stdin:
        act, key, value = json.loads(line)
        found = bus.find(key, value)
        if found:
            getattr(bus, act)(found)
        sys.stdout.write("done\n" if found else "missing\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
