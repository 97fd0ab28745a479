"""What a request is counted by, and what it remembers of its budgets."""

from math import ceil
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ..addresses import counted_digest
from .bucket import Budget, Spending

WINDOW_S: Final = 60
# 96 bits: two addresses never share a bucket by chance.
DIGEST_LETTERS: Final = 24
_KEPT: Final = "_spending"


def is_enabled() -> bool:
    """Say whether anything is limited at all."""
    enabled: bool = settings.RATELIMIT_ENABLE
    return enabled


def limit_of(group: str, whom: str) -> int:
    """Return how many requests a minute somebody may send; 0 is no limit."""
    limits: dict[str, dict[str, int]] = settings.LIMITS
    return limits[group].get(whom, 0)


def budget_of(group: str, whom: str, who: object) -> Budget | None:
    """Return somebody's budget; None if there is no limit."""
    limit = limit_of(group, whom)
    return Budget(f"{group}.{whom}.{who}", limit, WINDOW_S) if limit else None


def address_budget(group: str, request: HttpRequest) -> Budget | None:
    """Return the budget of a request's address; None if there is no limit.

    What is no address, such as a port that a proxy wrote, shares one bucket.
    """
    if not limit_of(group, "address"):
        return None
    digest = counted_digest(request)
    return budget_of(group, "address", digest and digest.hex()[:DIGEST_LETTERS])


def keep(request: HttpRequest, spending: Spending) -> None:
    """Keep what the budgets said, for the answer's headers."""
    setattr(request, _KEPT, spending)


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write what the tightest budget said into an answer's headers.

    Names and units are those of the sixth draft of the IETF's RateLimit header fields,
    which clients know; the later ones fold all into one field.
    """
    spending: Spending | None = getattr(request, _KEPT, None)
    if spending is None:
        return
    headers = response.headers
    headers["RateLimit-Limit"] = str(spending.limit)
    headers["RateLimit-Remaining"] = str(spending.left)
    headers["RateLimit-Reset"] = str(ceil(spending.full_in_s))
    headers["RateLimit-Policy"] = f"{spending.limit};w={spending.window_s:.0f}"
