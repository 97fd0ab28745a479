"""A Redis that is away is an empty cache, quickly."""

import time

import pytest
from django.core.cache.backends.redis import RedisCache
from django_ratelimit.core import get_usage

from common.cache import ForgivingRedisCache


@pytest.fixture
def away() -> ForgivingRedisCache:
    """Return a cache whose server is not there."""
    return ForgivingRedisCache("redis://127.0.0.1:1/0", {})


def test_missing_server_is_an_empty_cache(away: ForgivingRedisCache) -> None:
    """Reading gives the default, writing nothing, counting the error it documents."""
    assert away.get("a", "default") == "default"
    assert away.add("a", 1) is False
    away.set("a", 1)
    with pytest.raises(ValueError, match="not known"):
        away.incr("a")


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


def test_rate_limits_stay_open_without_a_counter(
    away: ForgivingRedisCache, monkeypatch: pytest.MonkeyPatch, rf: object
) -> None:
    """An honest answer that is lost costs more than one request too many."""
    monkeypatch.setattr("django_ratelimit.core.caches", {"default": away})
    usage = get_usage(
        rf.get("/"),  # type: ignore[attr-defined] # pytest-django's request factory
        group="g",
        key=lambda *_args: "k",
        rate="1/m",
        increment=True,
    )
    assert usage is None
