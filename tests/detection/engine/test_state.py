"""A session's state: the same in any order, and small."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from detection.engine import (
    LARGEST_STATE,
    RequestFacts,
    SessionFeatures,
    SessionState,
    UnreadableStateError,
    judge,
)
from detection.engine.events import (
    Answer,
    AnyEvent,
    Copy,
    Device,
    Input,
    KeyDown,
    MouseDown,
    MouseMove,
    Page,
    Paste,
    Question,
    Scroll,
    TouchMove,
    TouchStart,
)
from detection.engine.requests.addresses import AddressClass
from detection.engine.state import MOST_FRAGMENTS

from .events_strategy import streams
from .streams import dice, human_pointing, human_typing, jumping


def plain(features: SessionFeatures) -> Any:
    """Return features as nested lists of numbers, to be compared."""
    return msgspec.to_builtins(features.totals)


def close(one: Any, other: Any) -> bool:
    """Say whether two trees of numbers are the same but for rounding."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return bool(one == pytest.approx(other, rel=1e-6, abs=1e-6))
    return bool(one == other)


def absorbed(batches: Sequence[tuple[int, Sequence[AnyEvent]]]) -> SessionState:
    """Return the state after batches, stored and read again after each."""
    state = SessionState.new()
    for seq, events in batches:
        state.absorb(seq, events)
        state = SessionState.from_bytes(state.to_bytes())
    return state


@st.composite
def deliveries(
    draw: st.DrawFn,
) -> tuple[list[AnyEvent], list[tuple[int, list[AnyEvent]]]]:
    """Draw a stream, cut into batches that arrive in any order."""
    events = draw(streams())
    cuts = st.lists(st.integers(0, len(events)), max_size=MOST_FRAGMENTS)
    ends = [0, *sorted(draw(cuts)), len(events)]
    batches = [
        (seq, events[start:end]) for seq, (start, end) in enumerate(pairwise(ends))
    ]
    return events, draw(st.permutations(batches))


@settings(max_examples=400, deadline=None)
@given(deliveries())
def test_any_cut_and_any_order_gives_what_one_batch_gives(
    delivery: tuple[list[AnyEvent], list[tuple[int, list[AnyEvent]]]],
) -> None:
    """What crosses a border between batches is counted once, whenever they meet."""
    events, batches = delivery
    whole, parts = absorbed([(0, events)]), absorbed(batches)
    assert close(plain(parts.features()), plain(whole.features()))
    assert parts.event_count == whole.event_count == len(events)
    assert len(parts.fragments) == 1


@pytest.mark.parametrize("seed", range(20))
def test_lifelike_sessions_come_out_the_same_in_any_order(seed: int) -> None:
    """Long strokes and texts are cut anywhere and still are one."""
    events = [*human_pointing(seed=seed), *human_typing(seed=seed)]
    events.sort(key=lambda event: event.t)
    chance = dice(seed)
    ends = [0, *sorted(chance.sample(range(len(events)), 5)), len(events)]
    batches = [(seq, events[ends[seq] : ends[seq + 1]]) for seq in range(len(ends) - 1)]
    chance.shuffle(batches)
    whole, parts = absorbed([(0, events)]), absorbed(batches)
    assert close(plain(parts.features()), plain(whole.features()))


def test_reading_features_changes_nothing() -> None:
    """Looking at a session in between leaves its state as it was."""
    state = absorbed([(0, human_pointing())])
    before = state.to_bytes()
    state.features()
    assert state.to_bytes() == before


def test_features_do_not_change_when_more_arrives() -> None:
    """A verdict's evidence stays what it was."""
    state = absorbed([(0, jumping(4))])
    features = state.features()
    before = plain(features)
    state.absorb(1, human_typing())
    assert plain(features) == before


def test_unknown_events_are_counted() -> None:
    """An event of a later release is an event."""
    state = SessionState.new()
    state.absorb(0, [], unknown=3)
    assert state.event_count == 3


def test_many_gaps_close_the_oldest() -> None:
    """Batches that never come do not let the state grow."""
    state = SessionState.new()
    for seq in range(0, 60, 2):
        state.absorb(seq, [KeyDown(t=seq * 100.0, key="letter", k=seq)])
    assert len(state.fragments) == MOST_FRAGMENTS
    assert state.features().totals.keyboard.downs == 30
    assert state.features().totals.keyboard.gap_moments.count == 0


def test_a_batch_of_a_closed_gap_still_counts() -> None:
    """What lies within it is added; its borders are gone."""
    state = SessionState.new()
    for seq in range(0, 60, 2):
        state.absorb(seq, [])
    state.absorb(1, human_typing(20))
    assert state.features().totals.keyboard.downs == 20
    assert len(state.fragments) == MOST_FRAGMENTS


def test_two_thousand_batches_fit() -> None:
    """A session of a hundred thousand events is stored in a few KiB."""
    state = SessionState.new()
    session = [*human_pointing(), *human_typing()]
    for seq in range(2_000):
        state.absorb(seq, session[seq % 7 :: 7])
    assert len(state.to_bytes()) < 5 * 1024


