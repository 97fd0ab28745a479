"""People are let in and automation is seen, on recordings of both."""

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from detection.engine.evaluation.recordings import RecordedSession, read_sessions
from detection.engine.evaluation.replay import SessionOutcome, replay
from detection.engine.events import KeyDown, MouseDown

from .recordings import BEHAVIOUR, needs_recordings

pytestmark = [pytest.mark.shared, needs_recordings, pytest.mark.timeout(900)]

FILES: Final = sorted(BEHAVIOUR.glob("*.jsonl.gz"))
# Judging all 10,495 takes two minutes, and six while other tests run beside it.
ONE_IN: Final = 4
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


def judged(path: Path) -> Iterator[tuple[SessionOutcome, bool]]:
    """Yield a share of a file's sessions: outcome, and whether it held enough."""
    for index, session in enumerate(sessions_of(path)):
        if session.label == "bot" or index % ONE_IN == 0:
            yield replay(session), has_enough(session)


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.name.removesuffix(".jsonl.gz")
)
def test_people_are_let_in_and_bots_are_seen(path: Path) -> None:
    """In every source, phones included; all bots, and one person in four.

    At most half a percent of people are called bots; of those who did enough at most
    one in ten stays undecided. Of bots that did enough none is called human, hardly one
    is left undecided, most are called bots. `manage.py evaluate_detection` judges all.
    """
    kinds: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for outcome, has_seen in judged(path):
        kinds[outcome.label, has_seen][outcome.kind] += 1
    people = kinds["human", True] + kinds["human", False]
    assert people["bot"] <= 0.005 * people.total()
    assert people["suspicious"] <= 0.01 * people.total()
    seen = kinds["human", True]
    assert seen["human"] >= 0.9 * seen.total()
    bots = kinds["bot", True]
    assert bots["human"] == 0
    assert bots["undecided"] <= 0.05 * bots.total()
    assert bots["bot"] >= 0.8 * bots.total()
    assert kinds
