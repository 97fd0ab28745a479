"""What Redis knows: which owner changed when, and contents ready to be read."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from redis import Redis

# Far more than a look-up takes (0.2 ms); a Redis that hangs is not waited for.
TIMEOUT_S: Final = 0.03
# Hooks after a commit run in any order: a version may be announced after a later one.
# Versions are moments in milliseconds, so this is a minute.
OUT_OF_ORDER: Final = 60_000
# Long enough for a weekend of deployments; who finds none reads the database.
KEPT_S: Final = 7 * 86_400

_VERSIONS: Final = "bonafide:flags:1:versions"


class Shelf:
    """Redis as it holds flags. Every method raises RedisError when it is away."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry_on_timeout=False,
        )

    def changed_since(self, version: int) -> Mapping[UUID, int]:
        """Return the owners that changed after a version, or shortly before it."""
        found: Any = self._redis.zrangebyscore(
            _VERSIONS, f"({version - OUT_OF_ORDER}", "+inf", withscores=True
        )
        return {UUID(name.decode()): int(score) for name, score in found}

    def get(self, owner: UUID, version: int) -> bytes | None:
        """Return an owner's content at a version, None if nobody left it here."""
        found: Any = self._redis.getex(_name(owner, version), ex=KEPT_S)
        return found if isinstance(found, bytes) else None

    def put(self, owner: UUID, version: int, content: bytes) -> None:
        """Leave an owner's content here for the others."""
        self._redis.set(_name(owner, version), content, ex=KEPT_S)

    def announce(self, owner: UUID, version: int) -> None:
        """Say that an owner changed; what is known to be newer stays."""
        self._redis.zadd(_VERSIONS, {str(owner): version}, gt=True)

    def close(self) -> None:
        """Let go of the connections, which a forked child must not share."""
        self._redis.close()


def _name(owner: UUID, version: int) -> str:
    return f"bonafide:flags:1:{owner}:{version}"
