"""A Redis cache that is allowed to be away."""

import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, Final

import structlog
from django.core.cache.backends.redis import RedisCache
from redis import Redis
from redis.commands.core import Script
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# Django hands these to redis-py. A hung server then costs a request 0.4 s, once:
# after that it is left alone for a while.
_TIMEOUTS: Final = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}
LEFT_ALONE_S: Final = 5.0


class ForgivingRedisCache(RedisCache):
    """Answers as an empty cache would while Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**_TIMEOUTS, **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._closed_until = 0.0

    def _ask(self, question: Callable[[], Any], away: Any) -> Any:
        if time.monotonic() < self._closed_until:
            return away
        try:
            return question()
        except RedisError as error:
            self._closed_until = time.monotonic() + LEFT_ALONE_S
            log.warning("cache.away", error=type(error).__name__)
            return away

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store a new value; say whether it was stored."""
        return bool(self._ask(partial(super().add, *args, **kwargs), away=False))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value, or the default."""
        return self._ask(partial(super().get, key, default, version), away=default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store a value, if there is somewhere to store it."""
        self._ask(partial(super().set, *args, **kwargs), away=None)

    def run(
        self, script: str, keys: Sequence[str], values: Sequence[float]
    ) -> list[int] | None:
        """Run a script at the server; None if there is nobody to ask."""

        def ask() -> Any:
            client = self._cache.get_client(None, write=True)
            return _script(script)(keys=keys, args=values, client=client)

        answer: list[int] | None = self._ask(ask, away=None)
        return answer


@cache
def _script(text: str) -> Script:
    """Return a script that is sent once, and by its digest from then on."""
    return Script(Redis(), text)
