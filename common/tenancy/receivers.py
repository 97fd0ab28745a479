"""A request begins and ends with nobody, whatever the thread did before."""

from django.core.signals import request_finished, request_started
from django.dispatch import receiver

from . import scope


@receiver(request_started)
def begin(**_kwargs: object) -> None:
    """Show a request no rows until authentication says whose."""
    scope.nobody()


@receiver(request_finished)
def end(**_kwargs: object) -> None:
    """Leave nothing to the thread's next work."""
    scope.forget()
