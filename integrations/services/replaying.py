"""Sending again what did not arrive, or what an endpoint missed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import record_act
from common import outbox
from common.errors import FieldError, InvalidInputError

from .. import selectors
from ..models import (
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMessage,
)
from .publishing import DUE, refuse_disabled

NOT_ARRIVED: Final = (DeliveryState.FAILED, DeliveryState.EXHAUSTED)
# One statement's work. Who has more narrows the period; a receiver would not thank us
# for more at once either.
MOST_REPLAYED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment to another one, by when it happened."""

    since: datetime
    until: datetime


@transaction.atomic
def replay(
    *, organization_id: UUID, endpoint_id: UUID, delivery_id: UUID
) -> WebhookDelivery:
    """Send a delivery again, from the beginning of its schedule; it is due at once.

    One that waits for its next attempt is only made due.

    Raises
    ------
    NotFoundError
        The endpoint has no such delivery.
    ConflictError
        The endpoint is disabled.
    """
    endpoint = selectors.endpoint(
        organization_id=organization_id, endpoint_id=endpoint_id
    )
    refuse_disabled(endpoint)
    delivery = selectors.delivery(
        organization_id=organization_id,
        endpoint_id=endpoint_id,
        delivery_id=delivery_id,
    )
    _make_due([delivery.id], organization_id)
    record_act("webhook.replayed", target=endpoint, after={"delivery": delivery.id})
    _leave(endpoint)
    return selectors.delivery(
        organization_id=organization_id,
        endpoint_id=endpoint_id,
        delivery_id=delivery_id,
    )


@transaction.atomic
def replay_period(
    *,
    organization_id: UUID,
    endpoint_id: UUID,
    period: Period,
    arrived_too: bool = False,
) -> int:
    """Send again what happened in a period; return how many messages that are.

    These are the ones that did not arrive, and the ones that the endpoint was not told
    because it was disabled; with `arrived_too` all of them.

    Raises
    ------
    NotFoundError
        The organization has no such endpoint.
    ConflictError
        The endpoint is disabled.
    InvalidInputError
        The period ends before it begins, or holds too many.
    """
    endpoint = selectors.endpoint(
        organization_id=organization_id, endpoint_id=endpoint_id
    )
    refuse_disabled(endpoint)
    if period.until <= period.since:
        _refuse(_("The period ends before it begins."))
    states = (*NOT_ARRIVED, DeliveryState.SUCCEEDED) if arrived_too else NOT_ARRIVED
    ids = _ids_within(endpoint, period, states)
    missed = _missed(endpoint, period)
    if len(ids) + len(missed) > MOST_REPLAYED:
        reason = _("There are more than %(most)d: choose a shorter period.")
        _refuse(reason % {"most": MOST_REPLAYED})
    _make_due(ids, organization_id)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            organization_id=organization_id, endpoint=endpoint, message_id=message_id
        )
        for message_id in missed
    )
    said = {"since": period.since, "until": period.until}
    record_act(
        "webhook.replayed",
        target=endpoint,
        after={**said, "messages": len(ids) + len(missed)},
    )
    if ids or missed:
        _leave(endpoint)
    return len(ids) + len(missed)


def _ids_within(
    endpoint: WebhookEndpoint, period: Period, states: Collection[str]
) -> list[UUID]:
    found = WebhookDelivery.objects.filter(
        organization_id=endpoint.organization_id,
        endpoint=endpoint,
        state__in=states,
        message__created_at__gte=period.since,
        message__created_at__lt=period.until,
    )
    return list(found.values_list("id", flat=True)[: MOST_REPLAYED + 1])


def _missed(endpoint: WebhookEndpoint, period: Period) -> list[UUID]:
    """Return messages that the endpoint wants to hear and was never sent."""
    sent = WebhookDelivery.objects.filter(message=OuterRef("pk"), endpoint=endpoint)
    found = WebhookMessage.objects.filter(
        ~Exists(sent),
        organization_id=endpoint.organization_id,
        type__in=endpoint.event_types,
        # What happened before there was an endpoint is not its business.
        created_at__gte=max(period.since, endpoint.created_at),
        created_at__lt=period.until,
    )
    return list(found.values_list("id", flat=True)[: MOST_REPLAYED + 1])


def _make_due(ids: Collection[UUID], organization_id: UUID) -> None:
    now = timezone.now()
    rows = WebhookDelivery.objects.filter(organization_id=organization_id, id__in=ids)
    # What is being sent at this moment is left to whoever sends it.
    rows.filter(state=DeliveryState.WAITING, sending_until=None).update(
        next_at=now, handed_until=None
    )
    rows.exclude(state=DeliveryState.WAITING).update(
        state=DeliveryState.WAITING, attempts=0, next_at=now, succeeded_at=None
    )


def _leave(endpoint: WebhookEndpoint) -> None:
    outbox.add(topic=DUE, key=endpoint.id, organization_id=endpoint.organization_id)


def _refuse(reason: str) -> None:
    raise InvalidInputError(reason, [FieldError("/since", reason)])
