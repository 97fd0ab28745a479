"""What became of a session: its final verdict, and what behaviour alone says."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from detection.engine.types import TECHNICAL_FAMILIES, Family
from detection.facade import Verdict, judge
from sessions_app.models import Session
from sessions_app.services.remembering import state_of

PATIENCE_S: Final = 60.0
LOOK_EACH_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """One session, judged twice on the same events.

    `behaviour` is the verdict with the families of device and network switched off.
    """

    everything: Verdict
    behaviour: Verdict
    clicks: int
    keys: int

    def codes(self, verdict: Verdict) -> list[str]:
        """Return what fired, the heaviest first."""
        return [reading.code for reading in verdict.reasons]


def final_session() -> Session:
    """Return the only session, when its last word has been said.

    Raises
    ------
    AssertionError
        It did not come within a minute, or there are several sessions.
    """
    limit = time.monotonic() + PATIENCE_S
    while time.monotonic() < limit:
        found = list(Session.objects.all()[:2])
        if len(found) == 1 and found[0].is_final:
            return found[0]
        time.sleep(LOOK_EACH_S)
    message = f"No final verdict: {Session.objects.values_list('status', 'is_final')}"
    raise AssertionError(message)


def outcome_of(session: Session, *, off: Collection[Family] = ()) -> Outcome:
    """Judge a session's stored state again, with all families and without some."""
    features = state_of(session).features()
    return Outcome(
        everything=judge(features, off=off),
        behaviour=judge(features, off=TECHNICAL_FAMILIES),
        clicks=features.totals.click.clicks,
        keys=features.totals.keyboard.characters,
    )
