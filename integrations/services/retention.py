"""Forgetting messages, and how they were delivered, when their time is over."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.tenancy import scope

from .. import selectors
from ..models import WebhookAttempt, WebhookDelivery, WebhookMessage

# Some milliseconds in which SQLite takes no batch of anybody's.
AT_ONCE: Final = 500
# Far below the hard limit of a task; what is left is for the next round.
ROUND_LASTS_S: Final = 60.0


def forget_messages() -> int:
    """Forget messages that are past their time; return how many."""
    before = timezone.now() - timedelta(days=settings.WEBHOOKS_KEPT_DAYS)
    ends_at = time.monotonic() + ROUND_LASTS_S
    forgotten = 0
    with scope.everywhere("webhooks.forget"):
        old = WebhookMessage.objects.filter(created_at__lt=before)
        while time.monotonic() < ends_at:
            ids = list(
                old.order_by("created_at").values_list("id", flat=True)[:AT_ONCE]
            )
            if not ids:
                break
            with transaction.atomic():
                forgotten += _forget(ids)[_MESSAGE]
    return forgotten


def forget_sessions(
    *, organization_id: UUID, session_ids: Sequence[UUID]
) -> dict[str, int]:
    """Forget what was told of some sessions; return how many rows of what.

    What waits is not sent any more. What arrived is the receiver's to erase.
    """
    told = selectors.messages_of(
        organization_id=organization_id, session_ids=session_ids
    )
    return _forget(list(told.values_list("id", flat=True)))


_MESSAGE: Final = WebhookMessage._meta.label  # noqa: SLF001 - documented


def _forget(ids: Sequence[UUID]) -> dict[str, int]:
    attempts: QuerySet[Any] = WebhookAttempt.objects.filter(delivery__message__in=ids)
    deliveries = WebhookDelivery.objects.filter(message__in=ids)
    messages = WebhookMessage.objects.filter(id__in=ids)
    return {
        rows.model._meta.label: rows.delete()[0]  # noqa: SLF001 - documented
        for rows in (attempts, deliveries, messages)
    }