def test_hostile_batches_fit() -> None:
    """Long names, open keys and gaps without end stay below 16 KiB."""
    state = SessionState.new()
    chance = dice(7)
    for seq in range(0, 1_000, 2):
        state.absorb(seq, hostile(chance, seq))
        state.absorb_request(
            RequestFacts(
                library_agent=f"\u00fc{seq}" * 500,
                accept_language=f"{seq}" * 99,
                languages=tuple(f"{n}{seq}" * 99 for n in range(40)),
                signed_agent=f"{seq}.example" * 20,
                agent_hash=2**32 - 1 - seq,
                browser_family=f"b{seq}",
                user_agent_platform=f"p{seq}",
                address_lists=frozenset(AddressClass),
                address_class=list(AddressClass)[seq // 2 % len(AddressClass)],
            )
        )
    assert len(state.to_bytes()) <= LARGEST_STATE
    assert len(SessionState.from_bytes(state.to_bytes()).to_bytes()) <= LARGEST_STATE


def hostile(chance: Random, seq: int) -> list[AnyEvent]:
    """Return events that try to make a state grow."""
    t = chance.uniform(0, 6e8)
    long = "\u20ac" * 159 + str(seq % 10)
    events: list[AnyEvent] = [
        Device(t=t, driver_globals=[f"{long}{n}"[-160:] for n in range(32)]),
        Device(t=t, platform=long, languages=[long], headless_marks=[long]),
        Page(t=t, id=long[:64], words=1_000_000),
    ]
    for number in range(30):
        at = chance.uniform(0, 6e8)
        events += [
            KeyDown(t=at, key="letter", k=seq * 1_000 + number),
            TouchStart(t=at, x=1e6, y=-1e6, id=seq * 1_000 + number, rx=at, force=99.0),
            MouseMove(t=at, x=chance.uniform(-1e6, 1e6), y=chance.uniform(-1e6, 1e6)),
            MouseDown(t=at, x=chance.uniform(-1e6, 1e6), y=0),
            Input(t=at, field=number, delta=1_000_000, length=1_000_000),
            Paste(t=at, length=1_000_000),
            Scroll(t=at, y=chance.uniform(-1e6, 1e6)),
            TouchMove(t=at, x=chance.uniform(-1e6, 1e6), y=0, id=number),
            Question(t=at, id=long[:60] + str(number)),
            Answer(t=at, id=long[:60] + str(number)),
            Copy(t=at, length=1_000_000, share_of_prompt=1),
        ]
    return events


def test_a_state_of_the_release_before_goes_on() -> None:
    """What it did not count is zero, and what it counted stays."""
    stored = (Path(__file__).parent / "states" / "2026.11.msgpack").read_bytes()
    state = SessionState.from_bytes(stored)
    assert state.fragments == [(0, 0), (2, 2)]
    # The batch that was missing closes the gap between edges of two releases.
    state.absorb(1, [MouseMove(t=9_000 + n * 16, x=n * 30, y=n * n) for n in range(8)])
    state.absorb(3, [TouchMove(t=90_000, x=9, y=9, id=1), *human_typing(20)])
    features = state.features()
    assert len(state.fragments) == 1
    assert features.totals.keyboard.downs == 60
    assert features.totals.click.presses == 5
    assert features.totals.touch.swipes.swipes == 0
    assert judge(features).kind == "human"
    again = SessionState.from_bytes(state.to_bytes())
    assert plain(again.features()) == plain(features)


def test_the_release_before_reads_a_state_of_this_one() -> None:
    """During a deployment both run: what one adds at the end, the other skips."""
    state = absorbed([(0, human_pointing()), (1, human_typing())])
    longer = msgspec.msgpack.decode(state.to_bytes())
    for modality in longer[4]:
        modality.append(7)
    again = SessionState.from_bytes(msgspec.msgpack.encode(longer))
    assert plain(again.features()) == plain(state.features())


def test_the_usual_state_is_small() -> None:
    """Two KiB a session are what the database is planned for."""
    state = absorbed([(0, human_pointing()), (1, human_typing(200))])
    assert len(state.to_bytes()) < 2 * 1024


def test_requests_are_kept_when_a_session_is_judged_anew() -> None:
    """Batches are stored and come again, headers do not."""
    state = SessionState.new()
    state.absorb_request(RequestFacts(headless_agent=True))
    state.absorb(0, human_typing())
    again = state.restarted()
    assert again.event_count == 0
    assert [one.code for one in judge(again.features()).reasons] == [
        "network.headless_agent",
        "network.no_language",
    ]


@pytest.mark.parametrize(
    "stored", [b"", b"nonsense", b"\x90", msgspec.msgpack.encode([99])]
)
def test_foreign_bytes_are_refused(stored: bytes) -> None:
    """Broken states and states of other releases name themselves."""
    with pytest.raises(UnreadableStateError):
        SessionState.from_bytes(stored)
