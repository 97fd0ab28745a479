"""Where flags come from, nearest first, and how long one that is away is left alone."""

import time
from collections.abc import Mapping
from random import Random
from typing import Final
from uuid import UUID

import structlog
from django.db import Error as DatabaseFailure
from redis.exceptions import RedisError

from common import counters

from . import database
from .content import Content, UnusableError, decode, encode
from .shelf import Shelf

log = structlog.get_logger(__name__)

# What was announced and got lost is found by then (research/flags F3).
BACKSTOP_S: Final = 30.0
# Without Redis the database is asked instead, less often.
WITHOUT_REDIS_S: Final = 5.0
# On the embedded default it is a file in the same machine.
WITHOUT_ANY_REDIS_S: Final = 0.9
LEFT_ALONE_S: Final = 5.0
# How often a process looks at all.
EVERY_S: Final = 1.0
DAMAGED: Final = "flags.damaged_content"

counters.know(DAMAGED, "Contents in Redis that were damaged, and read anew.")


class AwayError(Exception):
    """No source answered."""


class Sources:
    """Redis, if there is one, and the database behind it."""

    def __init__(self, redis_url: str) -> None:
        self._shelf = Shelf(redis_url) if redis_url else None
        self._redis_away_until = 0.0
        # None: at the first opportunity, unless Redis knows enough to begin with.
        self._database_next: float | None = None
        self._is_database_well = False
        # So that processes which start together do not ask together; no secret.
        self._random = Random()  # noqa: S311 # nosec B311

    def changed_since(self, version: int) -> Mapping[UUID, int]:
        """Return the owners that changed after a version, or shortly before it.

        Raises
        ------
        AwayError
            Nobody answered.
        """
        found: dict[UUID, int] = {}
        heard = self._asked_redis(found, version)
        if self._database_next is None and found:
            # A database that hangs must not keep a new process from what Redis has.
            wait = self._random.uniform(EVERY_S, BACKSTOP_S)
            self._database_next = time.monotonic() + wait
        if time.monotonic() >= (self._database_next or 0.0):
            heard = self._asked_database(found, version, wait_s=self._wait_s(heard))
        if not heard and not (self._shelf is None and self._is_database_well):
            raise AwayError
        return found

    def _asked_redis(self, found: dict[UUID, int], version: int) -> bool:
        """Add what Redis knows; say whether it answered."""
        shelf = self._reachable()
        if shelf is None:
            return False
        try:
            found.update(shelf.changed_since(version))
        except RedisError as error:
            self._leave_alone(error)
            return False
        return True

    def _asked_database(
        self, found: dict[UUID, int], version: int, *, wait_s: float
    ) -> bool:
        """Add what the database knows; announce again what Redis did not know."""
        wait_s *= self._random.uniform(0.9, 1.1)
        self._database_next = time.monotonic() + wait_s
        try:
            known = database.changed_since(version)
        except DatabaseFailure as error:
            log.warning("flags.database_away", error=type(error).__name__)
            # Sooner, if somebody asked for it meanwhile.
            soon = time.monotonic() + WITHOUT_REDIS_S
            self._database_next = min(self._database_next, soon)
            self._is_database_well = False
            return False
        self._is_database_well = True
        shelf = self._reachable()
        if shelf is not None:
            try:
                for owner, each in known.items():
                    if each > max(version, found.get(owner, 0)):
                        shelf.announce(owner, each)
            except RedisError as error:
                self._leave_alone(error)
        found.update(known)
        return True

    def content_of(self, owner: UUID, version: int) -> Content:
        """Return what an owner has at a version, or later.

        Raises
        ------
        django.db.Error
            Redis does not have it, and the database does not answer.
        """
        kept = self._kept(owner, version)
        if kept is not None:
            return kept
        content = database.content_of(owner)
        self.keep(owner, content)
        return content

    def keep(self, owner: UUID, content: Content, *, announce: bool = False) -> None:
        """Leave content for the other processes; without Redis they read it anew."""
        shelf = self._reachable()
        if shelf is None:
            return
        try:
            shelf.put(owner, content.version, encode(content))
            if announce:
                shelf.announce(owner, content.version)
        except RedisError as error:
            self._leave_alone(error)

    @property
    def has_redis(self) -> bool:
        """Say whether there is a Redis, reachable or not."""
        return self._shelf is not None

    def look_at_database(self) -> None:
        """Ask the database at the next opportunity, as at the start."""
        self._database_next = 0.0

    def close(self) -> None:
        """Let go of the connections to Redis."""
        if self._shelf is not None:
            self._shelf.close()

    def _kept(self, owner: UUID, version: int) -> Content | None:
        shelf = self._reachable()
        if shelf is None:
            return None
        try:
            found = shelf.get(owner, version)
            return None if found is None else decode(found)
        except RedisError as error:
            self._leave_alone(error)
        except UnusableError:
            counters.add(DAMAGED)
            log.warning("flags.damaged_content", owner=str(owner))
        return None

    def _wait_s(self, redis_answered: bool) -> float:  # noqa: FBT001 - what it depends on
        if self._shelf is None:
            return WITHOUT_ANY_REDIS_S
        return BACKSTOP_S if redis_answered else WITHOUT_REDIS_S

    def _reachable(self) -> Shelf | None:
        return None if time.monotonic() < self._redis_away_until else self._shelf

    def _leave_alone(self, error: RedisError) -> None:
        now = time.monotonic()
        self._redis_away_until = now + LEFT_ALONE_S
        # What it would have told is asked of the database from now on.
        soon = now + WITHOUT_REDIS_S
        if self._database_next is not None:
            self._database_next = min(self._database_next, soon)
        log.warning("flags.redis_away", error=type(error).__name__)
