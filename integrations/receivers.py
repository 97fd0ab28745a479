"""What webhooks hear: a row of the outbox, in the transaction of what happened."""

from uuid import UUID

from django.dispatch import receiver

from sessions_app.signals import session_completed, verdict_final

from .models import Event
from .services import publishing


@receiver(session_completed)
def hear_completed(organization_id: UUID, session_id: UUID, **_kwargs: object) -> None:
    """Leave `session.completed` behind."""
    publishing.leave(
        topic=publishing.COMPLETED,
        event=Event.SESSION_COMPLETED,
        organization_id=organization_id,
        key=session_id,
    )


@receiver(verdict_final)
def hear_judged(organization_id: UUID, session_id: UUID, **_kwargs: object) -> None:
    """Leave `verdict.final` behind."""
    publishing.leave(
        topic=publishing.JUDGED,
        event=Event.VERDICT_FINAL,
        organization_id=organization_id,
        key=session_id,
    )
