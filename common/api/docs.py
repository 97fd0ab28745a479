"""The API's documentation: Swagger UI and Redoc, from our own files.

Both write styles into the page as they go. They are therefore allowed inline styles,
which no other page is; scripts stay as strict as everywhere.
"""

from collections.abc import Callable
from typing import Any, Final

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_page
from drf_spectacular.views import (
    SpectacularAPIView,
    SpectacularRedocView,
    SpectacularSwaggerSplitView,
)
from rest_framework.negotiation import DefaultContentNegotiation

from .problems import reads_only

View = Callable[..., HttpResponseBase]

SCHEMA_CACHED_S: Final = 3_600

_STYLES: Final[dict[str, Any]] = {
    "style-src": [SELF, UNSAFE_INLINE],
    # Redoc's search runs in a worker that it makes itself.
    "worker-src": [SELF, "blob:"],
    "font-src": [SELF, "data:"],
}


def schema_view() -> View:
    """Return the OpenAPI document, in YAML or JSON as it is asked for.

    Making it takes a quarter of a second, and it changes with the release only.
    """
    view: View = SpectacularAPIView.as_view(
        content_negotiation_class=DefaultContentNegotiation
    )
    cached: View = cache_page(SCHEMA_CACHED_S)(view)
    return reads_only(cached)


def swagger_view() -> View:
    """Return the page that tries requests out."""
    view = SpectacularSwaggerSplitView.as_view(
        url_name="schema",
        content_negotiation_class=DefaultContentNegotiation,
        http_method_names=["get", "head"],
    )
    decorated: View = csp_replace(_STYLES)(view)
    return decorated


def redoc_view() -> View:
    """Return the page to read."""
    view = SpectacularRedocView.as_view(
        url_name="schema",
        template_name="common/redoc.html",
        content_negotiation_class=DefaultContentNegotiation,
        http_method_names=["get", "head"],
    )
    decorated: View = csp_replace(_STYLES)(view)
    return decorated
