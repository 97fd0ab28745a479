"""Everybody who answers the demo survey."""

from typing import Final

from detection.engine.types import Family

from . import desk, keys, phones
from .person import Person

# Its engine is Chromium's, whatever it is told to say: no phone of Apple's would
# contradict itself so.
NOT_WEBKIT: Final = frozenset({Family.DEVICE})

PEOPLE: Final = (
    Person("fast typist", "an ordinary desktop, used quickly", desk.typist),
    Person("slow mouse user", "an ordinary desktop, used slowly", desk.slow_hand),
    Person("keyboard only", "nobody touches a pointer", keys.keyboard_only),
    Person(
        "android phone",
        "a finger, and a keyboard that composes words",
        phones.android,
        flags=(f"--user-agent={phones.ANDROID.agent}",),
    ),
    Person(
        "iphone",
        "a finger, and a keyboard that holds keys for 16 ms",
        phones.iphone,
        flags=(f"--user-agent={phones.IPHONE.agent}",),
        off=NOT_WEBKIT,
    ),
    Person(
        "ipad",
        "a tablet that says it is a Mac",
        phones.ipad,
        flags=(f"--user-agent={phones.IPAD.agent}",),
        off=NOT_WEBKIT,
    ),
)
