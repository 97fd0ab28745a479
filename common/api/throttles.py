"""Rate limits: django-ratelimit behind the one class that views name."""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django_ratelimit.core import get_usage
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from ..addresses import client_address, counted_address

MINUTE_S: Final = 60

# Requests of one principal. A browser sends a batch every two seconds and sometimes
# several; a hundred a second is a loop that ran away. A server speaks for a thousand
# browsers, a publishable key is counted by address: a lecture hall shares one.
RATES: Final = {
    "intake": {"session": "6000/m", "secret": "60000/m"},
    "open": {"publishable": "600/m", "secret": "6000/m"},
    "read": {"session": "600/m", "secret": "6000/m", "user": "600/m"},
    # Of one address, which may be a whole company's: what guards a name is the count of
    # its failed attempts (AXES_… in the settings).
    "sign_in": {"": "300/m"},
    "write": {"session": "600/m", "secret": "6000/m", "user": "600/m"},
}


class Limit(BaseThrottle):
    """Count a view's requests by principal; who showed no key was refused before.

    While the counter is away everything passes (RATELIMIT_FAIL_OPEN): an honest
    answer that is lost costs more than one request too many.
    """

    group = "read"

    def __init__(self) -> None:
        self._wait_s: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this request; say whether it may go on."""
        group = "read" if request.method in SAFE_METHODS else self.group
        usage = get_usage(
            request._request,  # noqa: SLF001 - the request that the library knows
            group=f"bonafide.{group}",
            key=_who(request),
            rate=RATES[group][_kind(request)],
            increment=True,
        )
        if usage is None or not usage["should_limit"]:
            return True
        self._wait_s = max(1.0, usage["time_left"])
        return False

    def wait(self) -> float | None:
        """Return the seconds until the next request may come."""
        return self._wait_s


class IntakeLimit(Limit):
    """Batches of one session, counted by each process for itself.

    A session ends at a number of batches that it reaches in three minutes at this
    rate: what remains to be held up is a loop that repeats itself. Asking Redis took a
    tenth of the intake's time for that (docs/performance.md).
    """

    group = "intake"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this request; say whether it may go on."""
        if not settings.RATELIMIT_ENABLE:
            return True
        most = int(RATES[self.group][_kind(request)].removesuffix("/m"))
        minute, passed_s = divmod(time.time(), MINUTE_S)
        key = f"{self.group}:{request.user.pk}:{minute:.0f}"
        counts = caches["process"]
        counts.add(key, 0, MINUTE_S)
        try:
            count = counts.incr(key)
        except ValueError:
            # Forgotten between the two: there are too many to remember them all.
            count = 1
        self._wait_s = max(1.0, MINUTE_S - passed_s)
        return count <= most


class OpenLimit(Limit):
    """New sessions of one key."""

    group = "open"


class SignInLimit(Limit):
    """Attempts to get in from one address."""

    group = "sign_in"


class ReadLimit(Limit):
    """Questions of one key or session."""

    group = "read"


class WriteLimit(Limit):
    """Everything else that changes something."""

    group = "write"


def _kind(request: Request) -> str:
    """Return what kind of principal asks; its class stands above this package."""
    kind: object = getattr(request.user, "kind", "")
    return str(kind)


def _who(request: Request) -> Callable[[str, HttpRequest], str]:
    """Return the function that names whom to count."""
    django_request = request._request  # noqa: SLF001 - the request that the library knows
    user: object = request.user
    if user is None:
        return lambda _group, asked: str(counted_address(asked))
    principal = str(request.user.pk)
    if _kind(request) == "publishable":
        principal += client_address(django_request)
    return lambda _group, _request: principal
