"""What Prometheus reads of sessions: batches, verdicts, what fired."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from prometheus_client import Counter, Histogram

from common.metrics.names import REQUEST_BUCKETS

ACCEPTED: Final = "accepted"
REPEATED: Final = "repeated"
# What a batch came to, by the status that its sender saw.
REFUSED: Final = {
    400: "invalid",
    401: "unauthorized",
    403: "forbidden",
    404: "unknown_session",
    409: "conflict",
    413: "too_large",
    415: "invalid",
    429: "rate_limited",
    503: "unavailable",
}
OTHER: Final = "failed"
# Judging a batch takes about a millisecond, the longest session two seconds.
JUDGING_BUCKETS: Final = (
    *(0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2.5, 10),
)

BATCHES: Final = Counter(
    "bonafide_intake_batches", "Batches of events, by what became of them.", ["outcome"]
)
# From nought on: the first failure of a process would be none to `rate` otherwise.
for _outcome in (ACCEPTED, REPEATED, *REFUSED.values(), OTHER):
    BATCHES.labels(_outcome)
EVENTS: Final = Counter("bonafide_intake_events", "Events of accepted batches.")
SECONDS: Final = Histogram(
    "bonafide_intake_seconds",
    "Seconds from a batch's view to its answer.",
    buckets=REQUEST_BUCKETS,
)
VERDICTS: Final = Counter(
    "bonafide_verdicts", "Verdicts given, by kind.", ["verdict", "final"]
)
FIRED: Final = Counter(
    "bonafide_detector_fired", "Detectors that fired in final verdicts.", ["code"]
)
JUDGING: Final = Histogram(
    "bonafide_judging_seconds",
    "Seconds that judging took.",
    ["final"],
    buckets=JUDGING_BUCKETS,
)


def batch_answered(*, status: int, repeated: bool, seconds: float) -> None:
    """Count a batch by what its sender was told."""
    good = REPEATED if repeated else ACCEPTED
    outcome = good if status < 400 else REFUSED.get(status, OTHER)  # noqa: PLR2004 - HTTP's own border
    _of(BATCHES, outcome).inc()
    SECONDS.observe(seconds)


def batch_judged(*, events: int, verdict: str, took_ms: float) -> None:
    """Count what a stored batch brought, and what was said after it."""
    EVENTS.inc(events)
    _of(VERDICTS, verdict, "no").inc()
    _of(JUDGING, "no").observe(took_ms / 1000)


def session_judged(*, verdict: str, fired: Iterable[str], took_ms: float) -> None:
    """Count the last word on a session."""
    _of(VERDICTS, verdict, "yes").inc()
    _of(JUDGING, "yes").observe(took_ms / 1000)
    for code in fired:
        _of(FIRED, code).inc()


# Looking a series up takes as long as counting.
@cache
def _of(metric: Any, *labels: str) -> Any:
    return metric.labels(*labels)
