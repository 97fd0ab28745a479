"""What every app counts; `sessions_app.metrics` has what is about sessions.

Labels are few and known beforehand: a route, never an address; no organization.
"""

from typing import Any, Final

from django_prometheus.middleware import Metrics
from prometheus_client import Counter, Histogram, disable_created_metrics

# A second line a series that says when it began: twice the page, and nobody reads it.
disable_created_metrics()  # type: ignore[no-untyped-call] # it has none

# A batch is answered in two milliseconds, a report within a second, and gunicorn ends
# whatever takes thirty.
REQUEST_BUCKETS: Final = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
# From a nudge to the hard limit (CELERY_TASK_TIME_LIMIT).
TASK_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300)


class OfRequests(Metrics):  # type: ignore[misc] # it has no types
    """Two of django-prometheus's own metrics, by its names: its dashboards show them.

    All of them took 0.16 ms a request with several processes, a tenth of a batch.
    """

    KEPT: Final = (
        "django_http_responses_total_by_status_view_method",
        "django_http_requests_latency_seconds_by_view_method",
    )

    def register_metric(
        self,
        metric_cls: Any,
        name: str,
        documentation: str,
        labelnames: Any = (),
        **options: Any,
    ) -> Any:
        """Make those that are kept."""
        if name not in self.KEPT:
            return None
        if "buckets" in options:
            options["buckets"] = REQUEST_BUCKETS
        return super().register_metric(
            metric_cls, name, documentation, labelnames, **options
        )


of_requests: Final = OfRequests.get_instance()

RATE_LIMITED: Final = Counter(
    "bonafide_rate_limited",
    "Requests that a limit refused, by group of limits.",
    ["group"],
)
LIMITER_OPEN: Final = Counter(
    "bonafide_limiter_open",
    "Requests that each process counted for itself, because Redis was away.",
)

# Names as celery-exporter has them: its dashboards and alerts fit.
TASKS: Final = {
    what: Counter(f"celery_task_{what}", f"Tasks {what}, by name.", ["name"])
    for what in ("sent", "received", "started", "succeeded", "failed", "retried")
}
TASK_RUNTIME: Final = Histogram(
    "celery_task_runtime",
    "Seconds that tasks ran.",
    ["name"],
    buckets=TASK_BUCKETS,
)
