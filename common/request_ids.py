"""One id for a request: in each of its log lines, and in its answer."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest

HEADER: Final = "X-Request-ID"
_NAME: Final = "request_id"
# Nothing that could begin a line of its own in a log.
_FIT: Final = re.compile(r"[0-9A-Za-z._-]{8,64}")


@contextmanager
def bound(request: HttpRequest) -> Iterator[str]:
    """Yield a request's id, which everything that is logged meanwhile carries.

    The proxy's own is taken over, if there is a proxy of ours: without one it is
    whatever the caller wrote.
    """
    sent = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    request_id = sent if _FIT.fullmatch(sent) else secrets.token_hex(16)
    with structlog.contextvars.bound_contextvars(**{_NAME: request_id}):
        yield request_id


def current() -> str | None:
    """Return the id of the request that is being answered."""
    found: str | None = structlog.contextvars.get_contextvars().get(_NAME)
    return found
