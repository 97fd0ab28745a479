"""Celery's doors to the outbox, and what is forgotten by the hour."""

from uuid import UUID

from celery import shared_task

from . import idempotency, outbox
from .limits.counting import forget_full_buckets


@shared_task(name=outbox.DELIVER, ignore_result=True)
def deliver(row_id: str) -> None:
    """Do one row's work; a second call finds nothing left to do."""
    outbox.deliver_row(UUID(row_id))


@shared_task(name="outbox.sweep", ignore_result=True)
def sweep() -> None:
    """Send again what the queue lost."""
    outbox.sweep()


@shared_task(name="limits.forget", ignore_result=True)
def forget_buckets() -> None:
    """Forget whose attempts to get in are long over."""
    forget_full_buckets()


@shared_task(name="idempotency.forget", ignore_result=True)
def forget_answers() -> None:
    """Forget what was answered to requests with a key, after a day."""
    idempotency.forget_expired()
