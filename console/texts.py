"""What the console's pages say, in the language of the moment."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LANES: Final[Mapping[str, Promise]] = {
    "keyboard": _("Keyboard"),
    "pointer": _("Pointer"),
    "click": _("Clicks"),
    "scroll": _("Scrolling"),
    "touch": _("Touch"),
    "focus": _("Focus"),
    "clipboard": _("Clipboard"),
    "page": _("Pages and questions"),
    "device": _("Device"),
}

KINDS: Final[Mapping[str, Promise]] = {
    "keydown": _("Keys pressed"),
    "keyup": _("Keys let go"),
    "input": _("Changes of a field"),
    "mousemove": _("Moves"),
    "mousedown": _("Presses"),
    "mouseup": _("Releases"),
    "click": _("Clicks"),
    "wheel": _("Turns of the wheel"),
    "scroll": _("Movements of the page"),
    "touchstart": _("Fingers put down"),
    "touchmove": _("Moves of a finger"),
    "touchend": _("Fingers lifted"),
    "focus": _("Window came to the front"),
    "blur": _("Window was left"),
    "visibility": _("Page came or went out of sight"),
    "fieldfocus": _("Fields entered"),
    "fieldblur": _("Fields left"),
    "paste": _("Pasted"),
    "copy": _("Copied"),
    "cut": _("Cut out"),
    "drop": _("Dragged in"),
    "page": _("Pages shown"),
    "question": _("Questions in and out of sight"),
    "answer": _("Questions answered"),
    "track": _("Events of the page's own"),
    "device": _("Reports on the browser"),
    "network": _("Reports on the connection"),
}

# Which lane a family of checks reads; timing and answers read the pages.
LANE_OF_FAMILY: Final[Mapping[str, str]] = {
    "keyboard": "keyboard",
    "pointer": "pointer",
    "click": "click",
    "scroll": "scroll",
    "touch": "touch",
    "focus": "focus",
    "clipboard": "clipboard",
    "timing": "page",
    "answers": "page",
    "device": "device",
}

# Why a family said nothing, when nothing of its kind came.
NOTHING_CAME: Final[Mapping[str, Promise]] = {
    "keyboard": _("No key was pressed."),
    "pointer": _("No pointer moved: a phone, a keyboard alone, or nobody at all."),
    "click": _("Nothing was pressed or clicked."),
    "scroll": _("The page was not scrolled."),
    "touch": _("No finger touched the screen."),
    "focus": _("The window and its fields kept the focus that they had."),
    "clipboard": _("Nothing was copied, cut or pasted."),
    "timing": _("The survey does not tell when its pages are shown."),
    "answers": _("The survey does not tell when its questions are in sight."),
    "device": _("The browser sent no report about itself."),
    "network": _("No request was looked at, or no list of addresses is loaded."),
}
SWITCHED_OFF: Final = _("Switched off, for this survey or for the installation.")
TOO_LITTLE: Final = _("Too little was seen to say anything: %(count)s events.")
ELSEWHERE: Final = _("Nothing came in the part that is shown here.")

STATES: Final[Mapping[str, Promise]] = {
    "fired": _("Found"),
    "noted": _("Noted"),
    "clear": _("Not found"),
    "unknown": _("Not known"),
}
