"""When a delivery is tried again, and when its endpoint is left alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# Standard Webhooks 1.0.0, "Deliverability and reliability": each wait follows the
# attempt before it; 75 hours in all.
WAITS: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS: Final = len(WAITS)
# Up to a tenth more, so that what failed together does not come back together; never
# less, so that the schedule is what the documents say, or a little later.
JITTER: Final = 0.1

# Envoy's outlier detection by default: five failures in a row put a host aside for
# 30 s, each further time for 30 s more, up to 300 s.
OPENS_AFTER: Final = 5
OPEN_FOR: Final = timedelta(seconds=30)
OPEN_AT_MOST: Final = timedelta(seconds=300)
# Longer than any outage over a weekend; the schedule above has ended by then.
GIVEN_UP_AFTER: Final = timedelta(days=5)
# A receiver that asks for more is tried again in an hour: it may have meant
# milliseconds. Up to here it is obeyed, for all that goes to it.
MOST_HELD: Final = timedelta(hours=1)
# As many at once as a receiver gets that answers; one that does not gets one.
AT_ONCE: Final = 4


def next_attempt_after(
    attempts: int, *, now: datetime, chance: float, asked: timedelta | None = None
) -> datetime | None:
    """Return when to try again after so many attempts; None when that was the last.

    `chance` lies between 0 and 1; `asked` is what the receiver asked to wait.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    wait = WAITS[attempts] * (1 + JITTER * chance)
    return now + max(wait, min(asked or timedelta(0), MOST_HELD))


@dataclass(frozen=True, slots=True)
class Breaker:
    """How an endpoint has fared: it is left alone while it only fails."""

    failures: int = 0
    times_opened: int = 0
    open_until: datetime | None = None
    failing_since: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Say whether the endpoint is left alone."""
        return self.open_until is not None and now < self.open_until

    @property
    def at_once(self) -> int:
        """Return how many may be under way; after a failure one tries for all."""
        return 1 if self.failures else AT_ONCE

    def after_success(self) -> "Breaker":
        """Return a closed breaker."""
        return Breaker()

    def after_failure(self, *, now: datetime, asked: timedelta | None) -> "Breaker":
        """Return the breaker with one more failure, open if these were enough."""
        failures = self.failures + 1
        times, pause = self.times_opened, timedelta(0)
        # What was under way when it opened is no further reason.
        if failures >= OPENS_AFTER and not self.is_open(now):
            times += 1
            pause = min(OPEN_FOR * times, OPEN_AT_MOST)
        pause = max(pause, min(asked or timedelta(0), MOST_HELD))
        ends = [self.open_until] if self.open_until and self.is_open(now) else []
        ends += [now + pause] if pause else []
        return Breaker(
            failures=failures,
            times_opened=times,
            open_until=max(ends, default=None),
            failing_since=self.failing_since or now,
        )

    def is_hopeless(self, now: datetime) -> bool:
        """Say whether nothing has arrived for days on end."""
        since = self.failing_since
        return since is not None and now - since >= GIVEN_UP_AFTER
