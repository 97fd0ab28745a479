"""Read recordings of behaviour, and translate their events into ours.

A recording is one JSON object a line, a segment of at most a minute. The format
is described beside the recordings; fields that are not there stay unknown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from ..events import (
    AnyEvent,
    Blur,
    Click,
    Copy,
    Cut,
    Drop,
    Focus,
    Input,
    KeyClass,
    KeyDown,
    KeyUp,
    MouseDown,
    MouseMove,
    MouseUp,
    Paste,
    PointerKind,
    Scroll,
    TouchEnd,
    TouchMove,
    TouchStart,
    Visibility,
    Wheel,
)

# What the recordings call keys, in our words; anything else is "other".
_KEY_CLASSES: Final[dict[str, KeyClass]] = {
    "letter": "letter",
    "upper": "letter",
    "digit": "digit",
    "space": "space",
    "shift": "modifier",
    "mod": "modifier",
    "modifier": "modifier",
    "caps": "modifier",
    "backspace": "backspace",
    "delete": "delete",
    "enter": "enter",
    "tab": "tab",
    "nav": "arrow",
    "arrow": "arrow",
    "punct": "punctuation",
    "punctuation": "punctuation",
}

# Of these the browser knows no key; of "other" and "func" it does.
_UNIDENTIFIED: Final = frozenset({"unident", "unidentified"})

# A wheel's notch in most browsers, for recordings that tell only its direction.
_NOTCH_PX: Final = 100


class BrokenRecordingError(ValueError):
    """A line cannot be read; the message names the file and the line."""


class _Event(Struct):
    """An event as recordings write it."""

    t: float
    type: str
    x: float | None = None
    y: float | None = None
    b: int | None = None
    dir: float | None = None
    sx: float | None = None
    sy: float | None = None
    k: int | str | None = None
    key_class: str | None = None
    len: float | None = None
    dlen: float | None = None
    field: str | int | None = None
    what: str | None = None
    trusted: bool | None = None
    detail: int | None = None
    repeat: bool | None = None
    visible: bool | None = None


class _Meta(Struct):
    """What is told about a recording; only the device matters here."""

    device: str | None = None


class _Name(Struct):
    """Which session a line belongs to."""

    source: str
    subject: str
    session: str


class _Segment(_Name):
    """A line of a recording."""

    label: str
    events: list[_Event]
    t0: float = 0
    meta: _Meta | None = None


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """One session of one subject, all segments joined."""

    source: str
    subject: str
    session: str
    label: str
    events: Sequence[AnyEvent]


_Line = TypeVar("_Line", bound=_Name)
_NAMES: Final = Decoder(_Name)
_SEGMENTS: Final = Decoder(_Segment)
_Key = tuple[str, str, str]


def read_sessions(
    open_lines: Callable[[], Iterable[bytes]], name: str
) -> Iterator[RecordedSession]:
    """Yield the sessions of a file, each when its last segment was read.

    The file is read twice, so that few sessions are held at a time however its
    lines are sorted. `name` is what errors call the file.

    Raises
    ------
    BrokenRecordingError
        A line is not a segment.
    """
    last_lines: dict[_Key, int] = {}
    for number, line in _numbered(open_lines()):
        last_lines[_key(_decoded(_NAMES, line, name, number))] = number
    held: dict[_Key, list[_Segment]] = {}
    for number, line in _numbered(open_lines()):
        segment = _decoded(_SEGMENTS, line, name, number)
        key = _key(segment)
        held.setdefault(key, []).append(segment)
        if last_lines[key] == number:
            yield join_segments(held.pop(key))


def join_segments(segments: Sequence[_Segment]) -> RecordedSession:
    """Return a session of segments, their times and events translated."""
    ordered = sorted(segments, key=lambda segment: segment.t0)
    first = ordered[0]
    timed = [
        (segment.t0 + event.t, event) for segment in ordered for event in segment.events
    ]
    meta = first.meta
    translate = _Translator(
        is_touch=meta is not None and meta.device == "touch",
        repeats=_repeats([event for _, event in timed]),
    )
    events = [translate(at, index, event) for index, (at, event) in enumerate(timed)]
    return RecordedSession(
        first.source,
        first.subject,
        first.session,
        first.label,
        [event for event in events if event is not None],
    )


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold something, with their numbers."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, line


def _decoded(decoder: Decoder[_Line], line: bytes, name: str, number: int) -> _Line:
    """Decode a line or say which it was."""
    try:
        return decoder.decode(line)
    except (MsgspecError, UnicodeDecodeError) as error:
        message = f"{name}:{number}: {error}"
        raise BrokenRecordingError(message) from error


def _key(segment: _Name) -> _Key:
    """Return what makes a session one."""
    return segment.source, segment.subject, segment.session


def _repeats(events: Sequence[_Event]) -> frozenset[int]:
    """Return the indexes of keydowns that a held key repeated.

    Recorders gave each repeat a number of its own and no release. Where most keys
    have no release this tells nothing, and nothing is taken for a repeat.
    """
    released = {event.k for event in events if event.type == "keyup"}
    downs = [
        (index, event) for index, event in enumerate(events) if event.type == "keydown"
    ]
    unreleased = sum(event.k not in released for _, event in downs)
    if unreleased * 2 > len(downs):
        return frozenset()
    return frozenset(
        index
        for (_, before), (index, event) in pairwise(downs)
        if before.k not in released
        and before.key_class == event.key_class
        and event.t - before.t < _LONGEST_REPEAT_MS
    )


# Keyboards repeat a held key after 250 ms to 1 s, and then every 30 ms or so.
_LONGEST_REPEAT_MS: Final = 1_000


class _Translator:
    """Turns one session's events into ours; field names become small numbers."""

    def __init__(self, *, is_touch: bool, repeats: frozenset[int]) -> None:
        self._pointer: PointerKind | None = "touch" if is_touch else None
        self._repeats = repeats
        self._fields: dict[str | int, int] = {}
        self._keys: dict[int | str, int] = {}

    def __call__(self, at: float, index: int, event: _Event) -> AnyEvent | None:
        """Return our event, None for a type we have no word for."""
        t = max(0.0, at)
        if event.type in _BUTTONS:
            return self._button(t, event)
        if event.type in _KEYS:
            return self._key(t, index, event)
        if event.type == "input":
            return self._input(t, event)
        if event.type in _CLIPBOARD:
            length = int(event.len or 0)
            return _CLIPBOARD[event.type](t=t, length=length, trusted=event.trusted)
        plain = _PLAIN.get(event.type)
        return None if plain is None else plain(t, event)

    def _button(self, t: float, event: _Event) -> AnyEvent:
        """Return a press, a release or a click."""
        return _BUTTONS[event.type](
            t=t,
            x=event.x or 0.0,
            y=event.y or 0.0,
            trusted=event.trusted,
            detail=event.detail,
            pointer=self._pointer,
        )

    def _key(self, t: float, index: int, event: _Event) -> AnyEvent:
        """Return a key that went down or came up."""
        name = event.key_class or ""
        number = event.k
        if isinstance(number, str):
            number = self._keys.setdefault(number, len(self._keys))
        return _KEYS[event.type](
            t=t,
            key=_KEY_CLASSES.get(name, "other"),
            k=number,
            code_known=None if not name else name not in _UNIDENTIFIED,
            repeat=bool(event.repeat) or index in self._repeats,
            trusted=event.trusted,
        )

    def _input(self, t: float, event: _Event) -> AnyEvent:
        """Return a change of a control."""
        name = event.field
        return Input(
            t=t,
            input_type="choice" if event.what == "choice" else "",
            delta=int(event.dlen or 0),
            length=int(event.len or 0),
            trusted=event.trusted,
            field=None
            if name is None
            else self._fields.setdefault(name, len(self._fields)),
        )


