"""People are let in and automation is seen, on recordings of both."""

import gzip
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from detection.engine.evaluation.recordings import RecordedSession, read_sessions
from detection.engine.evaluation.replay import SessionOutcome, replay
from detection.engine.events import KeyDown, MouseDown

from .recordings import BEHAVIOUR, needs_recordings

pytestmark = [pytest.mark.shared, needs_recordings, pytest.mark.timeout(900)]

# Sessions with fewer acts may honestly stay undecided.
ENOUGH_PRESSES = 5
ENOUGH_KEYS = 12


def has_enough(session: RecordedSession) -> bool:
    """Say whether a session holds enough to be judged."""
    presses = sum(isinstance(event, MouseDown) for event in session.events)
    keys = sum(isinstance(event, KeyDown) for event in session.events)
    return presses >= ENOUGH_PRESSES or keys >= ENOUGH_KEYS


def sessions_of(path: Path) -> Iterator[RecordedSession]:
    """Yield a file's sessions."""
    return read_sessions(lambda: gzip.open(path, "rb"), path.name)


@cache
def judged() -> list[tuple[SessionOutcome, bool]]:
    """Return every session's outcome, and whether it held enough."""
    return [
        (replay(session), has_enough(session))
        for path in sorted(BEHAVIOUR.glob("*.jsonl.gz"))
        for session in sessions_of(path)
    ]


def counts(label: str, *, enough: bool) -> dict[str, Counter[str]]:
    """Return how often each verdict was given, by source and over all."""
    found: dict[str, Counter[str]] = {"all": Counter()}
    for outcome, has_seen in judged():
        if outcome.label == label and (has_seen or not enough):
            found.setdefault(outcome.source, Counter())[outcome.kind] += 1
            found["all"][outcome.kind] += 1
    return found


def test_people_are_let_in_and_bots_are_seen() -> None:
    """One test, since all recordings are judged for it: that takes a minute and more.

    At most half a percent of people are called bots, in every source, phones included;
    of those who did enough at most one in ten stays undecided. Of bots that did enough
    none is called human, hardly one is left undecided, most are called bots.
    """
    for source, kinds in counts("human", enough=False).items():
        assert kinds["bot"] <= 0.005 * kinds.total(), source
        assert kinds["suspicious"] <= 0.01 * kinds.total(), source
    for source, kinds in counts("human", enough=True).items():
        assert kinds["human"] >= 0.9 * kinds.total(), source
    for source, kinds in counts("bot", enough=True).items():
        assert kinds["human"] == 0, source
        assert kinds["undecided"] <= 0.05 * kinds.total(), source
        assert kinds["bot"] >= 0.8 * kinds.total(), source
