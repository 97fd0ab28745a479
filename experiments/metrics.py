"""What Prometheus reads of experiments: answers, events, and what counting takes."""

from typing import Final

from prometheus_client import Counter, Histogram

SHOWN: Final = Counter(
    "bonafide_experiment_shown", "Answers to which variant a unit sees.", ["why"]
)
EVENTS: Final = Counter(
    "bonafide_experiment_events", "Events of units in experiments.", ["origin"]
)
# From nought on: the first of a process would be none to `rate` otherwise.
for _origin in ("tracked", "automatic"):
    EVENTS.labels(_origin)
REFRESHING: Final = Histogram(
    "bonafide_experiment_refresh_seconds",
    "Seconds to bring an experiment's numbers up to date.",
    buckets=(0.05, 0.25, 1, 5, 20, 60, 300),
)


def count_shown(why: str) -> None:
    """Count an answer."""
    SHOWN.labels(why).inc()


def count_events(origin: str, number: int) -> None:
    """Count events, tracked or automatic."""
    EVENTS.labels(origin).inc(number)
