"""From what happened to what is on its way to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import record_act
from common import outbox
from common.errors import ConflictError, NotFoundError
from common.ids import new_id
from detection.facade import latest_result
from sessions_app import facade as sessions

from .. import selectors
from ..models import Event, WebhookDelivery, WebhookEndpoint, WebhookMessage
from ..payloads import payload_of, session_data, verdict_data

log = structlog.get_logger(__name__)

# The outbox's topics: what happened to a session, and what an endpoint has waiting.
COMPLETED: Final = "webhooks.session_completed"
JUDGED: Final = "webhooks.verdict_final"
DUE: Final = "webhooks.due"


def leave(*, topic: str, event: Event, organization_id: UUID, key: UUID) -> None:
    """Leave the telling of an event behind, if any endpoint wants to hear of it."""
    if selectors.subscribers(organization_id=organization_id, event=event):
        outbox.add(topic=topic, key=key, organization_id=organization_id)


@transaction.atomic
def publish_completed(*, organization_id: UUID, session_id: UUID) -> list[UUID]:
    """Put `session.completed` on its way; return the deliveries that were made."""
    session = _session(organization_id, session_id)
    if session is None:
        return []
    return publish(
        event=Event.SESSION_COMPLETED,
        organization_id=organization_id,
        subject_id=session.id,
        moment=session.ended_at or timezone.now(),
        data=session_data(session),
    )


@transaction.atomic
def publish_verdict(*, organization_id: UUID, session_id: UUID) -> list[UUID]:
    """Put `verdict.final` on its way; return the deliveries that were made."""
    session = _session(organization_id, session_id)
    result = latest_result(organization_id=organization_id, session_id=session_id)
    if session is None or result is None:
        return []
    return publish(
        event=Event.VERDICT_FINAL,
        organization_id=organization_id,
        # A session that is judged again, by another ruleset, has another last word.
        subject_id=result.id,
        moment=result.created_at,
        data=verdict_data(session, result),
    )


def publish(
    *,
    event: Event,
    organization_id: UUID,
    subject_id: UUID,
    moment: datetime,
    data: dict[str, Any],
) -> list[UUID]:
    """Make an event's message and its deliveries, once; return the latter's ids."""
    message, made = WebhookMessage.objects.get_or_create(
        organization_id=organization_id,
        type=event,
        subject_id=subject_id,
        defaults={"payload": payload_of(event, moment=moment, data=data)},
    )
    if not made:
        return []
    endpoints = selectors.subscribers(organization_id=organization_id, event=event)
    enabled = [each for each in endpoints if each.disabled_at is None]
    return [one.id for one in _deliver_to(enabled, message)]


@transaction.atomic
def send_test(*, organization_id: UUID, endpoint_id: UUID) -> WebhookDelivery:
    """Put a `test.ping` on its way to one endpoint.

    Raises
    ------
    NotFoundError
        The organization has no such endpoint.
    ConflictError
        It is disabled.
    """
    endpoint = selectors.endpoint(
        organization_id=organization_id, endpoint_id=endpoint_id
    )
    refuse_disabled(endpoint)
    subject_id, now = new_id(), timezone.now()
    message = WebhookMessage.objects.create(
        organization_id=organization_id,
        type=Event.TEST_PING,
        subject_id=subject_id,
        payload=payload_of(
            Event.TEST_PING, moment=now, data={"endpoint_id": str(endpoint.id)}
        ),
    )
    (delivery,) = _deliver_to([endpoint], message)
    record_act("webhook.tested", target=endpoint)
    outbox.add(topic=DUE, key=endpoint.id, organization_id=organization_id)
    return delivery


def refuse_disabled(endpoint: WebhookEndpoint) -> None:
    """Refuse to send anything to an endpoint that is disabled.

    Raises
    ------
    ConflictError
        ``endpoint_disabled``.
    """
    if endpoint.disabled_at is not None:
        reason = _("This endpoint is disabled. Enable it first.")
        raise ConflictError(reason, code="endpoint_disabled")


def _deliver_to(
    endpoints: Sequence[WebhookEndpoint], message: WebhookMessage
) -> list[WebhookDelivery]:
    return WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            organization_id=message.organization_id, endpoint=each, message=message
        )
        for each in endpoints
    )


def _session(organization_id: UUID, session_id: UUID) -> sessions.Session | None:
    """Return a session; None if it was erased meanwhile."""
    try:
        return sessions.session(organization_id=organization_id, session_id=session_id)
    except NotFoundError:
        log.info("webhook.session_gone", session_id=str(session_id))
        return None
