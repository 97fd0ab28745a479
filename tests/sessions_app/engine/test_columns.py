"""What goes into columns comes out again."""

import zlib

import pytest
from hypothesis import given, settings as hypothesis_settings, strategies as st
from msgspec import msgpack

from detection.engine.events import (
    AnyEvent,
    Device,
    KeyDown,
    MouseDown,
    MouseMove,
    Scroll,
    decode_events,
)
from sessions_app.engine.columns import pack, unpack

KINDS = AnyEvent.__args__

number = st.integers(-100_000, 100_000).map(lambda n: n / 100)
whole = st.integers(-1_000, 1_000).map(float)
time = st.integers(0, 10_000_000).map(lambda n: n / 100)
event = st.one_of(
    st.builds(MouseMove, t=time, x=number, y=number, coalesced=st.none() | st.just(2)),
    st.builds(MouseMove, t=time, x=whole, y=whole, mx=whole, my=whole),
    st.builds(
        MouseDown,
        t=time,
        x=number,
        y=number,
        trusted=st.none() | st.booleans(),
        target=st.none() | st.sampled_from(["radio", "button"]),
    ),
    st.builds(KeyDown, t=time, key=st.sampled_from(["letter", "space"]), k=st.none()),
    st.builds(Scroll, t=time, y=number),
    st.builds(Device, t=time, languages=st.none() | st.just(["de", "en"])),
)


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.lists(event, min_size=1, max_size=40), st.lists(st.binary(max_size=20)))
def test_there_and_back(events: list[AnyEvent], unknown: list[bytes]) -> None:
    """The same events in the same order, and unknown ones byte by byte."""
    assert unpack(pack(events, unknown), KINDS) == (events, unknown)


def test_the_same_events_give_the_same_bytes() -> None:
    """A repeated batch is recognized by its bytes."""
    raw = b'[{"type": "mousemove", "t": 1.234, "x": 3, "y": 4}]'
    spaced = b'[ {"y":4.0, "x":3, "t":1.234, "type":"mousemove"} ]'
    assert pack(decode_events(raw).events) == pack(decode_events(spaced).events)


def test_fractions_are_kept_to_a_hundredth() -> None:
    """Finer than any clock or pointing device."""
    path = [MouseMove(t=1.236, x=0.1, y=0), MouseMove(t=2.5, x=0.2, y=0)]
    (first, second), _unknown = unpack(pack(path), KINDS)
    assert (first.t, first.x, second.t) == (1.24, 0.1, 2.5)


def test_a_usual_batch_takes_few_bytes() -> None:
    """Columns of a pointer's path are a few bytes an event."""
    path = [MouseMove(t=16.7 * i, x=3.0 * i, y=100 + i % 7) for i in range(200)]
    assert len(pack(path)) / 200 < 6


def test_the_first_version_can_be_read() -> None:
    """What older releases stored stays readable."""
    columns = {"t": ["d", [120, 1670]], "x": ["i", [3, 2]], "y": ["=", [7, 2]]}
    old = [1, [0, 2], ["mousemove"], [columns], []]
    events, _unknown = unpack(zlib.compress(msgpack.encode(old)), KINDS)
    assert events == [MouseMove(t=1.2, x=3, y=7), MouseMove(t=17.9, x=5, y=7)]


def test_the_second_version_can_be_read() -> None:
    """It wrote that nothing was left of a foretold step, each time."""
    columns = {
        "t": ["i", [1, 16]],
        "x": ["i", [5, 3]],
        "y": ["=", [7]],
        "mx": ["m", [2, 0]],
    }
    old = [2, [0, 2], ["mousemove"], [columns], []]
    events, _unknown = unpack(zlib.compress(msgpack.encode(old)), KINDS)
    assert events == [MouseMove(t=1, x=5, y=7, mx=2), MouseMove(t=17, x=8, y=7, mx=3)]


def test_what_the_hardware_moved_comes_back() -> None:
    """As the pointer did, but here and there."""
    ways = [(3, 3), (4, 4), (0, 1), (5, 5), (-2, -2)]
    x, path = 100, []
    for index, (step, told) in enumerate(ways):
        x += step
        path.append(MouseMove(t=index, x=x, y=0, mx=told, my=index % 2))
    assert unpack(pack(path), KINDS)[0] == path


@pytest.mark.parametrize(
    "content", [[99, [], [], [], []], [1, [0, 1], ["gyroscope"], [{}], []]]
)
def test_foreign_columns_are_refused(content: list[object]) -> None:
    """Another version or an unknown type is no guess."""
    with pytest.raises(ValueError, match="Columns"):
        unpack(zlib.compress(msgpack.encode(content)), KINDS)
