"""How often which variant was served: counted in the process, written in batches."""

import time
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from typing import Final
from uuid import UUID

import structlog
from django.db import Error as DatabaseFailure
from prometheus_client import Counter

from common.metrics import names  # noqa: F401 - how all of them are shown

from ..registry import declared

log = structlog.get_logger(__name__)

EVERY_S: Final = 10.0
# What is kept while the database is away; above it counts are dropped, not memory.
MOST_KEPT: Final = 20_000

EVALUATIONS: Final = Counter(
    "bonafide_flag_evaluations",
    "Evaluations, by flag and variant.",
    ["flag", "variant"],
)
DROPPED: Final = Counter(
    "bonafide_flag_evaluations_dropped",
    "Counts of evaluations that were not written, because the database was away.",
)

# Whose, which flag, which variant.
Served = tuple[UUID, str, str]
Write = Callable[[dict[Served, int]], None]


def _labels(served: Served) -> tuple[str, str]:
    """Return what a metric calls a flag: those that code declares are few."""
    _owner, flag, variant = served
    return (flag, variant) if flag in declared() else ("(stored)", "")


class Usage:
    """Counts of one process. Counting takes no lock: `next` is one step of Python's."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._counts: defaultdict[Served, count[int]] = defaultdict(count)
        self._unwritten: dict[Served, int] = {}
        self._next = time.monotonic() + EVERY_S

    def add(self, served: Served) -> None:
        """Count one evaluation."""
        next(self._counts[served])

    def forget(self) -> None:
        """Drop what was counted."""
        self._counts, self._unwritten = defaultdict(count), {}

    def flush_if_due(self) -> None:
        """Write what was counted, every ten seconds."""
        if time.monotonic() >= self._next:
            self.flush()

    def flush(self) -> None:
        """Write what was counted; what cannot be written is kept for the next time."""
        self._next = time.monotonic() + EVERY_S
        counted, self._counts = self._counts, defaultdict(count)
        for served, counter in counted.items():
            number = next(counter)
            EVALUATIONS.labels(*_labels(served)).inc(number)
            self._unwritten[served] = self._unwritten.get(served, 0) + number
        if not self._unwritten:
            return
        try:
            self._write(self._unwritten)
            self._unwritten = {}
        except DatabaseFailure as error:
            log.warning("flags.usage_not_written", error=type(error).__name__)
            if len(self._unwritten) > MOST_KEPT:
                DROPPED.inc(sum(self._unwritten.values()))
                self._unwritten = {}
