"""A Redis that is away is an empty cache, quickly."""

import time

import pytest
from django.core.cache.backends.redis import RedisCache

from common.cache import ForgivingRedisCache


@pytest.fixture
def away() -> ForgivingRedisCache:
    """Return a cache whose server is not there."""
    return ForgivingRedisCache("redis://127.0.0.1:1/0", {})


def test_missing_server_is_an_empty_cache(away: ForgivingRedisCache) -> None:
    """Reading gives the default, writing nothing, a script no answer."""
    assert away.get("a", "default") == "default"
    assert away.add("a", 1) is False
    away.set("a", 1)
    assert away.run("return 1", [], []) is None


def test_missing_server_is_left_alone_for_a_while(
    away: ForgivingRedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the first request pays for finding out."""
    away.get("a")
    assert away._closed_until > time.monotonic()
    monkeypatch.setattr(RedisCache, "get", lambda *_a, **_k: "found")
    assert away.get("a") is None
    away._closed_until = 0.0
    assert away.get("a") == "found"
