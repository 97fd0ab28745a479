"""What accounts says when it is asked by signal."""

from corsheaders.signals import check_request_enabled
from django.dispatch import receiver
from django.http import HttpRequest

from . import selectors


@receiver(check_request_enabled)
def allow_registered_origin(request: HttpRequest, **_kwargs: object) -> bool:
    """Let a browser call from any origin that some active key names.

    The request itself is then checked against its own key.
    """
    origin = request.headers.get("origin", "")
    return bool(origin) and selectors.origin_is_registered(origin.lower())
