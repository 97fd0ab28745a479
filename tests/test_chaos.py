"""A whole installation is broken under load and healed; the assertion is the count.

`python -m tests.chaos --kills 200` is the long run; docs/reliability.md has its
figures, and says which of these accidents are tried elsewhere.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.chaos.__main__ import run
from tests.chaos.counting import Receiver, count, drain
from tests.chaos.installation import Installation
from tests.chaos.visitors import Crowd, ask, moves
from tests.services.processes import wait_until

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        "DATABASE_URL" not in os.environ,
        reason="It starts servers of its own: `make test` has them.",
    ),
]

LIMIT_S: Final = 120.0


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """Whom webhooks tell."""
    with Receiver() as running:
        yield running


@pytest.fixture(scope="module")
def here(
    receiver: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """One installation for all accidents: each of them leaves it healed."""
    folder = tmp_path_factory.mktemp("installation")
    with Installation(folder, receiver.url) as running:
        yield running


def until_acknowledged(crowd: Crowd, more: int) -> None:
    """Return when so many more batches were acknowledged."""
    goal = len(crowd.ledger.batches) + more
    assert wait_until(lambda: len(crowd.ledger.batches) >= goal, limit_s=LIMIT_S)


def assert_all_is_there(here: Installation, *crowds: Crowd) -> None:
    """Compare what was promised to all of these with what is stored, after healing."""
    assert drain(here), here.sql("SELECT topic, attempts FROM common_outboxrow")
    ledger = crowds[0].ledger
    for crowd in crowds[1:]:
        ledger.opened |= crowd.ledger.opened
        ledger.batches |= crowd.ledger.batches
        ledger.answers |= crowd.ledger.answers
        ledger.completed |= crowd.ledger.completed
        ledger.strange += crowd.ledger.strange
    assert ledger.batches
    assert count(here, ledger).wrong == []


def test_killed_at_random(tmp_path: Path) -> None:
    """Everything acknowledged is stored once, and judged once."""
    done = run(tmp_path, kills=5, seed=random.randrange(10**6), visitors=3)  # noqa: S311
    assert done.is_drained
    assert done.found.wrong == []
    assert done.found.batches >= len(done.ledger.batches) > 0
    assert done.found.finals >= len(done.ledger.completed) > 0
    assert done.heard == done.found.messages


def test_redis_away_and_wiped(here: Installation) -> None:
    """The intake goes on; verdicts come when it is back, empty as it is then."""
    with Crowd(here.port, here.planted, size=3) as crowd:
        until_acknowledged(crowd, 5)
        here.redis.kill()
        until_acknowledged(crowd, 5)
        here.redis.start()
        until_acknowledged(crowd, 5)
    assert_all_is_there(here, crowd)


def test_database_restarted(here: Installation) -> None:
    """Nothing is acknowledged while it is away, and 503 says when to come again."""
    with Crowd(here.port, here.planted, size=3) as crowd:
        until_acknowledged(crowd, 5)
        here.postgres.kill()
        answer = ask(here.port, "GET", "/healthz/ready")
        assert answer.status == 503
        before = len(crowd.ledger.batches)
        time.sleep(1.0)
        # One that was under way may have been written before, and answered after.
        assert len(crowd.ledger.batches) <= before + crowd.size
        here.postgres.start()
        until_acknowledged(crowd, 5)
    assert_all_is_there(here, crowd)


def test_connections_exhausted(here: Installation) -> None:
    """Whoever gets none is told to come again; nothing is half stored."""
    with Crowd(here.port, here.planted, size=3) as crowd:
        until_acknowledged(crowd, 5)
        here.sql("ALTER ROLE bonafide_app CONNECTION LIMIT 2")
        here.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'bonafide_app'"
        )
        until_acknowledged(crowd, 5)
        here.sql("ALTER ROLE bonafide_app CONNECTION LIMIT -1")
        until_acknowledged(crowd, 5)
    assert_all_is_there(here, crowd)


def test_stopped_in_good_order(here: Installation) -> None:
    """A deployment under load: what was begun is answered, what waits is kept."""
    with Crowd(here.port, here.planted, size=3) as crowd:
        until_acknowledged(crowd, 5)
        for name in ("web", "worker"):
            here.stop(name, signal.SIGTERM)
            here.again(name)
        here.wait_until_it_serves()
        until_acknowledged(crowd, 5)
    assert_all_is_there(here, crowd)


def test_twice_and_shuffled(here: Installation) -> None:
    """Each batch comes twice, in any order, from browsers that do not wait."""
    with Crowd(here.port, here.planted, size=4, is_unruly=True) as crowd:
        until_acknowledged(crowd, 40)
    assert_all_is_there(here, crowd)


def test_receiver_that_fails_and_hangs(here: Installation, receiver: Receiver) -> None:
    """Respondents notice nothing; it hears all of it in the end, each under one id."""
    before = len(receiver.heard)
    receiver.status = 500
    with Crowd(here.port, here.planted, size=3) as crowd:
        until_acknowledged(crowd, 10)
        receiver.wait_s = 3.0
        until_acknowledged(crowd, 10)
        receiver.status, receiver.wait_s = 200, 0.0
    assert_all_is_there(here, crowd)
    assert len(receiver.heard) - before == 2 * len(crowd.ledger.completed)


def test_two_timetables(here: Installation) -> None:
    """What both send is done once."""
    with Crowd(here.port, here.planted, size=3) as crowd:
        here.redis.kill()
        until_acknowledged(crowd, 10)
        here.redis.start()
    for _ in range(3):
        here.sweep()
    assert_all_is_there(here, crowd)


def test_clocks_that_are_wrong(here: Installation) -> None:
    """Of browsers: hours behind, ahead, and jumping. All is stored, in its order."""
    server = {"Authorization": f"Bearer {here.planted['key']}"}
    opening = {"survey_id": here.planted["survey"]}
    opened = ask(here.port, "POST", "/api/v1/sessions", opening, server).body
    browser = {"Authorization": f"Bearer {opened['token']}"}
    sent = ["2001-01-01T00:00:00Z", "2031-12-31T23:59:59Z", "2026-01-01T12:00:00+14:00"]
    for seq, moment in enumerate(sent):
        batch = moves(seq) | {"sent_at": moment}
        path = f"/api/v1/sessions/{opened['id']}/data"
        assert ask(here.port, "POST", path, batch, browser).status == 200
    found = here.sql(
        "SELECT session_id, seq, event_count FROM sessions_app_behaviordata"
    )
    rows = sorted(row[1:] for row in found if row[0] == opened["id"])
    assert rows == [["0", "5"], ["1", "5"], ["2", "5"]]
