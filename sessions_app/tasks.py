"""What sessions leave for later: judging, ending, forgetting."""

from uuid import UUID

from celery import shared_task

from common import outbox
from common.errors import NotFoundError

from .services import ending, forgetting, retention


@outbox.handles(ending.ENDED)
def judge_ended(*, organization_id: UUID | None, key: str) -> None:
    """Judge a session that ended; one that was erased meanwhile needs no verdict."""
    if organization_id is None:
        msg = "A session belongs to an organization."
        raise NotFoundError(msg)
    ending.judge_whole_session(organization_id=organization_id, session_id=UUID(key))


@shared_task(name="sessions.expire_idle", ignore_result=True)
def expire_idle() -> None:
    """End sessions that have been silent for too long."""
    ending.expire_idle()


@shared_task(name="partitions.keep", ignore_result=True)
def keep_partitions() -> list[str]:
    """Make room for what comes, forget what is past; return what was done."""
    return [f"{c.verb} {c.part}" for c in retention.keep_partitions()]


@shared_task(name="sessions.forget", ignore_result=True)
def forget_sessions() -> int:
    """Forget sessions past their organization's time; return how many."""
    return sum(forgetting.forget_sessions().values())
