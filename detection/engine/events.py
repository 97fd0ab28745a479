"""The vocabulary of a session: what a browser may report, and nothing else.

Events arrive as JSON objects ``{"type": …, "t": …}``. ``t`` is in milliseconds
since the session's start, on the browser's monotonic clock. Unknown fields are
ignored, unknown types are counted and kept, a broken event names itself.

No key value, text or field name has a place here: a key is its class, a text its
length, a field a number that means something within one session only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from msgspec import Meta, Raw, Struct, ValidationError
from msgspec.json import Decoder

# A week. A tab left open longer than that is a new visit.
LONGEST_SESSION_MS: Final = 7 * 24 * 3600 * 1000

# The tallest pages measured in browsers end near 33 million pixels; a survey page
# does not come near one million.
FARTHEST_PX: Final = 1_000_000

Time = Annotated[float, Meta(ge=0, le=LONGEST_SESSION_MS)]
Pixels = Annotated[float, Meta(ge=-FARTHEST_PX, le=FARTHEST_PX)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Share = Annotated[float, Meta(ge=0, le=1)]
Small = Annotated[int, Meta(ge=0, le=255)]
Field = Annotated[int, Meta(ge=0, le=65_535)]
Force = Annotated[float, Meta(ge=0, le=100)]
# An element's role, an input type: words of a standard, never what a page says.
Word = Annotated[str, Meta(max_length=32, pattern=r"^(?:[A-Za-z][A-Za-z_-]*)?\Z")]
# What a survey platform calls its pages and questions.
Name = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
# What a browser says about itself: a locale, a time zone, the name of a GPU.
Label = Annotated[str, Meta(max_length=160, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Labels = Annotated[list[Label], Meta(max_length=32)]

KeyClass = Literal[
    "letter", "digit", "space", "enter", "tab", "backspace", "delete", "arrow",
    "modifier", "punctuation", "other",
]  # fmt: skip
PointerKind = Literal["mouse", "touch", "pen", "unknown"]
ScrollSource = Literal["wheel", "key", "touch", "page", "unknown"]


class Event(
    Struct, frozen=True, gc=False, omit_defaults=True, tag_field="type", kw_only=True
):
    """Anything that happened, at `t` milliseconds."""

    t: Time


class MouseMove(Event, frozen=True, gc=False, tag="mousemove"):
    """The pointer moved; `coalesced` counts the hardware's reports behind it."""

    x: Pixels
    y: Pixels
    coalesced: Count | None = None
    mx: Pixels | None = None
    my: Pixels | None = None


class Button(Event, frozen=True, gc=False):
    """A press, a release or a click, with the box of what it hit."""

    x: Pixels
    y: Pixels
    button: Small = 0
    trusted: bool | None = None
    # The browser's click count: 0 when no pointing device made the event.
    detail: Count | None = None
    pointer: PointerKind | None = None
    tx: Pixels | None = None
    ty: Pixels | None = None
    tw: Pixels | None = None
    th: Pixels | None = None
    target: Word | None = None


class MouseDown(Button, frozen=True, gc=False, tag="mousedown"):
    """A button went down."""


class MouseUp(Button, frozen=True, gc=False, tag="mouseup"):
    """A button came up."""


class Click(Button, frozen=True, gc=False, tag="click"):
    """A control was activated, by whatever means."""


class Wheel(Event, frozen=True, gc=False, tag="wheel"):
    """The wheel or a trackpad turned."""

    dx: Pixels = 0
    dy: Pixels = 0
    trusted: bool | None = None


class Scroll(Event, frozen=True, gc=False, tag="scroll"):
    """The page stands at `x`, `y`; `source` is what seems to have moved it."""

    x: Pixels = 0
    y: Pixels = 0
    source: ScrollSource = "unknown"


class Key(Event, frozen=True, gc=False):
    """A key, by its class alone."""

    key: KeyClass
    # Pairs a keydown with its keyup: a new number for each press, so it says
    # nothing about which key it was.
    k: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
    code_known: bool | None = None
    repeat: bool = False
    trusted: bool | None = None
    field: Field | None = None


