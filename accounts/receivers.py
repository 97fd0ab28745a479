"""What accounts says when it is asked by signal."""

from typing import Final

import structlog
from corsheaders.signals import check_request_enabled
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest

from . import selectors

log = structlog.get_logger(__name__)

API: Final = "/api/v1/"


@receiver(check_request_enabled)
def allow_registered_origin(request: HttpRequest, **_kwargs: object) -> bool:
    """Let a browser call from any origin that some active key names.

    The request itself is then checked against its own key.
    """
    # Asked for every address; only the API's may cost a look at the database.
    origin = request.headers.get("origin", "").lower()
    if not origin or not request.path_info.startswith(API):
        return False
    try:
        return selectors.origin_is_registered(origin)
    except DatabaseError as error:
        # The request itself is still checked, and fails; the browser must be able to
        # read that it may come back.
        log.warning("origins.unknown", error=type(error).__name__)
        return True
