"""What accounts says when it is asked by signal."""

from typing import Final

from corsheaders.signals import check_request_enabled
from django.dispatch import receiver
from django.http import HttpRequest

from . import selectors

API: Final = "/api/v1/"


@receiver(check_request_enabled)
def allow_registered_origin(request: HttpRequest, **_kwargs: object) -> bool:
    """Let a browser call from any origin that some active key names.

    The request itself is then checked against its own key.
    """
    # Asked for every address; only the API's may cost a look at the database.
    origin = request.headers.get("origin", "").lower()
    return (
        bool(origin)
        and request.path_info.startswith(API)
        and selectors.origin_is_registered(origin)
    )
