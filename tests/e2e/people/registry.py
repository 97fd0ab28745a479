"""Everybody who answers the demo survey."""

from typing import Final

from detection.engine.types import Family

from . import assistive, desk, keys, machines, phones, texts
from .person import Person

# Its engine is Chromium's and its workers say Linux, whatever the page is told to say
# (device.engine_mismatch, device.worker_mismatch): no tablet contradicts itself so.
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
    ),
    Person(
        "ipad",
        "a tablet that says it is a Mac",
        phones.ipad,
        flags=(f"--user-agent={phones.IPAD.agent}",),
        off=NOT_WEBKIT,
    ),
    Person(
        "screen reader",
        "presses by the accessibility bus",
        assistive.screen_reader,
        flags=assistive.FLAGS,
        needs_bus=True,
    ),
    Person("paste", "a text that was written elsewhere", texts.paste),
    Person("input method", "Japanese, by composition", texts.japanese),
    Person("dictation", "phrases that appear with no key", texts.dictation),
    Person("expander", "an extension that writes a text", texts.expander),
    Person("tremor", "a hand that trembles", desk.tremor),
    Person("switch", "one key every now and then", keys.one_switch),
    Person("remote desktop", "a pointer that ticks", machines.remote),
    Person("trackpad", "taps of 2 ms", desk.trackpad),
    Person("developer", "open developer tools", machines.developer),
    Person(
        "privacy browser",
        "no graphics, no zone, one language",
        desk.ordinary,
        flags=("--disable-3d-apis", "--accept-lang=en-US"),
        environment={"TZ": "UTC"},
    ),
    Person("zoom", "pages enlarged by half", machines.zoomed),
    Person("right to left", "a page that is turned round", machines.from_right),
    Person(
        "reduced motion",
        "pages that jump and do not glide",
        desk.ordinary,
        flags=("--force-prefers-reduced-motion", "--disable-smooth-scrolling"),
    ),
    Person("looks away", "another tab in between", machines.looks_away),
)