class KeyDown(Key, frozen=True, gc=False, tag="keydown"):
    """A key went down."""


class KeyUp(Key, frozen=True, gc=False, tag="keyup"):
    """A key came up."""


class Input(Event, frozen=True, gc=False, tag="input"):
    """A control's value changed; `delta` and `length` count characters.

    `input_type` is the browser's own word (insertText, insertFromPaste, …),
    ``choice`` for radios, boxes and lists, empty where the browser says none.
    """

    input_type: Word = ""
    delta: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)] = 0
    length: Count = 0
    trusted: bool | None = None
    field: Field | None = None
    # Keys pressed since this field's last change.
    keys_since: Count | None = None


class Clipboard(Event, frozen=True, gc=False):
    """Text went through the clipboard or was dragged; only its length is known."""

    length: Count = 0
    field: Field | None = None
    share_of_prompt: Share | None = None
    trusted: bool | None = None


class Paste(Clipboard, frozen=True, gc=False, tag="paste"):
    """Text came in from the clipboard."""


class Copy(Clipboard, frozen=True, gc=False, tag="copy"):
    """Text was copied; `share_of_prompt` says how much of the question it was."""


class Cut(Clipboard, frozen=True, gc=False, tag="cut"):
    """Text was cut out."""


class Drop(Clipboard, frozen=True, gc=False, tag="drop"):
    """Text was dragged in."""


class Focus(Event, frozen=True, gc=False, tag="focus"):
    """The window has the keyboard."""


class Blur(Event, frozen=True, gc=False, tag="blur"):
    """The window lost the keyboard."""


class Visibility(Event, frozen=True, gc=False, tag="visibility"):
    """The page came into sight or left it."""

    visible: bool


class FieldFocus(Event, frozen=True, gc=False, tag="fieldfocus"):
    """A control has the keyboard."""

    field: Field


class FieldBlur(Event, frozen=True, gc=False, tag="fieldblur"):
    """A control lost the keyboard."""

    field: Field


class Touch(Event, frozen=True, gc=False):
    """A finger: where, how hard and how broad, in CSS pixels."""

    x: Pixels
    y: Pixels
    force: Force | None = None
    rx: Pixels | None = None
    ry: Pixels | None = None
    id: Annotated[int, Meta(ge=0, le=1_000_000_000_000)] | None = None


class TouchStart(Touch, frozen=True, gc=False, tag="touchstart"):
    """A finger came down."""


class TouchMove(Touch, frozen=True, gc=False, tag="touchmove"):
    """A finger moved."""


class TouchEnd(Touch, frozen=True, gc=False, tag="touchend"):
    """A finger was lifted."""


class Page(Event, frozen=True, gc=False, tag="page"):
    """A page of the survey was shown."""

    id: Name = ""
    words: Count | None = None


class Question(Event, frozen=True, gc=False, tag="question"):
    """A question came into sight, or left it."""

    id: Name = ""
    words: Count | None = None
    visible: bool = True


class Answer(Event, frozen=True, gc=False, tag="answer"):
    """A question was answered; what was said is not told."""

    id: Name = ""
    visible: bool | None = None


class Device(Event, frozen=True, gc=False, tag="device"):
    """What the browser says about itself and the machine it runs on.

    Answers only: judging them is the detectors' work. Sizes are in CSS pixels.
    """

    webdriver: bool | None = None
    # Names of known driver globals that the page found, such as "cdc_" or
    # "__pwInitScripts".
    driver_globals: Labels | None = None
    headless_marks: Labels | None = None
    screen_width: Pixels | None = None
    screen_height: Pixels | None = None
    inner_width: Pixels | None = None
    inner_height: Pixels | None = None
    outer_width: Pixels | None = None
    outer_height: Pixels | None = None
    pixel_ratio: Annotated[float, Meta(ge=0, le=100)] | None = None
    cores: Count | None = None
    memory_gb: Annotated[float, Meta(ge=0, le=100_000)] | None = None
    touch_points: Count | None = None
    coarse_pointer: bool | None = None
    hover: bool | None = None
    platform: Label | None = None
    brands: Labels | None = None
    mobile: bool | None = None
    languages: Labels | None = None
    timezone: Label | None = None
    timezone_offset_min: Annotated[int, Meta(ge=-1_440, le=1_440)] | None = None
    renderer: Label | None = None
    reduced_motion: bool | None = None
    dark: bool | None = None
    focused: bool | None = None


