"""Buckets: nobody gets more than the limit, whoever keeps count."""

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from hypothesis import given, strategies as st

from common.cache import ForgivingRedisCache
from common.limits import counting
from common.limits.bucket import Budget, judge
from common.limits.counting import (
    PREFIX,
    ProcessBuckets,
    Spend,
    spend_in_database,
    spend_in_process,
    spend_in_redis,
)
from common.metrics.names import LIMITER_OPEN
from common.models import Bucket
from common.tasks import forget_buckets

NOON = "2026-11-23T12:00:00Z"
with_redis = pytest.mark.skipif(
    "REDIS_URL" not in os.environ, reason="REDIS_URL names no Redis."
)
everywhere = pytest.mark.parametrize(
    "spend",
    [
        spend_in_process,
        pytest.param(spend_in_redis, marks=with_redis),
        pytest.param(spend_in_database, marks=pytest.mark.django_db),
    ],
)


@everywhere
def test_a_window_holds_its_limit_and_no_more(spend: Spend) -> None:
    """And says how many are left, down to none."""
    # A bucket fills up slowly enough that no clock has to stand still.
    budget = Budget("a", limit=3, window_s=600)
    left = [spend([budget]) for _ in range(4)]
    assert [one.is_allowed for one in left] == [True, True, True, False]
    assert [one.left for one in left] == [2, 1, 0, 0]
    assert 190 < left[3].wait_s <= 200
    assert 590 < left[3].full_in_s <= 600


@everywhere
def test_buckets_are_apart(spend: Spend) -> None:
    """By their names."""
    one, other = (Budget(name, limit=1, window_s=60) for name in "ab")
    assert spend([one]).is_allowed
    assert spend([other]).is_allowed
    assert not spend([one]).is_allowed


@pytest.mark.parametrize(
    "spend", [spend_in_process, pytest.param(spend_in_redis, marks=with_redis)]
)
def test_refused_request_takes_from_no_bucket(spend: Spend) -> None:
    """A key that ran wild does not use up its organization's budget."""
    key, organization = Budget("key", 1, 600), Budget("organization", 3, 600)
    allowed = [spend([key, organization]).is_allowed for _ in range(5)]
    assert allowed == [True, False, False, False, False]
    assert spend([organization]).left == 1


@pytest.mark.parametrize(
    "spend",
    [spend_in_process, pytest.param(spend_in_database, marks=pytest.mark.django_db)],
)
def test_bucket_fills_up_evenly(spend: Spend) -> None:
    """After the time that was told one more may go, and not two."""
    budget = Budget("a", limit=6, window_s=60)
    with time_machine.travel(NOON, tick=False) as clock:
        while (spending := spend([budget])).is_allowed:
            pass
        clock.shift(spending.wait_s)
        assert spend([budget]).is_allowed
        assert not spend([budget]).is_allowed
        clock.shift(60)
        assert spend([budget]).left == 5


@given(
    limit=st.integers(1, 40),
    gaps=st.lists(st.floats(0, 30), min_size=1, max_size=120),
)
def test_no_window_lets_twice_the_limit_through(limit: int, gaps: list[float]) -> None:
    """Whenever requests come: a full bucket, and what flows into it meanwhile."""
    budget = Budget("a", limit, 60)
    now, full_at, times = 0.0, 0.0, []
    for gap in gaps:
        now += gap
        debt_s = max(0.0, full_at - now)
        if judge([budget], [debt_s]).is_allowed:
            full_at = now + debt_s + budget.step_s
            times.append(now)
    for start in times:
        within = [at for at in times if start <= at < start + 60]
        assert len(within) <= 2 * limit


@with_redis
def test_redis_needs_one_round_trip() -> None:
    """For three budgets as for one, and forgets them when they are full."""
    budgets = [Budget(name, 60, 60) for name in "abc"]
    spend_in_redis(budgets)
    client: Any = caches["default"]._cache.get_client(None)  # type: ignore[attr-defined] # Django's own
    asked = []
    for _each in range(20):
        before = client.info("stats")["total_commands_processed"]
        spend_in_redis(budgets)
        asked.append(client.info("stats")["total_commands_processed"] - before)
    # The question itself, this one, and what the script calls: TIME, three GET and SET.
    # Others ask the same server meanwhile, so the least counts.
    assert min(asked) <= 2 + 7
    assert 0 < client.pttl(f"{PREFIX}a") <= 21_001


def test_redis_away_leaves_each_process_to_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Open, but not without end; counted, and told once and not with each request."""
    away = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(counting, "caches", {"default": away})
    before = LIMITER_OPEN._value.get()
    budget = Budget("a", limit=2, window_s=60)
    allowed = [spend_in_redis([budget]).is_allowed for _ in range(3)]
    assert allowed == [True, True, False]
    assert LIMITER_OPEN._value.get() == before + 3


def test_process_forgets_those_who_are_full_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And everybody if that makes no room: there are too many to remember."""
    monkeypatch.setattr(counting, "MOST_BUCKETS", 3)
    buckets = ProcessBuckets()
    with time_machine.travel(NOON, tick=False) as clock:
        buckets.spend([Budget("old", 1, 1)])
        clock.shift(2)
        for name in "abc":
            buckets.spend([Budget(name, 1, 60)])
        assert set(buckets._full_at) == set()
        for name in "ab":
            buckets.spend([Budget(name, 1, 60)])
        assert not buckets.spend([Budget("a", 1, 60)]).is_allowed


@pytest.mark.django_db
def test_database_keeps_no_address_and_forgets() -> None:
    """Once a bucket is full it is nobody's any more."""
    with time_machine.travel(NOON, tick=False) as clock:
        spend_in_database([Budget("sign_in.address.203.0.113.7", 10, 60)])
        assert re.fullmatch("[0-9a-f]{64}", Bucket.objects.get().name)
        forget_buckets()
        assert Bucket.objects.count() == 1
        clock.shift(60)
        forget_buckets()
        assert Bucket.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "spend",
    [
        spend_in_process,
        pytest.param(spend_in_redis, marks=with_redis),
        spend_in_database,
    ],
)
def test_many_at_once_get_the_limit(spend: Callable[..., Any]) -> None:
    """Not one more: nothing comes between looking and taking."""
    budget = Budget("a", limit=10, window_s=6_000)

    def ask(_number: int) -> bool:
        try:
            return bool(spend([budget]).is_allowed)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(40))) == 10
