"""For whom the code works now.

A scope is the thread's, not the connection's: the database hears of it with ``SET
LOCAL`` in front of the first statement of a transaction, so it forgets with the
transaction, and nothing is left for whoever has the connection next, behind a pooler
or in the next request. Without any scope there are no rows.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

Item = TypeVar("Item")

# What `SET ROLE` calls the role that logged in.
OWN_ROLE: Final = "none"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the database is told: an organization's id or nothing, and a role."""

    organization: str = ""
    role: str = OWN_ROLE


# As a connection is when nobody has told it anything.
UNTOLD: Final = Scope()
_scope: Final[ContextVar[Scope]] = ContextVar("scope", default=UNTOLD)


def current() -> Scope:
    """Return for whom the code works."""
    return _scope.get()


def enter(organization_id: UUID) -> None:
    """Work for an organization until the end of the request: for authentication."""
    _scope.set(_of(organization_id))


def nobody() -> None:
    """Work for nobody, as each request does until it is known who asks."""
    _scope.set(_scope_of("", settings.ASSUMED_ROLE))


def forget() -> None:
    """Leave whatever was entered, at the end of a request."""
    _scope.set(UNTOLD)


@contextmanager
def entered(organization_id: UUID) -> Iterator[None]:
    """Work for an organization within a block: for tasks, pages and commands."""
    with _within(_of(organization_id)):
        yield


@contextmanager
def everywhere(reason: str) -> Iterator[None]:
    """Work for the installation itself, across all organizations, within a block.

    `reason` stands in the log, in words like ``sessions.expire_idle``.
    """
    log.info("tenancy.everywhere", reason=reason)
    with _within(_scope_of("", settings.DATABASE_OPS_ROLE)):
        yield


def carried(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items that are made in the scope of now, whenever they are asked for.

    For answers that are written after the request's own work is over.
    """
    return _steps(iter(items), current())


def _steps(items: Iterator[Item], scope: Scope) -> Iterator[Item]:
    # Entered anew for each item: between two of them the caller's scope holds.
    end: Final = object()
    while True:
        with _within(scope):
            item = next(items, end)
        if item is end:
            return
        yield item  # type: ignore[misc] # it is not the end


@contextmanager
def _within(scope: Scope) -> Iterator[None]:
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def _of(organization_id: UUID) -> Scope:
    return _scope_of(str(organization_id), settings.ASSUMED_ROLE)


def _scope_of(organization: str, role: str) -> Scope:
    if not settings.ROW_LEVEL_SECURITY:
        return UNTOLD
    return Scope(organization, role or OWN_ROLE)
