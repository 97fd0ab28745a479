"""The API speaks JSON, whatever a caller says that it would like."""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request


class AlwaysJSON(DefaultContentNegotiation):
    """Answer in the first renderer's format.

    A browser that follows a link asks for HTML, a careful client for problem details;
    both read JSON, and a refusal (406) would help neither.
    """

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """Return the first renderer and its media type."""
        return renderers[0], renderers[0].media_type
