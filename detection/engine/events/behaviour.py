"""What a respondent does: events of keys, pointers, fingers, focus and questions."""

from typing import Annotated

from msgspec import Meta

from .fields import (
    Count,
    Event,
    Field,
    Force,
    KeyClass,
    Name,
    Pixels,
    PointerKind,
    ScrollSource,
    Share,
    Small,
    Word,
)


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


class Track(Event, frozen=True, gc=False, tag="track"):
    """The page told of something of its own: a name, and a number if it has one."""

    name: Name = ""
    value: Annotated[float, Meta(ge=-1e12, le=1e12)] | None = None
