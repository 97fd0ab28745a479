"""The API's documentation: Swagger UI and Redoc, from our own files.

Both write styles into the page as they go. They are therefore allowed inline styles,
which no other page is; scripts stay as strict as everywhere.
"""

from collections.abc import Callable
from typing import Any, Final

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http.response import HttpResponseBase
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

View = Callable[..., HttpResponseBase]

_STYLES: Final[dict[str, Any]] = {
    "style-src": [SELF, UNSAFE_INLINE],
    # Redoc's search runs in a worker that it makes itself.
    "worker-src": [SELF, "blob:"],
    "font-src": [SELF, "data:"],
}


def swagger_view() -> View:
    """Return the page that tries requests out."""
    view = SpectacularSwaggerSplitView.as_view(
        url_name="schema", http_method_names=["get", "head"]
    )
    decorated: View = csp_replace(_STYLES)(view)
    return decorated


def redoc_view() -> View:
    """Return the page to read."""
    view = SpectacularRedocView.as_view(
        url_name="schema",
        template_name="common/redoc.html",
        http_method_names=["get", "head"],
    )
    decorated: View = csp_replace(_STYLES)(view)
    return decorated
