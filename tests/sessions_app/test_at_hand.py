"""Sessions that a process keeps: read once, and never believed when they are old."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from sessions_app.models import BehaviorData, Session, Status
from sessions_app.services import intake
from sessions_app.services.at_hand import MOST_AT_HAND, AtHand, at_hand
from sessions_app.services.surveys import change_survey
from tests.conftest import Visit, make_moves

ON_POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite holds a session from the start"
)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The sessions that were read without a lock, in order."""
    seen: list[UUID] = []
    first = intake._READ.first

    def noted(*keys: UUID) -> Session | None:
        seen.append(keys[1])
        return first(*keys)

    monkeypatch.setattr(intake._READ, "first", noted)
    return seen


def send(visit: Visit, seq: int) -> Any:
    """Send a batch of five events."""
    return visit.browser.post(f"sessions/{visit.id}/data", make_moves(seq))


@ON_POSTGRESQL
@pytest.mark.django_db
def test_session_is_read_once(visit: Visit, reads: list[UUID]) -> None:
    """And counted right all the same."""
    for seq in range(5):
        assert send(visit, seq).status_code == 200
    assert len(reads) == 1
    session = Session.objects.get()
    assert (session.batch_count, session.event_count, session.next_seq) == (5, 25, 5)


@ON_POSTGRESQL
@pytest.mark.django_db
@pytest.mark.parametrize("seq", [0, 2, 7])
def test_other_than_the_next_is_read(visit: Visit, reads: list[UUID], seq: int) -> None:
    """A repeat and a gap tell that somebody else may have had the session."""
    send(visit, 0)
    assert send(visit, seq).status_code == 200
    assert len(reads) == 2
    assert Session.objects.get().event_count == (5 if seq == 0 else 10)


@ON_POSTGRESQL
@pytest.mark.django_db
def test_old_copy_stores_nothing_twice(visit: Visit) -> None:
    """Another process took the next batch; this one still waits for it."""
    send(visit, 0)
    mine = dict(at_hand._left)
    at_hand.forget()
    taken = send(visit, 1)
    at_hand._left.update(_as_after_the_first(mine))
    again = send(visit, 1)
    assert again.content == taken.content
    assert BehaviorData.objects.count() == 2
    assert Session.objects.get().event_count == 10


def _as_after_the_first(left: dict[Any, Any]) -> dict[Any, Any]:
    for one in left.values():
        assert (one.session.batch_count, one.session.next_seq) == (1, 1)
    return left


@ON_POSTGRESQL
@pytest.mark.django_db
def test_end_elsewhere_is_seen(visit: Visit) -> None:
    """What another process ended takes no more, though it is open here."""
    send(visit, 0)
    Session.objects.update(status=Status.COMPLETED, ended_at=timezone.now())
    answer = send(visit, 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "session_closed")
    assert BehaviorData.objects.count() == 1


@ON_POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_what_was_deleted_elsewhere_stays_away(visit: Visit) -> None:
    """A copy brings nobody back."""
    send(visit, 0)
    with connection.cursor() as cursor:
        for table in ("behaviordata", "answer", "sessiontag"):
            cursor.execute(f"DELETE FROM sessions_app_{table}")  # noqa: S608 - ours
        cursor.execute("DELETE FROM detection_detectionresult")
        cursor.execute("DELETE FROM sessions_app_session")
    assert send(visit, 1).status_code == 404
    assert not BehaviorData.objects.exists()


@ON_POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_new_terms_are_in_force_at_once(visit: Visit) -> None:
    """In the process that changed the survey, from the next batch on."""
    assert "recommended_action" not in send(visit, 0).json()
    survey = Session.objects.select_related("survey").get().survey
    change_survey(
        organization_id=survey.organization_id, survey_id=survey.id, share_action=True
    )
    assert "recommended_action" in send(visit, 1).json()


@ON_POSTGRESQL
@pytest.mark.django_db
def test_terms_of_another_process_come_in_half_a_minute(
    visit: Visit, reads: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the session is written meanwhile, it is read again."""
    for seq, now in enumerate((1_000.0, 1_029.0, 1_031.0)):
        clock = SimpleNamespace(monotonic=lambda at=now: at)
        monkeypatch.setattr("sessions_app.services.at_hand.time", clock)
        assert send(visit, seq).status_code == 200
    assert len(reads) == 2


@ON_POSTGRESQL
@pytest.mark.django_db
def test_failed_write_leaves_no_copy(
    visit: Visit, reads: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was judged and not stored never happened."""
    send(visit, 0)

    def fail(*_args: Any, **_named: Any) -> bool:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(intake._WRITES, "run", fail)
        assert send(visit, 1).status_code == 500
    assert send(visit, 1).status_code == 200
    assert len(reads) == 2
    assert Session.objects.get().event_count == 10


@pytest.fixture
def make() -> Callable[..., Session]:
    """Sessions that are in no database."""

    def made(**fields: Any) -> Session:
        known = {"organization_id": uuid4(), "id": uuid4(), "next_seq": 3}
        return Session(**known | fields)

    return made


def test_copies_are_of_one_organization(make: Callable[..., Session]) -> None:
    """Nobody gets a session by its id alone."""
    kept, session = AtHand(), make()
    kept.put(session)
    assert kept.take(organization_id=uuid4(), session_id=session.id, seq=3) is None
    own = {"organization_id": session.organization_id, "session_id": session.id}
    left = kept.take(**own, seq=3)
    assert left is not None
    assert left.session is session
    assert kept.take(**own, seq=3) is None


def test_oldest_copies_make_room(make: Callable[..., Session]) -> None:
    """A process keeps so many and no more."""
    kept = AtHand()
    sessions = [make() for _ in range(MOST_AT_HAND + 1)]
    for session in sessions:
        kept.put(session)
    found = [
        kept.take(organization_id=one.organization_id, session_id=one.id, seq=3)
        for one in sessions
    ]
    assert [one is None for one in found] == [True] + [False] * MOST_AT_HAND


@pytest.mark.parametrize("status", [Status.BLOCKED, Status.COMPLETED, Status.EXPIRED])
def test_ended_sessions_are_not_kept(
    make: Callable[..., Session], status: Status
) -> None:
    """They take no batches."""
    kept, session = AtHand(), make(status=status)
    kept.put(session)
    own = {"organization_id": session.organization_id, "session_id": session.id}
    assert kept.take(**own, seq=3) is None
