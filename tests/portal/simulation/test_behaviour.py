"""What made-up people do with mouse, keys and fingers is what was measured."""

from itertools import pairwise
from statistics import median
from typing import Any

import pytest

from portal.simulation.kinds import KINDS
from portal.simulation.tape import Event

from .judging import visit_of


def events_of(name: str, visits: int = 4) -> list[list[Event]]:
    """Return the events of some visits of a kind that came to the end."""
    kind = next(kind for kind in KINDS if kind.name == name)
    found = (visit_of(kind, number) for number in range(2 * visits + 4))
    whole = [visit for visit in found if visit.has_finished][:visits]
    assert len(whole) == visits
    return [[event for batch in visit.batches for event in batch] for visit in whole]


def of_type(events: list[Event], *types: str) -> list[Event]:
    """Return the events of some types."""
    return [event for event in events if event["type"] in types]


def gaps(events: list[Event]) -> list[float]:
    """Return the times between events."""
    return [later["t"] - earlier["t"] for earlier, later in pairwise(events)]


def test_mouse_reports_once_a_frame() -> None:
    """Two or three reports of the hardware are behind most of them."""
    for events in events_of("desk"):
        moves = of_type(events, "mousemove")
        quick = [gap for gap in gaps(moves) if gap < 30]
        assert median(quick) == pytest.approx(1000 / 60, abs=1.5)
        assert median(move["coalesced"] for move in moves) == 2


def test_hardware_moves_add_up_to_the_way() -> None:
    """A pointer is where its moves have brought it."""
    for events in events_of("trembling", 2):
        moves = of_type(events, "mousemove")
        ways: list[tuple[Any, Any]] = [
            (b["x"] - a["x"], b["y"] - a["y"]) for a, b in pairwise(moves)
        ]
        assert ways == [(move["mx"], move["my"]) for move in moves[1:]]


def test_pointer_stands_where_it_presses() -> None:
    """Nobody at a desk jumps; the press is on its target."""
    for events in events_of("desk"):
        at = (0, 0)
        for event in of_type(events, "mousemove", "mousedown"):
            if event["type"] == "mousemove":
                at = (event["x"], event["y"])
                continue
            assert (event["x"], event["y"]) == at
            assert 0 <= event["x"] - event["tx"] <= event["tw"]
            assert 0 <= event["y"] - event["ty"] <= event["th"]


def test_keys_are_held_and_follow_as_peoples_do() -> None:
    """89 ms and 167 ms in the middle (survey_de); each comes up once."""
    holds, pauses = [], []
    for events in events_of("desk", 6):
        downs = {e["k"]: e["t"] for e in of_type(events, "keydown")}
        ups = {e["k"]: e["t"] for e in of_type(events, "keyup")}
        assert downs.keys() == ups.keys()
        keys = [e for e in of_type(events, "keydown") if e["key"] != "modifier"]
        holds += [ups[e["k"]] - e["t"] for e in keys]
        pauses += [gap for gap in gaps(keys) if gap < 2_000]
    assert median(holds) == pytest.approx(89, rel=0.12)
    assert median(pauses) == pytest.approx(167, rel=0.15)


def test_text_has_the_length_that_is_told() -> None:
    """The changes of a field add up, with its mistakes taken back."""
    for events in events_of("fast"):
        lengths: dict[int, int] = {}
        for event in of_type(events, "input"):
            if event["input_type"] == "choice":
                continue
            field = event["field"]
            lengths[field] = lengths.get(field, 0) + event["delta"]
            assert lengths[field] == event["length"]
        assert lengths


def test_fingers_press_and_no_mouse_moves() -> None:
    """Phones report touches; the mouse's events that follow are the browser's own."""
    for events in events_of("phone"):
        assert of_type(events, "mousemove", "wheel") == []
        assert {e["pointer"] for e in of_type(events, "mousedown")} == {"touch"}
        starts, ends = of_type(events, "touchstart"), of_type(events, "touchend")
        assert len(starts) == len(ends) >= len(of_type(events, "mousedown"))


def test_keyboard_alone_uses_no_mouse() -> None:
    """Nothing is pressed but keys."""
    for events in events_of("keyboard-only"):
        assert of_type(events, "mousemove", "mousedown", "wheel", "touchstart") == []
        assert {event["key"] for event in of_type(events, "keydown")} >= {
            "tab",
            "enter",
        }


def test_who_pastes_was_elsewhere_before() -> None:
    """The window loses the keyboard, and the text comes from the clipboard."""
    for events in events_of("pastes"):
        order = [e["type"] for e in of_type(events, "blur", "focus", "paste")]
        assert order[:3] == ["blur", "focus", "paste"]


def test_who_returns_does_nothing_while_away() -> None:
    """A page that is out of sight gets neither keys nor presses."""
    seen_away = 0
    for events in events_of("returns", 6):
        is_away = False
        for event in events:
            if event["type"] == "visibility":
                is_away = not event["visible"]
                seen_away += is_away
            elif is_away:
                assert event["type"] in {"scroll", "blur"}
    assert seen_away


def test_no_event_holds_what_was_written() -> None:
    """A key is its class; texts are lengths."""
    for name in ("desk", "phone", "pastes", "teleports"):
        for events in events_of(name, 2):
            known = {"letter", "space", "backspace", "modifier", "punctuation", "other"}
            assert {e["key"] for e in of_type(events, "keydown")} <= known
            assert not any({"text", "value", "data"} & event.keys() for event in events)
