"""One attempt at a delivery: claimed, sent outside of any transaction, written down."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common import counters

from ..engine.schedule import MOST_ATTEMPTS, next_attempt_after
from ..models import (
    DeliveryState,
    DisabledReason,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from ..sending import Outcome, post
from ..signing import signed_headers
from .endpoints import disable

log = structlog.get_logger(__name__)

counters.know("webhooks.sent", "Webhooks that arrived.")
counters.know("webhooks.failed", "Attempts to send a webhook that failed.")
counters.know("webhooks.breaker_open", "Endpoints that were left alone for a moment.")

# Longer than any attempt (resolving 5 s, connecting and all the rest 15 s): who has not
# written down by then what came of it was killed.
LEASE: Final = timedelta(seconds=60)
# As long as the outbox waits before it sends a row again, and at most.
HANDED_FOR: Final = timedelta(seconds=60)
HANDED_AT_MOST: Final = timedelta(minutes=16)
GONE: Final = 410
AGENT: Final = "Bonafide-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that nobody else makes: what is sent, and until when it is ours."""

    organization_id: UUID
    delivery_id: UUID
    endpoint_id: UUID
    number: int
    until: datetime
    url: str
    message_id: str
    body: bytes
    keys: tuple[str, ...]


def attempt(*, organization_id: UUID, delivery_id: UUID) -> UUID | None:
    """Make an attempt that is due; return its endpoint's id, None if it was not made.

    Called within the organization's scope, and outside of any transaction: a receiver
    may take its time.
    """
    claim = claim_attempt(organization_id=organization_id, delivery_id=delivery_id)
    if claim is None:
        return None
    headers = signed_headers(
        message_id=claim.message_id,
        moment=timezone.now(),
        body=claim.body,
        keys=claim.keys,
    )
    headers |= {"Content-Type": "application/json", "User-Agent": AGENT}
    outcome = post(claim.url, headers=headers, body=claim.body)
    write_down(claim, outcome)
    return claim.endpoint_id


@transaction.atomic
def claim_attempt(*, organization_id: UUID, delivery_id: UUID) -> Claim | None:
    """Take an attempt that is due and may be made now; None if there is none."""
    now = timezone.now()
    delivery = (
        WebhookDelivery.objects.select_related("message")
        .filter(
            organization_id=organization_id,
            id=delivery_id,
            state=DeliveryState.WAITING,
            next_at__lte=now,
        )
        .first()
    )
    if delivery is None:
        return None
    # Who counts what is under way does so one after the other.
    endpoint = _locked(organization_id, delivery.endpoint_id)
    if endpoint is None or not _has_room(endpoint, now):
        return None
    mine = WebhookDelivery.objects.filter(
        organization_id=organization_id,
        id=delivery.id,
        state=DeliveryState.WAITING,
        attempts=delivery.attempts,
        next_at=delivery.next_at,
    )
    if delivery.attempts >= MOST_ATTEMPTS:
        # Whoever made the last one was killed.
        mine.update(
            state=DeliveryState.EXHAUSTED, sending_until=None, error="worker_lost"
        )
        return None
    until = now + LEASE
    taken = mine.update(
        attempts=F("attempts") + 1,
        next_at=until,
        sending_until=until,
        handed_until=None,
    )
    if not taken:
        return None
    return Claim(
        organization_id=organization_id,
        delivery_id=delivery.id,
        endpoint_id=endpoint.id,
        number=delivery.attempts + 1,
        until=until,
        url=endpoint.url,
        message_id=delivery.message.public_id,
        body=delivery.message.payload.encode(),
        keys=tuple(endpoint.keys_at(now)),
    )


def note_handed(*, organization_id: UUID, delivery_ids: Sequence[UUID]) -> None:
    """Keep the sweep from handing these over again for a while.

    While no worker is there each waits twice as long as before: the queue would fill
    with copies otherwise.
    """
    now = timezone.now()
    rows = WebhookDelivery.objects.filter(
        organization_id=organization_id,
        id__in=delivery_ids,
        state=DeliveryState.WAITING,
    )
    for one in rows.only("next_at"):
        since = min(max(now - one.next_at, HANDED_FOR), HANDED_AT_MOST)
        rows.filter(id=one.id, next_at=one.next_at).update(handed_until=now + since)


