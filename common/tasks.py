"""Celery's two doors to the outbox."""

from uuid import UUID

from celery import shared_task

from . import outbox


@shared_task(name=outbox.DELIVER, ignore_result=True)
def deliver(row_id: str) -> None:
    """Do one row's work; a second call finds nothing left to do."""
    outbox.deliver_row(UUID(row_id))


@shared_task(name="outbox.sweep", ignore_result=True)
def sweep() -> None:
    """Send again what the queue lost."""
    outbox.sweep()
