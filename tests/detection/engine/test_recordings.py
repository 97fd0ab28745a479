"""Recordings in our words."""

from collections.abc import Sequence
from typing import Any

import pytest

from detection.engine.evaluation.recordings import (
    BrokenRecordingError,
    RecordedSession,
    read_sessions,
)
from detection.engine.evaluation.replay import replay, slices
from detection.engine.events import (
    AnyEvent,
    Blur,
    Click,
    Focus,
    Input,
    KeyDown,
    KeyUp,
    MouseDown,
    MouseMove,
    Paste,
    Scroll,
    Wheel,
)

from .recordings import line
from .streams import human_typing


def read(*lines: bytes) -> list[RecordedSession]:
    """Return the sessions of lines."""
    return list(read_sessions(lambda: lines, "made.jsonl"))


def translated(events: Sequence[dict[str, Any]], **changes: Any) -> Sequence[AnyEvent]:
    """Return one segment's events in our words."""
    return read(line(events, **changes))[0].events


def test_the_pointer_and_the_wheel_are_translated() -> None:
    """Positions, directions and trust stay; what is missing stays unknown."""
    events = translated(
        [
            {"t": 1, "type": "mousemove", "x": 3, "y": 4},
            {"t": 2, "type": "mousedown", "x": 3, "y": 4, "b": 1, "trusted": True},
            {"t": 3, "type": "click", "x": 3, "y": 4},
            {"t": 4, "type": "wheel", "x": 0, "y": 0, "dir": -1},
            {"t": 5, "type": "scroll", "sy": 90.5},
        ]
    )
    assert events == [
        MouseMove(t=1, x=3, y=4),
        MouseDown(t=2, x=3, y=4, trusted=True),
        Click(t=3, x=3, y=4),
        Wheel(t=4, dy=-100),
        Scroll(t=5, y=90.5),
    ]


def test_presses_on_a_phone_are_a_finger() -> None:
    """The recording knows the device, as our client knows the pointer's kind."""
    press = [{"t": 1, "type": "mousedown", "x": 1, "y": 1}]
    (event,) = translated(press, meta={"device": "touch"})
    assert isinstance(event, MouseDown)
    assert event.pointer == "touch"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("letter", "letter"),
        ("upper", "letter"),
        ("punct", "punctuation"),
        ("shift", "modifier"),
        ("mod", "modifier"),
        ("nav", "arrow"),
        ("func", "other"),
        ("unident", "other"),
        ("new_word", "other"),
    ],
)
def test_key_classes_are_translated(name: str, key: str) -> None:
    """Any class has one of ours."""
    (event,) = translated([{"t": 0, "type": "keydown", "k": 4, "key_class": name}])
    assert isinstance(event, KeyDown)
    assert (event.key, event.k, event.code_known) == (key, 4, name != "unident")


def test_fields_become_small_numbers() -> None:
    """The same name is the same number within a session."""
    events = translated(
        [
            {"t": n, "type": "input", "what": what, "len": 3, "dlen": 1, "field": name}
            for n, (what, name) in enumerate(
                [("text", "QID5"), ("choice", "QID9"), ("text", "QID5")]
            )
        ]
    )
    assert events == [
        Input(t=0, delta=1, length=3, field=0),
        Input(t=1, input_type="choice", delta=1, length=3, field=1),
        Input(t=2, delta=1, length=3, field=0),
    ]


def test_the_rest_is_translated_and_the_unknown_left_out() -> None:
    """An event of a later recorder does no harm."""
    kinds = ["focus", "blur", "paste", "a_new_one"]
    events = translated([{"t": n, "type": kind} for n, kind in enumerate(kinds)])
    assert [type(event) for event in events] == [Focus, Blur, Paste]


def test_keys_of_a_held_key_are_repeats() -> None:
    """Recorders number each repeat and release only the last."""
    down = {"type": "keydown", "key_class": "backspace"}
    events: list[dict[str, Any]] = [
        {"t": 0, "type": "keydown", "key_class": "letter", "k": 0},
        {"t": 80, "type": "keyup", "key_class": "letter", "k": 0},
        {"t": 300, "k": 1, **down},
        {"t": 800, "k": 2, **down},
        {"t": 830, "k": 3, **down},
        {"t": 860, "type": "keyup", "key_class": "backspace", "k": 3},
        {"t": 990, "type": "keydown", "key_class": "letter", "k": 4},
        {"t": 999, "type": "keyup", "key_class": "letter", "k": 4},
    ]
    downs = [event for event in translated(events) if isinstance(event, KeyDown)]
    assert [event.repeat for event in downs] == [False, False, True, True, False]


def test_keys_without_any_release_are_no_repeats() -> None:
    """Agents that forget the release are not excused."""
    events = [
        {"t": n * 9, "type": "keydown", "key_class": "letter", "k": n} for n in range(9)
    ]
    keys = translated(events)
    assert not any(event.repeat for event in keys if isinstance(event, KeyDown | KeyUp))


def test_segments_of_a_session_are_joined_in_their_order() -> None:
    """Whatever the order of lines, and whoever stands between them."""
    move = [{"t": 5, "type": "mousemove", "x": 0, "y": 0}]
    sessions = read(
        line(move, seg=1, t0=60_000),
        line(move, session="b"),
        line(move, seg=0, t0=0),
    )
    times = {one.session: [event.t for event in one.events] for one in sessions}
    assert times == {"a": [5, 60_005], "b": [5]}


def test_sessions_of_two_people_are_two() -> None:
    """A session's name means something within one person only."""
    assert len(read(line([]), line([], subject="s2"), line([], source="other"))) == 3


@pytest.mark.parametrize("broken", [b"{", b"[]", b'{"source": 1}', b"\xff\xfe"])
def test_a_broken_line_names_file_and_line(broken: bytes) -> None:
    """Who looks for the mistake knows where to look."""
    with pytest.raises(BrokenRecordingError, match=r"made\.jsonl:3: "):
        read(line([]), b"\n", broken + b"\n")


def test_an_event_without_a_time_is_broken() -> None:
    """A segment that names its session may still hold a broken event."""
    with pytest.raises(BrokenRecordingError, match=r"made\.jsonl:1: .*`t`"):
        read(line([{"type": "focus"}]))


def test_a_session_is_cut_into_slices_of_five_seconds() -> None:
    """Silence makes no empty batch."""
    events = [Focus(t=t) for t in (0, 4_999, 5_000, 31_000, 31_001)]
    assert [[e.t for e in batch] for batch in slices(events)] == [
        [0, 4_999],
        [5_000],
        [31_000, 31_001],
    ]


def test_a_replay_says_when_the_verdict_settled() -> None:
    """The time is that of the batch after which it did not change."""
    events = human_typing(120)
    outcome = replay(RecordedSession("made", "s", "a", "human", events))
    assert outcome.kind == "human"
    assert outcome.settled_ms is not None
    assert 0 < outcome.settled_ms < events[-1].t
    assert outcome.event_count == len(events)


def test_an_undecided_replay_never_settled() -> None:
    """There is nothing to settle on."""
    outcome = replay(RecordedSession("made", "s", "a", "human", []))
    assert (outcome.kind, outcome.settled_ms) == ("undecided", None)
