"""The vocabulary, and what is said about events that are not in it."""

import pytest

from detection.engine import BrokenEventError, decode_events
from detection.engine.events import KeyDown, MouseMove


def test_known_events_are_decoded() -> None:
    """Unknown fields are left out, missing ones are not known."""
    decoded = decode_events(
        b'[{"type": "mousemove", "t": 1, "x": 2, "y": 3, "new": 4},'
        b' {"type": "keydown", "t": 2, "key": "letter"}]'
    )
    assert decoded.events == [
        MouseMove(t=1, x=2, y=3),
        KeyDown(t=2, key="letter"),
    ]
    assert decoded.unknown == ()


def test_unknown_types_are_set_apart_as_they_came() -> None:
    """A later client's events are counted and kept."""
    raw = b'[{"type": "smell", "t": 1}, {"type": "focus", "t": 2}]'
    decoded = decode_events(raw)
    assert len(decoded.events) == 1
    assert decoded.unknown == [b'{"type": "smell", "t": 1}']


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        (b'{"type": "focus", "t": -1}', "/t"),
        (b'{"type": "focus"}', ""),
        (b'{"type": "smell"}', ""),
        (b'{"type": "device", "t": 1, "languages": ["de", 2]}', "/languages/1"),
        (b"7", ""),
    ],
)
def test_a_broken_event_names_itself(event: bytes, pointer: str) -> None:
    """Its place in the batch, and the place within it."""
    raw = b'[{"type": "focus", "t": 0}, ' + event + b"]"
    with pytest.raises(BrokenEventError, match="event 1: ") as caught:
        decode_events(raw)
    assert (caught.value.index, caught.value.pointer) == (1, pointer)
