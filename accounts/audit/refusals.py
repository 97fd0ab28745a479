"""What was not allowed, written down after the answer.

A refusal rolls its request's transaction back, and with it whatever was written there.
So refusals wait until that is over. A flood of them must not fill the table.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction

from common import counters

from .record import record_refusal

log = structlog.get_logger(__name__)

counters.know("audit.refusals_left_out", "Refusals beyond the limit of a minute.")
counters.know("audit.refusals_lost", "Refusals that the database did not take.")

# By organization and act, in each process. Somebody who tries keys by hand is written
# down in full; an attack leaves 14,400 rows a day a process at most, and its size.
MOST_A_MINUTE: Final = 10
MINUTE_S: Final = 60.0
# Organizations that are refused something in the same minute; more share one count.
MOST_COUNTED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that was not allowed."""

    verb: str
    organization_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Minute:
    began: float
    written: int = 0
    left_out: int = 0


_waiting: Final[ContextVar[list[Refusal] | None]] = ContextVar("refusals", default=None)
_minutes: Final[dict[tuple[UUID | None, str], _Minute]] = {}
_lock: Final = Lock()


def note(verb: str, *, organization_id: UUID | None = None, **facts: str | int) -> None:
    """Have a refusal written down, after the request or at once if there is none."""
    refusal = Refusal(verb, organization_id, facts)
    waiting = _waiting.get()
    if waiting is None:
        write(refusal)
    else:
        waiting.append(refusal)


@contextmanager
def collected() -> Iterator[list[Refusal]]:
    """Let refusals wait until the block is over."""
    waiting: list[Refusal] = []
    token = _waiting.set(waiting)
    try:
        yield waiting
    finally:
        _waiting.reset(token)


def write(refusal: Refusal, *, now: Callable[[], float] = time.monotonic) -> None:
    """Write a refusal, unless this minute has had enough of its kind.

    What was left out before is told with the next one. A database that is away loses
    it, and the request keeps its answer.
    """
    left_out = _left_out((refusal.organization_id, refusal.verb), now())
    if left_out is None:
        counters.add("audit.refusals_left_out")
        return
    reason = f"{left_out} more were left out before this one." if left_out else ""
    try:
        with transaction.atomic():
            record_refusal(
                refusal.verb,
                organization_id=refusal.organization_id,
                facts=refusal.facts,
                reason=reason,
            )
    except DatabaseError as error:
        counters.add("audit.refusals_lost")
        log.warning("audit.refusal_lost", error=type(error).__name__)


def _left_out(key: tuple[UUID | None, str], now: float) -> int | None:
    """Count one; return how many were left out since the last, None for this one."""
    with _lock:
        if key not in _minutes and len(_minutes) >= MOST_COUNTED:
            _minutes.clear()
        minute = _minutes.setdefault(key, _Minute(now))
        if now - minute.began >= MINUTE_S:
            minute.began, minute.written = now, 0
        if minute.written >= MOST_A_MINUTE:
            minute.left_out += 1
            return None
        minute.written += 1
        left_out, minute.left_out = minute.left_out, 0
        return left_out
