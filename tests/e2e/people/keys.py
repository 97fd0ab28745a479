"""People who use the keyboard alone."""

from typing import Final

from portal.simulation import typing as typists
from portal.simulation.chance import Spread
from portal.simulation.typing import Typist, key_of

from .desk import Desk
from .person import Place
from .survey import BEGIN, CHOICES, FIELD, TEXT, send_button

# More than there are places to stop on any page.
MOST_TABS: Final = 60
TAB_S: Final = (0.08, 0.45)

# Scanning takes seconds a step; a quarter of it here. The switch's program presses
# keys for a moment that is always the same, nearly.
SCAN_MS: Final = Spread(330, 560, 1100)
SWITCH: Final = Typist(hold_ms=Spread(4, 6, 9))


def keyboard_only(place: Place) -> None:
    """Tab from place to place, choose with arrows, send with Enter."""
    desk = Desk(place, typist=typists.ORDINARY)
    place.page.box(BEGIN)
    place.look()
    tab_to(desk, BEGIN)
    desk.key("Return")
    for number, choices in enumerate(CHOICES, 1):
        place.page.box(send_button(number))
        place.look()
        for choice in choices:
            tab_to(desk, f"[name='{choice_name(place, choice)}']")
            arrow_to(desk, f"[id='{choice}']")
        if not choices:
            tab_to(desk, FIELD)
            desk.write(TEXT)
        tab_to(desk, send_button(number))
        desk.key("Return")


def choice_name(place: Place, choice: str) -> str:
    """Return the name of the group that a radio belongs to."""
    return str(place.page.evaluate(f"document.getElementById('{choice}').name"))


def tab_to(desk: Desk, css: str) -> None:
    """Press the tabulator until something has the focus.

    Raises
    ------
    LookupError
        It cannot be reached.
    """
    for _press in range(MOST_TABS):
        desk.key("Tab")
        desk.place.wait(*TAB_S)
        if has_focus(desk, css):
            return
    message = f"{css} cannot be reached by keyboard."
    raise LookupError(message)


def arrow_to(desk: Desk, css: str) -> None:
    """Choose a radio by arrows; space chooses the one that has the focus already."""
    if has_focus(desk, css):
        desk.key("space")
        return
    for _press in range(MOST_TABS):
        desk.key("Down")
        desk.place.wait(*TAB_S)
        if has_focus(desk, css):
            return
    message = f"{css} cannot be chosen by keyboard."
    raise LookupError(message)


def has_focus(desk: Desk, css: str) -> bool:
    """Say whether something has the focus."""
    look = f"document.activeElement.matches({css!r})"
    return bool(desk.place.page.evaluate(look))


def one_switch(place: Place) -> None:
    """Press one key every now and then, as a switch does that scans a page."""
    desk = Desk(place, typist=SWITCH)
    place.page.box(BEGIN)
    place.look()
    step_to(desk, BEGIN, "Tab")
    switch(desk, "Return")
    for number, choices in enumerate(CHOICES, 1):
        place.page.box(send_button(number))
        place.look()
        for choice in choices:
            step_to(desk, f"[name='{choice_name(place, choice)}']", "Tab")
            switch(desk, "space")
        if not choices:
            step_to(desk, FIELD, "Tab")
            for letter in "by bike":
                switch(desk, key_of(letter))
        step_to(desk, send_button(number), "Tab")
        switch(desk, "Return")


def step_to(desk: Desk, css: str, key: str) -> None:
    """Press a key, slowly, until something has the focus.

    Raises
    ------
    LookupError
        It cannot be reached.
    """
    for _press in range(MOST_TABS):
        switch(desk, key)
        if has_focus(desk, css):
            return
    message = f"{css} cannot be reached by {key}."
    raise LookupError(message)


def switch(desk: Desk, key: str) -> None:
    """Wait until the scan is where one wants it, and press."""
    scan = SCAN_MS.draw(desk.place.chance) / 1000
    desk.place.wait(scan, scan)
    desk.key(key)
