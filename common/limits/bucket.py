"""A bucket that holds a minute's worth and fills up evenly.

Nobody gets two minutes' worth at once, as around the turn of a minute where requests
are counted by the minute, and the time to wait is known exactly. All that has to be
remembered of a bucket is when it will be full again (the generic cell rate algorithm
of ITU-T I.371).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Times are seconds of the epoch in floats, which are exact to a quarter of a
# microsecond there.
SLACK_S: Final = 1e-5


@dataclass(frozen=True, slots=True)
class Budget:
    """So many requests within a window, for whoever is named."""

    name: str
    limit: int
    window_s: float

    @property
    def step_s(self) -> float:
        """Return the time in which the bucket gets one more."""
        return self.window_s / self.limit

    def has_room(self, debt_s: float) -> bool:
        """Say whether one more may go from a bucket that is full in so many seconds."""
        return debt_s + self.step_s <= self.window_s + SLACK_S

    def left(self, debt_s: float) -> int:
        """Return how many more may go at once."""
        return max(0, int((self.window_s - debt_s + SLACK_S) / self.step_s))


@dataclass(frozen=True, slots=True)
class Spending:
    """The answer to one request: may it go on, and what the tightest budget says."""

    is_allowed: bool
    limit: int
    window_s: float
    left: int
    full_in_s: float
    wait_s: float


def judge(budgets: Sequence[Budget], debts_s: Sequence[float]) -> Spending:
    """Return what becomes of a request that is one of each of these budgets.

    `debts_s` are the seconds until each bucket is full, before this request. It is
    taken from all of them or, if one has no room, from none.

    Examples
    --------
    >>> key = Budget("key", limit=6, window_s=60)
    >>> judge([key], [0.0]).left, judge([key], [50.0]).left
    (5, 0)
    >>> judge([key], [55.0]).wait_s
    5.0
    """
    pairs = list(zip(budgets, debts_s, strict=True))
    full = [(b, d) for b, d in pairs if not b.has_room(d)]
    if full:
        budget, debt_s = max(full, key=lambda pair: pair[1] + pair[0].step_s)
        wait_s = debt_s + budget.step_s - budget.window_s
        return Spending(
            is_allowed=False,
            limit=budget.limit,
            window_s=budget.window_s,
            left=0,
            full_in_s=debt_s,
            wait_s=wait_s,
        )
    budget, debt_s = min(pairs, key=lambda pair: pair[0].left(pair[1] + pair[0].step_s))
    debt_s += budget.step_s
    return Spending(
        is_allowed=True,
        limit=budget.limit,
        window_s=budget.window_s,
        left=budget.left(debt_s),
        full_in_s=debt_s,
        wait_s=0.0,
    )