def _move(t: float, event: _Event) -> AnyEvent:
    return MouseMove(t=t, x=event.x or 0.0, y=event.y or 0.0)


def _wheel(t: float, event: _Event) -> AnyEvent:
    return Wheel(t=t, dy=(event.dir or 0) * _NOTCH_PX, trusted=event.trusted)


def _scroll(t: float, event: _Event) -> AnyEvent:
    return Scroll(t=t, x=event.sx or 0.0, y=event.sy or 0.0)


def _visibility(t: float, event: _Event) -> AnyEvent:
    return Visibility(t=t, visible=event.visible is not False)


_BUTTONS: Final[Mapping[str, type[MouseDown | MouseUp | Click]]] = {
    "mousedown": MouseDown,
    "mouseup": MouseUp,
    "click": Click,
}
_KEYS: Final[Mapping[str, type[KeyDown | KeyUp]]] = {
    "keydown": KeyDown,
    "keyup": KeyUp,
}
_CLIPBOARD: Final[Mapping[str, type[Paste | Copy | Cut | Drop]]] = {
    "paste": Paste,
    "copy": Copy,
    "cut": Cut,
    "drop": Drop,
}
_PLAIN: Final[Mapping[str, Callable[[float, _Event], AnyEvent]]] = {
    "mousemove": _move,
    "wheel": _wheel,
    "scroll": _scroll,
    "visibility": _visibility,
    "focus": lambda t, _event: Focus(t=t),
    "blur": lambda t, _event: Blur(t=t),
    "touchstart": lambda t, event: TouchStart(t=t, x=event.x or 0.0, y=event.y or 0.0),
    "touchmove": lambda t, event: TouchMove(t=t, x=event.x or 0.0, y=event.y or 0.0),
    "touchend": lambda t, event: TouchEnd(t=t, x=event.x or 0.0, y=event.y or 0.0),
}
