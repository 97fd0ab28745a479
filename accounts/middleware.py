"""Whose rows the console's pages may see, also while they are being written."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import cast

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from common.middleware import is_for_api
from common.tenancy import scope

from .presence import presence_of


class PageScope:
    """Show staff every organization, a member the chosen one, others none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Work for whoever is in the console."""
        with _scope_of(request):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = scope.carried(
                    cast("Iterator[bytes]", response.streaming_content)
                )
        return response


def _scope_of(request: HttpRequest) -> AbstractContextManager[None]:
    if is_for_api(request) or not request.path_info.startswith(reverse("admin:index")):
        return nullcontext()
    here = presence_of(request)
    if here is None:
        return nullcontext()
    if here.organization_id is None:
        return scope.everywhere("admin")
    return scope.entered(here.organization_id)
