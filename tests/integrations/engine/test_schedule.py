"""When it is tried again, and when an endpoint is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.engine.schedule import (
    AT_ONCE,
    MOST_ATTEMPTS,
    OPENS_AFTER,
    WAITS,
    Breaker,
    next_attempt_after,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


FRESH = Breaker()


def failed(times: int, breaker: Breaker = FRESH, now: datetime = NOW) -> Breaker:
    """Return a breaker after failures in a row, each after the pause before it."""
    for _ in range(times):
        now = max(now, breaker.open_until or now)
        breaker = breaker.after_failure(now=now, asked=None)
    return breaker


def test_schedule_is_the_specifications() -> None:
    """Ten attempts within little more than three days."""
    minutes = [wait.total_seconds() / 60 for wait in WAITS[2:]]
    assert WAITS[:2] == (timedelta(0), timedelta(seconds=5))
    assert minutes == [5, 30, 120, 300, 600, 840, 1200, 1440]


@pytest.mark.parametrize("attempts", range(1, MOST_ATTEMPTS))
@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_wait_is_the_schedules_or_a_little_longer(attempts: int, chance: float) -> None:
    """Never shorter."""
    at = next_attempt_after(attempts, now=NOW, chance=chance)
    assert at is not None
    assert WAITS[attempts] <= at - NOW <= WAITS[attempts] * 1.1


def test_after_the_last_attempt_there_is_none() -> None:
    """Whatever the receiver asks for."""
    asked = timedelta(seconds=1)
    assert next_attempt_after(10, now=NOW, chance=0, asked=asked) is None


@pytest.mark.parametrize(
    ("asked", "waits"), [(1, 5), (60, 60), (3_600, 3_600), (10**6, 3_600)]
)
def test_receivers_wish_is_heard_within_bounds(asked: int, waits: int) -> None:
    """It makes a wait longer, up to an hour, and never shorter."""
    at = next_attempt_after(1, now=NOW, chance=0, asked=timedelta(seconds=asked))
    assert at == NOW + timedelta(seconds=waits)


def test_breaker_opens_at_the_fifth_failure_in_a_row() -> None:
    """For longer each time, up to five minutes."""
    assert not failed(OPENS_AFTER - 1).is_open(NOW)
    pauses = []
    for more in range(12):
        breaker = failed(OPENS_AFTER + more - 1)
        now = max(NOW, breaker.open_until or NOW)
        opened = breaker.after_failure(now=now, asked=None)
        assert opened.open_until is not None
        pauses.append((opened.open_until - now).total_seconds())
    assert pauses == [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300]


def test_one_success_closes_it() -> None:
    """As if nothing had been."""
    assert failed(20).after_success() == Breaker()


def test_after_a_failure_one_tries_for_all() -> None:
    """Half open, too: that is the probe."""
    assert Breaker().at_once == AT_ONCE
    assert failed(1).at_once == 1
    assert failed(9).at_once == 1


def test_what_was_under_way_when_it_opened_does_not_open_it_further() -> None:
    """Four that failed together are one outage."""
    opened = failed(OPENS_AFTER)
    again = opened.after_failure(now=NOW, asked=None)
    assert (again.times_opened, again.open_until) == (1, opened.open_until)


def test_receivers_wish_holds_the_whole_endpoint() -> None:
    """Too many requests are too many for all messages."""
    held = Breaker().after_failure(now=NOW, asked=timedelta(minutes=2))
    assert held.is_open(NOW + timedelta(seconds=119))
    assert not held.is_open(NOW + timedelta(seconds=120))
    assert held.times_opened == 0
    assert held.after_failure(now=NOW, asked=None).open_until == held.open_until


def test_five_days_without_success_are_hopeless() -> None:
    """Counted from the first failure, not from the last success."""
    failing = failed(1)
    assert not failing.is_hopeless(NOW + timedelta(days=4, hours=23))
    assert failed(3, failing).is_hopeless(NOW + timedelta(days=5))
    assert not failing.after_success().is_hopeless(NOW + timedelta(days=9))
