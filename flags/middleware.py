"""A request sees the same flags from its beginning to its end."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .serving.process import pin, unpin


class Pinned:
    """Pin what is served, whatever changes meanwhile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer under one snapshot."""
        token = pin()
        try:
            return self.get_response(request)
        finally:
            unpin(token)
