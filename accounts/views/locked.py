"""What somebody is told who tried too often."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _, ngettext

from common.middleware import is_for_api

from .gates import gate

TOO_MANY: Final = 429


def answer_locked(
    request: HttpRequest, answer: HttpResponseBase, credentials: object
) -> HttpResponseBase:
    """Tell who tried too often when to come back; the API tells it by itself."""
    if is_for_api(request):
        return answer
    wait_s = int(settings.AXES_COOLOFF_TIME.total_seconds())
    minutes = wait_s // 60
    lead = ngettext(
        "Somebody tried to sign in under this name from here too often. Come back in"
        " %(minutes)d minute.",
        "Somebody tried to sign in under this name from here too often. Come back in"
        " %(minutes)d minutes.",
        minutes,
    )
    page = gate(
        request,
        _("Too many attempts"),
        status=TOO_MANY,
        lead=lead % {"minutes": minutes},
        is_refusal=True,
    )
    page["Retry-After"] = str(wait_s)
    # A middleware asks for this, when nobody renders pages any more.
    return page.render()
