"""From a batch's JSON to its events, or to the reason why it cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta, Raw, Struct, ValidationError
from msgspec.json import Decoder

from .behaviour import (
    Answer,
    Blur,
    Click,
    Copy,
    Cut,
    Drop,
    FieldBlur,
    FieldFocus,
    Focus,
    Input,
    KeyDown,
    KeyUp,
    MouseDown,
    MouseMove,
    MouseUp,
    Page,
    Paste,
    Question,
    Scroll,
    TouchEnd,
    TouchMove,
    TouchStart,
    Track,
    Visibility,
    Wheel,
)
from .device import Device, Network
from .fields import Time

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
    | Track
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
