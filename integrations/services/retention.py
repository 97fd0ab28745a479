"""Forgetting messages, and how they were delivered, when their time is over."""

import time
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from common.tenancy import scope

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
                WebhookAttempt.objects.filter(delivery__message__in=ids).delete()
                WebhookDelivery.objects.filter(message__in=ids).delete()
                forgotten += WebhookMessage.objects.filter(id__in=ids).delete()[0]
    return forgotten
