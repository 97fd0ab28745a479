"""What flags leave for later: forgetting counts, and overrides that ended."""

from celery import shared_task

from .services.forgetting import forget_past


@shared_task(name="flags.forget", ignore_result=True)
def forget() -> int:
    """Forget what nobody looks at any more; return how many rows went."""
    return forget_past()
