"""A Redis cache that is allowed to be away."""

import time
from typing import Any, Final

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# Django hands these to redis-py. A hung server then costs a request 0.4 s, once:
# after that it is left alone for a while.
_TIMEOUTS: Final = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}
LEFT_ALONE_S: Final = 5.0


class ForgivingRedisCache(RedisCache):
    """Answers as an empty cache would while Redis does not answer.

    django-ratelimit reads a missing value as "count unknown" and then follows
    RATELIMIT_FAIL_OPEN; an exception would have been an error 500.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**_TIMEOUTS, **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._closed_until = 0.0

    def _ask(self, name: str, away: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self._closed_until:
            return away
        try:
            return getattr(super(), name)(*args, **kwargs)
        except RedisError as error:
            self._closed_until = time.monotonic() + LEFT_ALONE_S
            log.warning("cache.away", error=type(error).__name__)
            return away

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store a new value; say whether it was stored."""
        return bool(self._ask("add", False, *args, **kwargs))  # noqa: FBT003 - as if it was there

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value, or the default."""
        return self._ask("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store a value, if there is somewhere to store it."""
        self._ask("set", None, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count up.

        Raises
        ------
        ValueError
            There is no such count, or nobody to ask.
        """
        count = self._ask("incr", None, key, delta, version)
        if count is None:
            msg = "The count is not known."
            raise ValueError(msg)
        return int(count)
