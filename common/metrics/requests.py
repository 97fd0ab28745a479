"""Requests, by route, method and status."""

from functools import cache
from typing import Any, Final

from .names import of_requests

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Where the URL conf has nothing, or a middleware answered before it was asked.
UNMATCHED: Final = "unmatched"


def answered(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count an answer."""
    responses, latency = _series(route or UNMATCHED, method, status)
    responses.inc()
    latency.observe(seconds)


# As many as there are routes, methods and statuses; finding both anew takes 3 µs.
@cache
def _series(route: str, method: str, status: int) -> tuple[Any, Any]:
    method = method if method in _METHODS else "other"
    where = {"view": route, "method": method}
    return (
        of_requests.responses_by_status_view_method.labels(**where, status=status),
        of_requests.requests_latency_by_view_method.labels(**where),
    )
