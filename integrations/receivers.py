"""What webhooks hear: a row of the outbox, in the transaction of what happened."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from sessions_app.signals import (
    session_completed,
    session_disclosed,
    sessions_erased,
    verdict_final,
)

from . import selectors
from .models import Event
from .services import publishing, retention


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


@receiver(sessions_erased)
def hear_erased(
    organization_id: UUID, session_ids: Sequence[UUID], **_kwargs: object
) -> dict[str, int]:
    """Forget what was told of erased sessions, and tell nobody what waits."""
    return retention.forget_sessions(
        organization_id=organization_id, session_ids=session_ids
    )


@receiver(session_disclosed)
def hear_disclosed(
    organization_id: UUID, session_id: UUID, **_kwargs: object
) -> dict[str, Any]:
    """Say what was told of a session, to whom."""
    told = selectors.messages_of(
        organization_id=organization_id, session_ids=[session_id]
    )
    said = [
        {
            "id": message.public_id,
            "event": message.type,
            "payload": message.payload,
            "deliveries": [
                {
                    "endpoint": delivery.endpoint.shown_url,
                    "state": delivery.state,
                    "arrived_at": delivery.succeeded_at,
                }
                for delivery in selectors.deliveries_of(message)
            ],
        }
        for message in told
    ]
    return {"webhooks": said}
