"""Middleware of pages that the API does without, and one log line a request.

Twelve middlewares halve the intake's throughput (1,218 to 710 requests a second
where this was measured), and an API that knows neither cookies nor forms needs none.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

import structlog
from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from .tenancy import scope

log = structlog.get_logger(__name__)

_WITHOUT_PAGES: Final = ("/api/v1/", "/healthz/", "/static/")


def is_for_api(request: HttpRequest) -> bool:
    """Say whether a program and not a person asked."""
    return request.path_info.startswith(_WITHOUT_PAGES)


class PagesOnly:
    """Mix in before a middleware that only pages need."""

    def __call__(self, request: HttpRequest) -> Any:
        """Pass programs on untouched."""
        if is_for_api(request):
            return self.get_response(request)  # type: ignore[attr-defined] # the mixed-in class has it
        return super().__call__(request)  # type: ignore[misc] # so has this


class PageSessions(PagesOnly, SessionMiddleware):
    """Sessions of people who are signed in."""


class PageAuthentication(PagesOnly, AuthenticationMiddleware):
    """Who is signed in."""


class PageMessages(PagesOnly, MessageMiddleware):
    """One-time notices."""


class PagePolicy(PagesOnly, CSPMiddleware):
    """Content-Security-Policy with a nonce."""


class StaffSeesAll:
    """Show staff every organization on their own pages, also while they are written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Work everywhere for those who are signed in as staff."""
        if not self._is_theirs(request):
            return self.get_response(request)
        with scope.everywhere("admin"):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = scope.carried(
                    cast("Iterator[bytes]", response.streaming_content)
                )
        return response

    def _is_theirs(self, request: HttpRequest) -> bool:
        if is_for_api(request) or not request.path_info.startswith(
            reverse("admin:index")
        ):
            return False
        user: Any = request.user
        return bool(user.is_active and user.is_staff)


class RequestLog:
    """Write one line a request, with the route and not the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Time the request; intake that went well is told at debug level only."""
        start = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else ""
        tell = log.debug if response.status_code < 400 else log.info  # noqa: PLR2004 - HTTP's own border
        tell(
            "request.answered",
            method=request.method,
            route=route,
            status=response.status_code,
            duration_ms=round((time.perf_counter() - start) * 1000, 2),
        )
        return response
