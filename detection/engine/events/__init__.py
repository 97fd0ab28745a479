"""The vocabulary of a session: what a browser may report, and nothing else.

Events arrive as JSON objects ``{"type": …, "t": …}``. ``t`` is in milliseconds
since the session's start, on the browser's monotonic clock. Unknown fields are
ignored, unknown types are counted and kept, a broken event names itself.

No key value, text or field name has a place here: a key is its class, a text its
length, a field a number that means something within one session only.
"""

from .behaviour import (
    Answer,
    Blur,
    Button,
    Click,
    Clipboard,
    Copy,
    Cut,
    Drop,
    FieldBlur,
    FieldFocus,
    Focus,
    Input,
    Key,
    KeyDown,
    KeyUp,
    MouseDown,
    MouseMove,
    MouseUp,
    Page,
    Paste,
    Question,
    Scroll,
    Touch,
    TouchEnd,
    TouchMove,
    TouchStart,
    Track,
    Visibility,
    Wheel,
)
from .decoding import AnyEvent, BrokenEventError, Decoded, decode_events
from .device import Device, Network
from .fields import (
    FARTHEST_PX,
    LONGEST_SESSION_MS,
    Event,
    KeyClass,
    PointerKind,
    ScrollSource,
)

__all__ = [
    "FARTHEST_PX",
    "LONGEST_SESSION_MS",
    "Answer",
    "AnyEvent",
    "Blur",
    "BrokenEventError",
    "Button",
    "Click",
    "Clipboard",
    "Copy",
    "Cut",
    "Decoded",
    "Device",
    "Drop",
    "Event",
    "FieldBlur",
    "FieldFocus",
    "Focus",
    "Input",
    "Key",
    "KeyClass",
    "KeyDown",
    "KeyUp",
    "MouseDown",
    "MouseMove",
    "MouseUp",
    "Network",
    "Page",
    "Paste",
    "PointerKind",
    "Question",
    "Scroll",
    "ScrollSource",
    "Touch",
    "TouchEnd",
    "TouchMove",
    "TouchStart",
    "Track",
    "Visibility",
    "Wheel",
    "decode_events",
]
