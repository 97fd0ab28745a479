"""Every read of webhooks; the organization always comes first."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import NotFoundError
from common.tenancy import scope
from detection.facade import DetectionResult

from .engine.schedule import AT_ONCE
from .models import (
    DeliveryState,
    Event,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMessage,
)

# What the list's share of failures looks back on.
LATELY: Final = timedelta(days=7)
# One round hands over no more than this, as the outbox's sweep does.
SWEEP_SIZE: Final = 1_000


def endpoints(*, organization_id: UUID) -> QuerySet[WebhookEndpoint]:
    """Return an organization's endpoints."""
    return WebhookEndpoint.objects.filter(organization_id=organization_id)


def endpoint(*, organization_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Return an endpoint.

    Raises
    ------
    NotFoundError
        The organization has no such endpoint.
    """
    found = endpoints(organization_id=organization_id).filter(id=endpoint_id).first()
    if found is None:
        raise NotFoundError(_("There is no such webhook endpoint."))
    return found


def subscribers(*, organization_id: UUID, event: str) -> list[WebhookEndpoint]:
    """Return the endpoints that want to hear of an event, disabled ones as well.

    What those miss can be sent to them later.
    """
    # An organization has a few (MOST_ENDPOINTS): SQLite cannot look into a list.
    found = endpoints(organization_id=organization_id)
    return [each for each in found if event in each.event_types]


def deliveries(
    *, organization_id: UUID, endpoint_id: UUID
) -> QuerySet[WebhookDelivery]:
    """Return an endpoint's deliveries with their messages."""
    return WebhookDelivery.objects.filter(
        organization_id=organization_id, endpoint_id=endpoint_id
    ).select_related("message")


def delivery(
    *, organization_id: UUID, endpoint_id: UUID, delivery_id: UUID
) -> WebhookDelivery:
    """Return a delivery with its message.

    Raises
    ------
    NotFoundError
        The endpoint has no such delivery.
    """
    found = deliveries(organization_id=organization_id, endpoint_id=endpoint_id)
    one = found.filter(id=delivery_id).first()
    if one is None:
        raise NotFoundError(_("There is no such delivery."))
    return one


def messages_of(
    *, organization_id: UUID, session_ids: Collection[UUID]
) -> QuerySet[WebhookMessage]:
    """Return what was told of some sessions: their ends, and their last words."""
    final = DetectionResult.objects.filter(
        organization_id=organization_id, session_id__in=session_ids, seq=None
    )
    return WebhookMessage.objects.filter(
        Q(type=Event.SESSION_COMPLETED, subject_id__in=session_ids)
        | Q(
            type=Event.VERDICT_FINAL,
            subject_id__in=list(final.values_list("id", flat=True)),
        ),
        organization_id=organization_id,
    ).order_by("id")


def deliveries_of(message: WebhookMessage) -> QuerySet[WebhookDelivery]:
    """Return a message's deliveries with their endpoints."""
    return WebhookDelivery.objects.filter(
        organization_id=message.organization_id, message=message
    ).select_related("endpoint")


def log_of(*, organization_id: UUID, delivery_id: UUID) -> QuerySet[WebhookAttempt]:
    """Return the attempts at a delivery in their order."""
    return WebhookAttempt.objects.filter(
        organization_id=organization_id, delivery_id=delivery_id
    ).order_by("id")


def due_of(
    *, organization_id: UUID, endpoint_id: UUID, at: datetime, most: int
) -> list[UUID]:
    """Return an endpoint's deliveries that are due, the longest waiting first."""
    due = WebhookDelivery.objects.filter(
        organization_id=organization_id,
        endpoint_id=endpoint_id,
        state=DeliveryState.WAITING,
        next_at__lte=at,
    )
    return list(due.order_by("next_at").values_list("id", flat=True)[:most])


def due_everywhere(at: datetime) -> list[tuple[UUID, UUID]]:
    """Return deliveries that are due and their organizations, in turns.

    First one of each endpoint, then a second one of each that has it: who has many
    waiting does not stand before who has one.
    """
    with scope.everywhere("webhooks.sweep"):
        waiting = WebhookDelivery.objects.filter(
            Q(endpoint__open_until=None) | Q(endpoint__open_until__lte=at),
            Q(handed_until=None) | Q(handed_until__lte=at),
            state=DeliveryState.WAITING,
            next_at__lte=at,
            endpoint__disabled_at=None,
        )
        # The longest waiting endpoint first, whoever's it is.
        of_whom = (
            waiting.values("organization_id", "endpoint_id")
            .annotate(first=Min("next_at"))
            .order_by("first")[:SWEEP_SIZE]
        )
        lanes = [
            [
                (row["organization_id"], one)
                for one in due_of(
                    organization_id=row["organization_id"],
                    endpoint_id=row["endpoint_id"],
                    at=at,
                    most=AT_ONCE,
                )
            ]
            for row in of_whom
        ]
    return list(_in_turns(lanes))[:SWEEP_SIZE]


def _in_turns(
    lanes: list[list[tuple[UUID, UUID]]],
) -> Iterator[tuple[UUID, UUID]]:
    for place in range(AT_ONCE):
        yield from (lane[place] for lane in lanes if len(lane) > place)


def with_failure_share(
    rows: QuerySet[WebhookEndpoint],
) -> QuerySet[WebhookEndpoint]:
    """Return endpoints with `tried` and `failed`: their attempts of the last days."""
    lately = WebhookAttempt.objects.filter(
        endpoint=OuterRef("pk"), created_at__gte=timezone.now() - LATELY
    )
    counted = lately.order_by().values("endpoint")
    tried = counted.annotate(n=Count("pk")).values("n")
    failed = counted.annotate(n=Count("pk", filter=~Q(error=""))).values("n")
    return rows.annotate(tried=Subquery(tried), failed=Subquery(failed))
