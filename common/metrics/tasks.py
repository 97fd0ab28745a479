"""Tasks, as Celery's signals tell of them."""

import time
from typing import Any, Final

from celery.signals import (
    after_task_publish,
    task_failure,
    task_postrun,
    task_prerun,
    task_received,
    task_retry,
    task_success,
)

from .names import TASK_RUNTIME, TASKS

_started: Final[dict[str, float]] = {}


@after_task_publish.connect
def sent(sender: str, **_kwargs: Any) -> None:
    """Count what a process of ours left in the queue."""
    TASKS["sent"].labels(sender).inc()


@task_received.connect
def received(request: Any, **_kwargs: Any) -> None:
    """Count what a worker took; names that it does not know are not told."""
    TASKS["received"].labels(request.name).inc()


@task_prerun.connect
def started(task_id: str, task: Any, **_kwargs: Any) -> None:
    """Count a start."""
    TASKS["started"].labels(task.name).inc()
    _started[task_id] = time.perf_counter()


@task_postrun.connect
def ended(task_id: str, task: Any, **_kwargs: Any) -> None:
    """Note how long it ran, however it ended."""
    begun = _started.pop(task_id, None)
    if begun is not None:
        TASK_RUNTIME.labels(task.name).observe(time.perf_counter() - begun)


@task_success.connect
def succeeded(sender: Any, **_kwargs: Any) -> None:
    """Count a good end."""
    TASKS["succeeded"].labels(sender.name).inc()


@task_failure.connect
def failed(sender: Any, **_kwargs: Any) -> None:
    """Count a bad end; of a killed process the worker tells."""
    TASKS["failed"].labels(sender.name).inc()


@task_retry.connect
def retried(sender: Any, **_kwargs: Any) -> None:
    """Count what will be tried again."""
    TASKS["retried"].labels(sender.name).inc()