@transaction.atomic
def write_down(claim: Claim, outcome: Outcome) -> bool:
    """Keep what came of an attempt; say whether it was still ours.

    An attempt that took longer than its lease may have been made again meanwhile:
    whoever did so writes.
    """
    now = timezone.now()
    endpoint = _locked(claim.organization_id, claim.endpoint_id)
    ours = WebhookDelivery.objects.filter(
        organization_id=claim.organization_id,
        id=claim.delivery_id,
        attempts=claim.number,
        sending_until=claim.until,
    )
    if endpoint is None or not ours.update(
        sending_until=None, **_changes(claim, outcome, now, endpoint)
    ):
        log.warning("webhook.lease_lost", delivery_id=str(claim.delivery_id))
        return False
    answer = outcome.answer
    WebhookAttempt.objects.create(
        organization_id=claim.organization_id,
        endpoint=endpoint,
        delivery_id=claim.delivery_id,
        number=claim.number,
        status_code=answer.status if answer else None,
        error=outcome.error,
        duration_ms=outcome.duration_ms,
        response_start=answer.start if answer else "",
    )
    _judge_endpoint(endpoint, outcome, now)
    _tell(claim, outcome)
    return True


def _locked(organization_id: UUID, endpoint_id: UUID) -> WebhookEndpoint | None:
    rows = WebhookEndpoint.objects.select_for_update()
    return rows.filter(organization_id=organization_id, id=endpoint_id).first()


def _has_room(endpoint: WebhookEndpoint, now: datetime) -> bool:
    """Say whether one more may be sent to an endpoint now."""
    if endpoint.disabled_at is not None or endpoint.breaker.is_open(now):
        return False
    under_way = WebhookDelivery.objects.filter(
        endpoint_id=endpoint.id, sending_until__gt=now
    )
    return under_way.count() < endpoint.breaker.at_once


def _changes(
    claim: Claim, outcome: Outcome, now: datetime, endpoint: WebhookEndpoint
) -> dict[str, Any]:
    """Return what the delivery is from now on."""
    answer = outcome.answer
    told = {"status_code": answer.status if answer else None, "error": outcome.error}
    if not outcome.error:
        return {**told, "state": DeliveryState.SUCCEEDED, "succeeded_at": now}
    if endpoint.disabled_at is not None or (answer and answer.status == GONE):
        return {**told, "state": DeliveryState.FAILED}
    following = next_attempt_after(
        claim.number,
        now=now,
        chance=secrets.randbelow(1_000) / 1_000,
        asked=answer.asked_to_wait if answer else None,
    )
    if following is None:
        return {**told, "state": DeliveryState.EXHAUSTED}
    return {**told, "next_at": following}


def _judge_endpoint(endpoint: WebhookEndpoint, outcome: Outcome, now: datetime) -> None:
    """Close or open the endpoint's breaker; disable what is gone for good."""
    before, answer = endpoint.breaker, outcome.answer
    if outcome.error:
        asked = answer.asked_to_wait if answer else None
        after = before.after_failure(now=now, asked=asked)
    else:
        after = before.after_success()
        endpoint.last_success_at = now
    endpoint.failures = after.failures
    endpoint.times_opened = after.times_opened
    endpoint.open_until = after.open_until
    endpoint.failing_since = after.failing_since
    endpoint.save(
        update_fields=[
            "failures",
            "times_opened",
            "open_until",
            "failing_since",
            "last_success_at",
        ]
    )
    if after.times_opened > before.times_opened:
        counters.add("webhooks.breaker_open")
        log.warning(
            "webhook.left_alone",
            endpoint_id=str(endpoint.id),
            failures=after.failures,
        )
    if answer and answer.status == GONE:
        disable(endpoint, DisabledReason.GONE)
    elif after.is_hopeless(now):
        disable(endpoint, DisabledReason.FAILING)


def _tell(claim: Claim, outcome: Outcome) -> None:
    counters.add("webhooks.failed" if outcome.error else "webhooks.sent")
    log.info(
        "webhook.attempted",
        delivery_id=str(claim.delivery_id),
        endpoint_id=str(claim.endpoint_id),
        attempt=claim.number,
        status=outcome.answer.status if outcome.answer else None,
        error=outcome.error,
        duration_ms=outcome.duration_ms,
    )
