"""Many requests at one session at once: nothing is lost, nothing counted twice."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from detection.facade import SessionState
from sessions_app.models import Answer, BehaviorData, Session
from sessions_app.services import intake
from tests.conftest import Caller, Visit, make_moves

pytestmark = pytest.mark.django_db(transaction=True)

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite holds a session from the start"
)
THREADS = 8
BATCHES = 24


def send_all(visit: Visit, seqs: list[int]) -> list[Any]:
    """Send batches from eight threads; return the answers."""

    def send(seq: int) -> Any:
        try:
            return visit.browser.post(f"sessions/{visit.id}/data", make_moves(seq))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(send, seqs))


def test_interleaved_batches_are_counted_exactly(visit: Visit) -> None:
    """Each batch three times, shuffled, from eight threads."""
    seqs = [seq for seq in range(BATCHES) for _ in range(3)]
    random.Random(7).shuffle(seqs)  # noqa: S311 - an order, not a secret
    answers = send_all(visit, seqs)
    assert {answer.status_code for answer in answers} == {200}
    session = Session.objects.get()
    assert session.event_count == BATCHES * 5
    assert (session.batch_count, session.next_seq, session.gaps) == (24, 24, 0)
    assert sorted(BehaviorData.objects.values_list("seq", flat=True)) == list(
        range(BATCHES)
    )


def test_the_same_batch_from_eight_threads_is_one(visit: Visit) -> None:
    """All get the same answer, and one row is stored."""
    answers = send_all(visit, [0] * 16)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert BehaviorData.objects.count() == 1
    assert Session.objects.get().event_count == 5


def test_completion_among_batches_loses_no_acknowledged_one(visit: Visit) -> None:
    """A batch is either counted or refused, whatever comes between."""

    def act(n: int) -> Any:
        try:
            if n == 10:
                return visit.browser.post(f"sessions/{visit.id}/complete")
            return visit.browser.post(f"sessions/{visit.id}/data", make_moves(n))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        codes = [a.status_code for a in pool.map(act, range(20))]
    assert set(codes) <= {200, 409}
    accepted = codes.count(200) - 1
    assert BehaviorData.objects.count() == accepted
    assert Session.objects.get().event_count == accepted * 5
    connection.close()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Let something happen while the next batch is being judged."""
    absorb = intake._absorb

    def let(happen: Callable[[], Any]) -> None:
        def once(*args: Any) -> Any:
            monkeypatch.setattr(intake, "_absorb", absorb)
            happen()
            return absorb(*args)

        monkeypatch.setattr(intake, "_absorb", once)

    return let


@needs_postgresql
def test_batch_that_was_overtaken_is_stored_too(
    visit: Visit, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    """It was read without a lock; what it knew is old, so it is judged again."""
    path = f"sessions/{visit.id}/data"
    meanwhile(lambda: visit.browser.post(path, make_moves(0)))
    assert visit.browser.post(path, make_moves(1)).status_code == 200
    session = Session.objects.get()
    assert (session.batch_count, session.event_count, session.gaps) == (2, 10, 0)
    state = SessionState.from_bytes(bytes(session.state))
    assert (state.event_count, state.fragments) == (10, [(0, 1)])


@needs_postgresql
def test_batch_that_was_overtaken_by_itself_is_stored_once(
    visit: Visit, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    """A retry that comes while the first one is judged gets the same answer."""
    path = f"sessions/{visit.id}/data"
    first: list[Any] = []
    meanwhile(lambda: first.append(visit.browser.post(path, make_moves(0))))
    second = visit.browser.post(path, make_moves(0))
    assert first[0].content == second.content
    assert BehaviorData.objects.count() == 1
    assert Session.objects.get().event_count == 5


@needs_postgresql
def test_batch_that_the_end_overtook_is_refused(
    visit: Visit, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    """Nothing of it is stored: the last word may have been said."""
    meanwhile(lambda: visit.browser.post(f"sessions/{visit.id}/complete"))
    answer = visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    assert (answer.status_code, answer.json()["code"]) == (409, "session_closed")
    assert not BehaviorData.objects.exists()
    assert Session.objects.get().batch_count == 0


def test_answers_in_any_order_do_not_wait_for_each_other(
    server: Caller, visit: Visit
) -> None:
    """Two requests with the same items in opposite order both succeed."""
    items = [{"item": f"q{i}", "type": "single", "value": i} for i in range(200)]

    def post(n: int) -> int:
        try:
            body = {"answers": items[:: -1 if n % 2 else 1]}
            answer = server.post(f"sessions/{visit.id}/answers", body)
            return int(answer.status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(post, range(24))) == {200}
    assert Answer.objects.count() == 200
