"""Pages of people who are not in yet."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from common.middleware import is_for_api

TOO_MANY: Final = 429


def answer_locked(
    request: HttpRequest, answer: HttpResponseBase, credentials: object
) -> HttpResponseBase:
    """Tell who tried too often when to come back; the API tells it by itself."""
    if is_for_api(request):
        return answer
    wait_s = int(settings.AXES_COOLOFF_TIME.total_seconds())
    page = render(
        request, "accounts/locked.html", {"minutes": wait_s // 60}, status=TOO_MANY
    )
    page["Retry-After"] = str(wait_s)
    return page
