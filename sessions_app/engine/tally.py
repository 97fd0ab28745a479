"""What a finished session adds to the figures of its day.

Each figure has a name and a whole number, so that one table holds them all and adding
is all that ever happens to them: `sessions`, `events`, `batches`, `reason:CODE` (did it
fire), and `ms:BIN` (batches whose judging took about so long).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor, log2
from typing import Final

SESSIONS: Final = "sessions"
EVENTS: Final = "events"
BATCHES: Final = "batches"
COUNTED: Final = (SESSIONS, EVENTS, BATCHES)
REASON: Final = "reason:"
TIMING: Final = "ms:"

# Bins grow by 2^(1/4): a quantile is known within 19 %.
BINS_PER_OCTAVE: Final = 4
# From 4 microseconds to 17 minutes; what lies outside belongs to the last bin there.
LEAST_BIN: Final = -8 * BINS_PER_OCTAVE
MOST_BIN: Final = 20 * BINS_PER_OCTAVE


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished session, as far as figures go."""

    event_count: int
    batch_count: int
    # Codes of the detectors that fired in the end.
    reasons: Iterable[str]
    # How long each batch took to judge.
    times_ms: Iterable[float]


def figures_of(session: Finished) -> Mapping[str, int]:
    """Return what a session adds."""
    found = Counter(
        {SESSIONS: 1, EVENTS: session.event_count, BATCHES: session.batch_count}
    )
    found.update(REASON + code for code in set(session.reasons))
    found.update(f"{TIMING}{bin_of(time_ms)}" for time_ms in session.times_ms)
    return found


def bin_of(time_ms: float) -> int:
    """Return the bin of a time.

    Examples
    --------
    >>> bin_of(1.0), bin_of(2.0), bin_of(0.0)
    (0, 4, -32)
    """
    if time_ms <= 0:
        return LEAST_BIN
    return max(LEAST_BIN, min(MOST_BIN, floor(BINS_PER_OCTAVE * log2(time_ms))))


def quantile(bins: Mapping[int, int], share: float) -> float | None:
    """Return the time, in ms, that this share of batches stayed below.

    None when nothing was counted. Right within 19 %, the width of a bin; linear
    within it, on the logarithmic scale.

    Examples
    --------
    >>> quantile({0: 1, 4: 1}, 0.5) == 2**0.25
    True
    """
    rank = share * sum(bins.values())
    below = 0
    for number in sorted(bins):
        if bins[number] and below + bins[number] >= rank:
            place = number + (rank - below) / bins[number]
            return float(2.0 ** (place / BINS_PER_OCTAVE))
        below += bins[number]
    return None
