"""What accounts says when it is asked by signal."""

from typing import Final

import structlog
from axes.signals import user_locked_out
from corsheaders.signals import check_request_enabled
from django.contrib.auth.signals import user_login_failed
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest

from . import selectors

log = structlog.get_logger(__name__)

API: Final = "/api/v1/"


@receiver(user_login_failed)
def tell_of_refusal(**_kwargs: object) -> None:
    """Write that somebody did not get in; neither name nor address is any log's."""
    log.info("sign_in.refused")


@receiver(user_locked_out)
def tell_of_lock(**_kwargs: object) -> None:
    """Write that somebody tried too often: many of these are an attack."""
    log.warning("sign_in.locked")


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
