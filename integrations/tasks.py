"""What webhooks leave for later: telling, sending, trying again, forgetting."""

from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction

from common import outbox
from common.errors import NotFoundError

from . import couriers
from .engine.schedule import AT_ONCE
from .services import publishing, retention


@outbox.handles(publishing.COMPLETED)
def tell_completed(*, organization_id: UUID | None, key: str) -> None:
    """Tell endpoints that a session was completed."""
    owner = _owner(organization_id)
    made = publishing.publish_completed(organization_id=owner, session_id=UUID(key))
    _send_after_commit(owner, made)


@outbox.handles(publishing.JUDGED)
def tell_judged(*, organization_id: UUID | None, key: str) -> None:
    """Tell endpoints the last word on a session."""
    owner = _owner(organization_id)
    made = publishing.publish_verdict(organization_id=owner, session_id=UUID(key))
    _send_after_commit(owner, made)


@outbox.handles(publishing.DUE)
def send_due(*, organization_id: UUID | None, key: str) -> None:
    """Send what an endpoint has waiting, as far as it takes it at once."""
    owner = _owner(organization_id)
    transaction.on_commit(
        partial(
            couriers.hand_over_due,
            organization_id=owner,
            endpoint_id=UUID(key),
            most=AT_ONCE,
        ),
        robust=True,
    )


@shared_task(name=couriers.SEND, ignore_result=True)
def send(organization_id: str, delivery_id: str) -> None:
    """Make one attempt; a second call finds none that is due."""
    couriers.work(organization_id=UUID(organization_id), delivery_id=UUID(delivery_id))


@shared_task(name="webhooks.sweep", ignore_result=True)
def sweep() -> None:
    """Send what is due for another attempt, and what the queue lost."""
    couriers.sweep()


@shared_task(name="webhooks.forget", ignore_result=True)
def forget() -> None:
    """Forget messages that are past their time."""
    retention.forget_messages()


def _send_after_commit(organization_id: UUID, delivery_ids: list[UUID]) -> None:
    for delivery_id in delivery_ids:
        transaction.on_commit(
            partial(
                couriers.hand_over,
                organization_id=organization_id,
                delivery_id=delivery_id,
            ),
            robust=True,
        )


def _owner(organization_id: UUID | None) -> UUID:
    if organization_id is None:
        msg = "A webhook belongs to an organization."
        raise NotFoundError(msg)
    return organization_id
