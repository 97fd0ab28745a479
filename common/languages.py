"""In which language something is answered."""

from functools import lru_cache
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import (
    get_supported_language_variant,
    parse_accept_lang_header,
)

from .middleware import is_for_api

# Different headers at once; a browser sends the same one each time.
KEPT: Final = 1_024
# Django reads no more of the header, either.
LONGEST: Final = 500
_ANY: Final = "*"


class Language(LocaleMiddleware):
    """A page's language may be chosen by its address or a cookie, a program's by none.

    Looking in all of these places took 60 of the intake's 3,500 us.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Speak the caller's language."""
        if not is_for_api(request):
            super().process_request(request)
            return
        language = language_for(request.headers.get("Accept-Language", "")[:LONGEST])
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Say which language that was."""
        if not is_for_api(request):
            return super().process_response(request, response)
        return _told(cast("HttpResponse", response))


def _told(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Accept-Language",))
    response.headers.setdefault("Content-Language", translation.get_language())
    return response


@lru_cache(maxsize=KEPT)
def language_for(accepted: str) -> str:
    """Return the language of ours that a header likes best, or the default.

    Examples
    --------
    >>> language_for("xx, de-AT;q=0.7, en;q=0.3")
    'de'
    """
    for wanted, _weight in parse_accept_lang_header(accepted):
        if wanted == _ANY:
            break
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return get_supported_language_variant(settings.LANGUAGE_CODE)
