"""Whose rows pages may see, who acts there, what is refused, and how often."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from math import ceil
from typing import Final, cast

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from common.limits.asking import address_budget, is_enabled, keep
from common.limits.counting import spend_in_database, spend_in_redis
from common.metrics.names import RATE_LIMITED
from common.middleware import is_for_api
from common.tenancy import scope

from . import acting
from .audit import refusals
from .presence import next_step, presence_of
from .tokens import MARK

TOO_MANY: Final = 429
REFUSED: Final = frozenset({401, 403})


class PageScope:
    """Show staff every organization, a member the chosen one, others none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Work for whoever is in the console."""
        with _scope_of(request), _acting(request):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = scope.carried(
                    cast("Iterator[bytes]", response.streaming_content)
                )
        return response


class Refusals:
    """Write down what was not allowed, when the request's transaction is over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and then write."""
        with refusals.collected() as noted:
            response = self.get_response(request)
        if response.status_code in REFUSED and not noted and _is_telling(request):
            noted.append(_refusal_of(request, response.status_code))
        if noted:
            actor = acting.current()
            known = actor if actor != acting.NOBODY else acting.visitor(request)
            with acting.acting(known):
                for one in noted:
                    refusals.write(one)
        return response


class PageLimit:
    """Count what is sent by forms, by address.

    Attempts to get in are counted in the database, so that they stay counted while
    Redis is away; by name and address axes counts those that failed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let a form pass, or tell when to come back."""
        if request.method != "POST" or is_for_api(request) or not is_enabled():
            return self.get_response(request)
        is_outside = _is_console(request) and not _is_in(request)
        group = "sign_in" if is_outside else "forms"
        budget = address_budget(group, request)
        if budget is None:
            return self.get_response(request)
        spending = (spend_in_database if is_outside else spend_in_redis)([budget])
        keep(request, spending)
        if spending.is_allowed:
            return self.get_response(request)
        RATE_LIMITED.labels(group).inc()
        page = render(request, "429.html", status=TOO_MANY)
        page["Retry-After"] = str(max(1, ceil(spending.wait_s)))
        return page


def _is_in(request: HttpRequest) -> bool:
    return presence_of(request) is not None and next_step(request) is None


def _is_console(request: HttpRequest) -> bool:
    return request.path_info.startswith(reverse("admin:index"))


def _acting(request: HttpRequest) -> AbstractContextManager[None]:
    """Act as whoever looks at a page; the API finds out for itself."""
    if is_for_api(request):
        return nullcontext()
    here = presence_of(request) if _is_console(request) else None
    if here is None:
        return acting.acting(acting.visitor(request))
    return acting.acting(acting.of_user(here.user.id, here.organization_id, request))


def _is_telling(request: HttpRequest) -> bool:
    """Say whether a refusal tells anything: a session token that is over does not."""
    shown = request.headers.get("Authorization", "").partition(" ")[2]
    return not is_for_api(request) or (bool(shown) and not shown.startswith(MARK))


def _refusal_of(request: HttpRequest, status: int) -> refusals.Refusal:
    found = request.resolver_match
    return refusals.Refusal(
        "request.refused",
        acting.current().organization_id,
        {
            "route": found.route if found else "",
            "status": status,
            "method": str(request.method),
        },
    )


def _scope_of(request: HttpRequest) -> AbstractContextManager[None]:
    if is_for_api(request) or not _is_console(request):
        return nullcontext()
    here = presence_of(request)
    if here is None:
        return nullcontext()
    if here.organization_id is None:
        return scope.everywhere("admin")
    return scope.entered(here.organization_id)
