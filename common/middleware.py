"""Middleware of pages that the API does without, and one log line a request.

Twelve middlewares halve the intake's throughput (1,218 to 710 requests a second
where this was measured), and an API that knows neither cookies nor forms needs none.
"""

import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_otp.middleware import OTPMiddleware

from . import request_ids
from .limits import asking
from .metrics import requests

log = structlog.get_logger(__name__)

_WITHOUT_PAGES: Final = ("/api/v1/", "/ofrep/", "/healthz/", "/static/")
_JSON: Final = ("/api/", "/ofrep/", "/healthz/")
# An answer of the API that is opened as a page runs and shows nothing.
_NO_PAGE: Final = "default-src 'none'; frame-ancestors 'none'"


def is_for_api(request: HttpRequest) -> bool:
    """Say whether a program and not a person asked."""
    return request.path_info.startswith(_WITHOUT_PAGES)


def speaks_json(request: HttpRequest) -> bool:
    """Say whether whoever asks at this address reads JSON, also where nothing is."""
    return request.path_info.startswith(_JSON)


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


class PageSecondFactor(PagesOnly, OTPMiddleware):  # type: ignore[misc] # it has no types
    """Whether they have shown their second factor."""


class PageMessages(PagesOnly, MessageMiddleware):
    """One-time notices."""


class PagePolicy(PagesOnly, CSPMiddleware):
    """Content-Security-Policy with a nonce, and no camera for any page of ours."""

    def __call__(self, request: HttpRequest) -> Any:
        """Say what a browser may do with the answer."""
        response = super().__call__(request)
        if is_for_api(request):
            response.headers.setdefault("Content-Security-Policy", _NO_PAGE)
        else:
            response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return response


class RequestLog:
    """Write one line a request, with the route and not the address.

    The answer carries the request's id and what is left of its limits.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Time the request; intake that went well is told at debug level only."""
        start = time.perf_counter()
        with request_ids.bound(request) as request_id:
            response = self.get_response(request)
            route = request.resolver_match.route if request.resolver_match else ""
            took = time.perf_counter() - start
            requests.answered(
                route=route,
                method=str(request.method),
                status=response.status_code,
                seconds=took,
            )
            tell = log.debug if response.status_code < 400 else log.info  # noqa: PLR2004 - HTTP's own border
            tell(
                "request.answered",
                method=request.method,
                route=route,
                status=response.status_code,
                duration_ms=round(took * 1000, 2),
            )
        response.headers[request_ids.HEADER] = request_id
        asking.tell(request, response)
        return response
