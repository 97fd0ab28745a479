"""The page that Prometheus reads, and who may.

It stands in front of everything else, because who scrapes knows neither the names
that the site answers to nor TLS, and because what it takes is nobody's business.
"""

import secrets
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

from . import processes, waiting

PATH: Final = "/metrics"
# Any of these was written by a proxy: whoever asked may be anywhere.
_PASSED_ON: Final = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP")
_READS: Final = ("GET", "HEAD")


class MetricsPage:
    """Answer `/metrics`: to who shows the token, or without one to this machine.

    Others hear 401; without a token there is nothing at this address (404).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let everything else pass."""
        if request.path_info != PATH:
            return self.get_response(request)
        passed_on = any(name in request.headers for name in _PASSED_ON)
        status = refusal(
            authorization=request.headers.get("Authorization", ""),
            peer="" if passed_on else request.META.get("REMOTE_ADDR", ""),
        )
        if status is None and request.method not in _READS:
            status = 405
        if status is not None:
            return _refused(status)
        text = counted() + generate_latest(waiting.REGISTRY)
        answer = HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)
        answer["Cache-Control"] = "no-store"
        return answer


def refusal(*, authorization: str, peer: str) -> int | None:
    """Return the status that somebody is refused with, None if they may read."""
    token: str = settings.METRICS_TOKEN
    if token:
        shown = authorization.encode("utf-8", errors="replace")
        is_right = secrets.compare_digest(shown, f"Bearer {token}".encode())
        return None if is_right else 401
    return None if _is_here(peer) else 404


def counted() -> bytes:
    """Return what was counted, by all processes that share a folder."""
    if processes.folder() is None:
        return generate_latest(REGISTRY)
    with processes.held(shared=True) as where:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(where))  # type: ignore[no-untyped-call] # theirs has none
        return generate_latest(registry)


def _is_here(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        # A socket of this machine has no address; who is behind it is not known.
        return False


def _refused(status: int) -> HttpResponse:
    answer = HttpResponse(status=status, content_type="text/plain")
    if status == 401:  # noqa: PLR2004 - HTTP's own
        answer["WWW-Authenticate"] = "Bearer"
    if status == 405:  # noqa: PLR2004 - HTTP's own
        answer["Allow"] = ", ".join(_READS)
    return answer
