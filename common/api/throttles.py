"""Rate limits of the API: by key, by organization and by address, all three at once."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from ..limits.asking import address_budget, budget_of, is_enabled, keep
from ..limits.bucket import Budget
from ..limits.counting import (
    Spend,
    spend_in_database,
    spend_in_process,
    spend_in_redis,
)
from ..metrics.names import RATE_LIMITED

# A server's address says nothing: it speaks for many browsers, and is known by its key.
WITHOUT_ADDRESS: Final = frozenset({"secret"})


class Limit(BaseThrottle):
    """Count a view's requests; who showed no valid key was refused before."""

    group = "read"
    spend: Spend = staticmethod(spend_in_redis)

    def __init__(self) -> None:
        self._wait_s: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this request; say whether it may go on."""
        group = "read" if request.method in SAFE_METHODS else self.group
        django_request = request._request  # noqa: SLF001 - it knows its address
        budgets = list(_budgets(group, request.user, django_request))
        if not budgets or not is_enabled():
            return True
        spending = self.spend(budgets)
        keep(django_request, spending)
        self._wait_s = max(1.0, spending.wait_s)
        if not spending.is_allowed:
            RATE_LIMITED.labels(group).inc()
        return spending.is_allowed

    def wait(self) -> float | None:
        """Return the seconds until the next request may come."""
        return self._wait_s


class IntakeLimit(Limit):
    """Batches of one session, counted by each process for itself.

    A session ends at a number of batches that it reaches in three minutes at this
    rate: what remains to be held up is a loop that repeats itself. Asking Redis took a
    tenth of the intake's time for that (docs/performance.md).
    """

    group = "intake"
    spend = staticmethod(spend_in_process)


class OpenLimit(Limit):
    """New sessions."""

    group = "open"


class SignInLimit(Limit):
    """Attempts to get in, counted in the database: Redis may be away."""

    group = "sign_in"
    spend = staticmethod(spend_in_database)


class ReadLimit(Limit):
    """Questions."""

    group = "read"


class WriteLimit(Limit):
    """Everything else that changes something."""

    group = "write"


def seconds_to_hold_up(request: HttpRequest) -> float:
    """Count a refusal; return how long its address is to wait by now, 0 if it is not.

    Who tries keys out shows no valid one, so nothing else counts them.
    """
    budget = address_budget("refused", request)
    if budget is None or not is_enabled():
        return 0.0
    spending = spend_in_redis([budget])
    if spending.is_allowed:
        return 0.0
    keep(request, spending)
    RATE_LIMITED.labels("refused").inc()
    return max(1.0, spending.wait_s)


def _budgets(group: str, principal: Any, request: HttpRequest) -> Iterator[Budget]:
    """Yield what a request is counted by; the principal's class stands above this."""
    asked: list[Budget | None] = []
    kind = ""
    if principal is not None:
        kind = str(principal.kind)
        asked.append(budget_of(group, kind, principal.pk))
        asked.append(budget_of(group, "organization", principal.organization_id))
    if kind not in WITHOUT_ADDRESS:
        asked.append(address_budget(group, request))
    return (budget for budget in asked if budget is not None)