class Network(Event, frozen=True, gc=False, tag="network"):
    """What the browser knows about its connection."""

    connection: Label | None = None
    round_trip_ms: Annotated[float, Meta(ge=0, le=10_000_000)] | None = None
    downlink_mbps: Annotated[float, Meta(ge=0, le=10_000_000)] | None = None


AnyEvent = (
    MouseMove
    | MouseDown
    | MouseUp
    | Click
    | Wheel
    | Scroll
    | KeyDown
    | KeyUp
    | Input
    | Paste
    | Copy
    | Cut
    | Drop
    | Focus
    | Blur
    | Visibility
    | FieldFocus
    | FieldBlur
    | TouchStart
    | TouchMove
    | TouchEnd
    | Page
    | Question
    | Answer
    | Device
    | Network
)


class _Tagged(Struct, gc=False):
    """The least that an event of an unknown type must hold."""

    type: Annotated[str, Meta(min_length=1, max_length=64)]
    t: Time


class BrokenEventError(ValueError):
    """One event cannot be read.

    `index` counts from 0, `pointer` is a JSON pointer within that event ("" when
    the event as a whole is wrong).
    """

    def __init__(self, index: int, pointer: str, reason: str) -> None:
        super().__init__(f"event {index}: {reason}")
        self.index = index
        self.pointer = pointer
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Decoded:
    """A batch's events in their order; unknown ones stay as they came."""

    events: Sequence[AnyEvent]
    unknown: Sequence[bytes]


_ALL: Final = Decoder(list[AnyEvent])
_RAW: Final = Decoder(list[Raw])
_ONE: Final = Decoder(AnyEvent)
_TAGGED: Final = Decoder(_Tagged)
_KNOWN: Final = frozenset(kind.__struct_config__.tag for kind in AnyEvent.__args__)


def decode_events(raw: bytes) -> Decoded:
    """Read a JSON array of events.

    Raises
    ------
    BrokenEventError
        The first event that cannot be read. A list with a broken event is refused
        whole: a batch is stored as it was sent, or not at all.
    """
    try:
        return Decoded(_ALL.decode(raw), ())
    except ValidationError:
        return _decode_one_by_one(raw)


def _decode_one_by_one(raw: bytes) -> Decoded:
    """Find the broken event, or set the unknown ones apart (16 µs for 50)."""
    events: list[AnyEvent] = []
    unknown: list[bytes] = []
    for index, item in enumerate(_RAW.decode(raw)):
        try:
            events.append(_ONE.decode(item))
        except ValidationError as error:
            if _is_unknown(item, index):
                unknown.append(bytes(item))
            else:
                raise _broken(index, error) from None
    return Decoded(events, unknown)


def _is_unknown(item: Raw, index: int) -> bool:
    """Say whether an event is of a type that this release does not know."""
    try:
        return _TAGGED.decode(item).type not in _KNOWN
    except ValidationError as error:
        raise _broken(index, error) from None


def _broken(index: int, error: ValidationError) -> BrokenEventError:
    """Turn msgspec's "… - at `$.x[0]`" into a reason and a JSON pointer.

    Of a wrong word it quotes the word, which may be what somebody typed.
    """
    reason, _, path = str(error).partition(" - at `$")
    reason = reason.partition(" '")[0] if "enum value" in reason else reason
    pointer = path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
    return BrokenEventError(index, pointer, reason)
