"""The last word on a session: once, from all its batches, in their order."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import Organization
from common.errors import ConflictError, NotFoundError
from common.ids import new_id
from common.models import OutboxRow
from detection.facade import DetectionResult
from sessions_app import tasks
from sessions_app.models import Session, Status
from sessions_app.services import ending
from tests.conftest import Visit, make_moves

pytestmark = pytest.mark.django_db


def results() -> list[DetectionResult]:
    """Return the last words."""
    return list(DetectionResult.objects.filter(seq=None))


def test_verdict_follows_completion(
    visit: Visit, django_capture_on_commit_callbacks: Any
) -> None:
    """By way of the outbox, after the commit."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    with django_capture_on_commit_callbacks(execute=True):
        visit.browser.post(f"sessions/{visit.id}/complete")
        assert results() == []
    (result,) = results()
    session = Session.objects.get()
    assert session.is_final
    assert (session.verdict, result.event_count) == (result.verdict, 5)


def test_judging_twice_keeps_the_first(
    organization: Organization, visit: Visit
) -> None:
    """A worker that is tried again finds the row that it left."""
    ids = {"organization_id": organization.id, "session_id": UUID(visit.id)}
    first, made = ending.judge_whole_session(**ids)
    second, made_again = ending.judge_whole_session(**ids)
    assert (made, made_again) == (True, False)
    assert first == second


def test_order_of_arrival_does_not_matter(
    organization: Organization, site: Any, survey: Any
) -> None:
    """The whole is judged in the order of the batches, headers included."""
    from tests.conftest import open_visit  # noqa: PLC0415 - used here alone

    said = []
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        visit = open_visit(site, survey)
        for seq in order:
            visit.browser.post(f"sessions/{visit.id}/data", make_moves(seq, 20))
        result, _made = ending.judge_whole_session(
            organization_id=organization.id, session_id=UUID(visit.id)
        )
        said.append((result.verdict, result.bot_probability, result.fired))
    assert said[0] == said[1]


def test_final_result_keeps_every_reading(
    organization: Organization, visit: Visit
) -> None:
    """Weights can be weighed anew from what is stored."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    batch = DetectionResult.objects.get()
    final, _made = ending.judge_whole_session(
        organization_id=organization.id, session_id=UUID(visit.id)
    )
    assert batch.clear
    assert all(len(clear) == 1 for clear in batch.clear)
    assert all(len(clear) == 3 for clear in final.clear)


def be_silent_for(**length: int) -> None:
    """Let every session have been seen last so long ago."""
    seen = timezone.now() - timedelta(**length)
    Session.objects.update(last_seen_at=seen, roughly_seen_at=seen)


def test_idle_sessions_expire(visit: Visit) -> None:
    """After half an hour of silence, and are judged."""
    tasks.expire_idle.run()
    assert Session.objects.get().status == "active"
    be_silent_for(minutes=31)
    tasks.expire_idle.run()
    session = Session.objects.get()
    assert session.status == "expired"
    assert session.ended_at is not None
    assert OutboxRow.objects.get().key == visit.id


def test_what_is_roughly_known_expires_nobody(visit: Visit) -> None:
    """The indexed moment lies behind; only the exact one ends a session."""
    be_silent_for(minutes=31)
    Session.objects.update(last_seen_at=timezone.now() - timedelta(minutes=29))
    assert ending.expire_idle() == 0


def test_expired_session_cannot_be_completed(
    organization: Organization, visit: Visit
) -> None:
    """What is over is over."""
    be_silent_for(hours=1)
    assert ending.expire_idle() == 1
    with pytest.raises(ConflictError):
        ending.complete_session(
            organization_id=organization.id, session_id=UUID(visit.id)
        )


def test_batch_between_look_and_expiry_keeps_the_session(visit: Visit) -> None:
    """The sweep ends what is idle at that moment, not what was idle before."""
    organization_id = Session.objects.get().organization_id
    before = timezone.now() - timedelta(minutes=30)
    assert (
        ending._end(organization_id, UUID(visit.id), Status.EXPIRED, idle_since=before)
        is False
    )


def test_erased_session_needs_no_verdict() -> None:
    """A task whose session is gone fails loudly, and ends as a dead row."""
    with pytest.raises(NotFoundError):
        tasks.judge_ended(organization_id=new_id(), key=str(new_id()))
    with pytest.raises(NotFoundError):
        tasks.judge_ended(organization_id=None, key=str(new_id()))
