"""Who keeps count: a process for itself, Redis for all, the database for sign-ins."""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

from django.core.cache import caches
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from ..cache import ForgivingRedisCache
from ..metrics.names import LIMITER_OPEN
from ..models import Bucket
from .bucket import SLACK_S, Budget, Spending, judge

Spend = Callable[[Sequence[Budget]], Spending]

# Beyond this many callers a process forgets those whose buckets are full again, and if
# there are none, everybody. Ten thousand respondents at once are three buckets each.
MOST_BUCKETS: Final = 100_000
PREFIX: Final = "bonafide.limit."

# One round trip for all budgets of a request, and nothing can come in between. The
# clock is Redis's own: those of the machines that ask need not agree.
SCRIPT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local debts, room = {}, true
for i, key in ipairs(KEYS) do
  local step, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  debts[i] = math.max(0, tonumber(redis.call('GET', key) or 0) - now)
  room = room and debts[i] + step <= window + 10
end
if room then
  for i, key in ipairs(KEYS) do
    local debt = debts[i] + tonumber(ARGV[2 * i - 1])
    local full_at = string.format('%.0f', now + debt)
    redis.call('SET', key, full_at, 'PX', math.ceil(debt / 1000) + 1)
  end
end
return debts
"""
MICROSECONDS: Final = 1_000_000


class ProcessBuckets:
    """Buckets of this process alone: no round trip, and as many as there are processes.

    A batch of events is worth less than the millisecond that asking Redis takes.
    """

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}
        self._lock = Lock()

    def spend(self, budgets: Sequence[Budget]) -> Spending:
        """Take one from each budget, or from none."""
        now = time.time()
        with self._lock:
            debts = [max(0.0, self._full_at.get(b.name, 0.0) - now) for b in budgets]
            spending = judge(budgets, debts)
            if spending.is_allowed:
                for budget, debt_s in zip(budgets, debts, strict=True):
                    self._full_at[budget.name] = now + debt_s + budget.step_s
            if len(self._full_at) > MOST_BUCKETS:
                self._forget(now)
        return spending

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._full_at.clear()

    def _forget(self, now: float) -> None:
        kept = {name: at for name, at in self._full_at.items() if at > now}
        self._full_at = kept if len(kept) < MOST_BUCKETS else {}


process: Final = ProcessBuckets()


def spend_in_process(budgets: Sequence[Budget]) -> Spending:
    """Count in this process."""
    return process.spend(budgets)


def spend_in_redis(budgets: Sequence[Budget]) -> Spending:
    """Count in Redis; while it is away, each process counts for itself.

    So the API stays open, and still nobody gets more than so many times a budget as
    there are processes.
    """
    cache = caches["default"]
    if not isinstance(cache, ForgivingRedisCache):
        return process.spend(budgets)
    keys = [PREFIX + budget.name for budget in budgets]
    given = [
        value * MICROSECONDS
        for budget in budgets
        for value in (budget.step_s, budget.window_s)
    ]
    debts = cache.run(SCRIPT, keys, given)
    if debts is None:
        LIMITER_OPEN.inc()
        return process.spend(budgets)
    return judge(budgets, [debt / MICROSECONDS for debt in debts])


def spend_in_database(budgets: Sequence[Budget]) -> Spending:
    """Count in the database, one statement after the other and outside of everything.

    For attempts to get in: they stay counted while Redis is away, and while the
    database is away nobody gets in at all. What is kept is a digest, not an address.
    """
    now = time.time()
    spendings = [_spend_row(budget, now) for budget in budgets]
    return min(spendings, key=lambda one: (one.is_allowed, one.left))


def _spend_row(budget: Budget, now: float) -> Spending:
    name = salted_hmac(PREFIX, budget.name, algorithm="sha256").hexdigest()
    if _took_one(name, budget, now):
        return judge([budget], [max(0.0, _full_at(name) - now - budget.step_s)])
    first = {"full_at": now + budget.step_s}
    _row, is_new = Bucket.objects.get_or_create(name=name, defaults=first)
    # Not new: it has no room, or another request made it a moment ago.
    if is_new or _took_one(name, budget, now):
        return judge([budget], [max(0.0, _full_at(name) - now - budget.step_s)])
    return judge([budget], [_full_at(name) - now])


def _took_one(name: str, budget: Budget, now: float) -> bool:
    """Take one if there is room: the database checks and adds in one statement."""
    room_until = now + budget.window_s - budget.step_s + SLACK_S
    taken = Bucket.objects.filter(name=name, full_at__lte=room_until).update(
        full_at=Greatest(F("full_at"), now) + budget.step_s
    )
    return bool(taken)


def _full_at(name: str) -> float:
    return Bucket.objects.values_list("full_at", flat=True).get(name=name)


def forget_full_buckets() -> int:
    """Delete the database's buckets that are full again; return how many."""
    return Bucket.objects.filter(full_at__lt=time.time()).delete()[0]
