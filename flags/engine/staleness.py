"""Whether a flag still does something, or stays in the code for nothing."""

from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from .definitions import Flag

State = Literal[
    "archived", "expired", "launched", "inactive", "permanent", "new", "active"
]
STALE: Final = frozenset({"expired", "launched", "inactive"})

# As the best of the field have them (research/flags F5: PostHog and Harness for the
# month without a question, Unleash for the fortnight).
LAUNCHED_AFTER: Final = timedelta(days=14)
INACTIVE_AFTER: Final = timedelta(days=30)
NEW_FOR: Final = timedelta(days=7)


class Life(Struct, frozen=True):
    """What is known of a flag beside its definition.

    Without `expected_until` it is there to stay.
    """

    created_at: datetime
    changed_at: datetime
    expected_until: datetime | None = None
    last_asked_at: datetime | None = None
    is_archived: bool = False
    has_overrides: bool = False


def state_of(flag: Flag, life: Life, now: datetime) -> State:
    """Return where a flag stands in its life; the first that applies."""
    if life.is_archived:
        return "archived"
    is_passing = life.expected_until is not None
    if life.expected_until is not None and life.expected_until < now:
        return "expired"
    is_settled = serves_everybody_the_same(flag) and not life.has_overrides
    if is_passing and is_settled and now - life.changed_at >= LAUNCHED_AFTER:
        return "launched"
    if now - (life.last_asked_at or life.created_at) >= INACTIVE_AFTER:
        return "inactive"
    if not is_passing:
        return "permanent"
    return "new" if now - life.created_at < NEW_FOR else "active"


def serves_everybody_the_same(flag: Flag) -> bool:
    """Say whether nothing about a person or a moment makes a difference any more."""
    if not flag.enabled:
        return True
    if flag.windows or flag.prerequisites or flag.rules:
        return False
    if flag.release is None:
        return True
    rollout = flag.release.rollout
    is_whole = rollout.progression is None and rollout.percent in {0, 100}
    return is_whole and isinstance(flag.release.serve, str)
