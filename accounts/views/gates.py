"""What the pages in front of the console share."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme

GATE = "accounts/gate.html"


def gate(
    request: HttpRequest,
    title: str | Promise,
    *,
    status: int = 200,
    template: str = GATE,
    **said: Any,
) -> TemplateResponse:
    """Return a page in the look of the console, for who is not in it."""
    context = {**admin.site.each_context(request), "title": title, **said}
    return TemplateResponse(request, template, context, status=status)


def onward(request: HttpRequest) -> str:
    """Return where somebody wanted to go, if that is here."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("admin:index")
