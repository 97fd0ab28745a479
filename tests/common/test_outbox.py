"""Work for later: once, again after a loss, and given up visibly."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from common import outbox, tasks
from common.models import OutboxRow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget that an earlier test found the queue away."""
    monkeypatch.setattr(outbox._queue, "closed_until", 0.0)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Register a topic whose handler notes each key."""
    seen: list[str] = []

    def handler(*, organization_id: UUID | None, key: str) -> None:
        seen.append(key)
        if key == "poison":
            msg = "It cannot be done."
            raise ValueError(msg)

    monkeypatch.setitem(outbox._handlers, "test", handler)
    return seen


def make_row(key: str = "a", **fields: Any) -> OutboxRow:
    """Leave a row behind without a nudge."""
    return OutboxRow.objects.create(topic="test", key=key, **fields)


def test_row_is_done_once(calls: list[str]) -> None:
    """A second delivery finds nothing left to do."""
    row = make_row()
    assert outbox.deliver_row(row.id) is True
    assert outbox.deliver_row(row.id) is False
    assert calls == ["a"]
    row.refresh_from_db()
    assert row.done_at is not None


def test_work_waits_for_the_commit(
    calls: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    """Nothing runs before the transaction that asked for it is safe."""
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        outbox.add(topic="test", key="b", organization_id=None)
        assert calls == []
    assert calls == ["b"]


def test_failure_is_kept_and_tried_again(calls: list[str]) -> None:
    """The row says what went wrong, and is not done."""
    row = make_row("poison")
    with pytest.raises(ValueError, match="cannot"):
        outbox.deliver_row(row.id)
    row.refresh_from_db()
    assert (row.attempts, row.done_at) == (1, None)
    assert row.last_error == "ValueError (common/test_outbox.py:33)"


def test_row_is_given_up_after_five_attempts(calls: list[str]) -> None:
    """A poisoned task ends, and is there to be seen."""
    row = make_row("poison")
    for _ in range(outbox.MOST_ATTEMPTS):
        with pytest.raises(ValueError, match="cannot"):
            outbox.deliver_row(row.id)
    assert outbox.deliver_row(row.id) is False
    row.refresh_from_db()
    assert row.dead_at is not None
    assert len(calls) == outbox.MOST_ATTEMPTS


def test_dead_row_can_be_sent_again(
    calls: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    """Staff can give it five more attempts."""
    row = make_row(attempts=5, dead_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert outbox.send_again(row.id) is True
    assert calls == ["a"]
    assert outbox.send_again(row.id) is False


def test_sweep_sends_what_is_due(calls: list[str]) -> None:
    """Not what waits, not what is done, not what was given up."""
    now = timezone.now()
    make_row("due", send_at=now - timedelta(seconds=1))
    make_row("later", send_at=now + timedelta(seconds=30))
    make_row("done", send_at=now - timedelta(hours=1), done_at=now)
    make_row("dead", send_at=now - timedelta(hours=1), dead_at=now)
    assert outbox.sweep() == 1
    assert calls == ["due"]


def test_sweep_forgets_what_was_done_long_ago() -> None:
    """The table does not grow for ever."""
    now = timezone.now()
    make_row("old", done_at=now - timedelta(days=8))
    make_row("new", done_at=now)
    tasks.sweep.run()
    assert list(OutboxRow.objects.values_list("key", flat=True)) == ["new"]


def test_lost_nudge_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the queue is away the row waits, and the sweep stops asking."""

    def refuse(*_args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.deliver, "delay", refuse)
    due = timezone.now() - timedelta(seconds=1)
    make_row("one", send_at=due)
    make_row("two", send_at=due)
    assert outbox.sweep() == 0
    assert OutboxRow.objects.filter(attempts=0, done_at=None).count() == 2


def test_fifth_failure_is_marked_at_once(calls: list[str]) -> None:
    """Nobody has to wait for a sixth message to see it."""
    row = make_row("poison", attempts=outbox.MOST_ATTEMPTS - 1)
    with pytest.raises(ValueError, match="cannot"):
        outbox.deliver_row(row.id)
    row.refresh_from_db()
    assert row.dead_at is not None


def test_resending_slows_down(
    calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While no worker is there the queue does not fill with copies."""
    monkeypatch.setattr(tasks.deliver, "delay", lambda _id: None)
    row = make_row()
    waits = []
    for _ in range(6):
        OutboxRow.objects.update(send_at=timezone.now() - timedelta(seconds=1))
        assert outbox.sweep() == 1
        row.refresh_from_db()
        waits.append(round((row.send_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 4, 8, 16, 16]
    assert row.attempts == 0


def test_hung_queue_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first request pays for finding out."""
    asked = []

    def hang(row_id: str) -> None:
        asked.append(row_id)
        raise TimeoutError

    monkeypatch.setattr(tasks.deliver, "delay", hang)
    monkeypatch.setattr(outbox._queue, "closed_until", 0.0)
    row = make_row()
    assert [outbox.nudge(row.id) for _ in range(3)] == [False] * 3
    assert len(asked) == 1


def test_what_is_erased_leaves_nothing_behind() -> None:
    """Whatever came of it; others' rows stay. What was done long ago is gone anyway."""
    gone, other, now = uuid4(), uuid4(), timezone.now()
    for key in (gone, other):
        rows = [
            outbox.add(topic="test", key=key, organization_id=None) for _ in range(3)
        ]
        OutboxRow.objects.filter(id=rows[1].id).update(done_at=now, dead_at=None)
        OutboxRow.objects.filter(id=rows[2].id).update(dead_at=now, done_at=None)
    assert outbox.forget([gone], since=now - timedelta(days=30)) >= 1
    outbox.forget([gone], since=now)
    assert {row.key for row in OutboxRow.objects.all()} == {str(other)}
    assert OutboxRow.objects.count() == 3
