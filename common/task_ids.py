"""Which task logs, and which request caused it: in each line that a task writes.

The request's id travels in the message's headers. What the sweep sends again has lost
it: the outbox keeps no ids of requests.
"""

from contextvars import Token
from typing import Any, Final

import structlog
from celery import Task
from celery.signals import before_task_publish, task_postrun, task_prerun

from . import request_ids

# As it is called in a message, beside Celery's own headers.
HEADER: Final = "request_id"
# By task id, for those that run now: one a thread.
_bound: Final[dict[str, dict[str, Token[Any]]]] = {}


@before_task_publish.connect
def carry(headers: dict[str, Any] | None = None, **_kwargs: Any) -> None:
    """Write the id of the request that is being answered into a message."""
    found = request_ids.current()
    if found and headers is not None:
        headers.setdefault(HEADER, found)


@task_prerun.connect
def begin(task_id: str, task: Task[..., Any], **_kwargs: Any) -> None:
    """Name the task in what is logged from now on."""
    names = {"task_id": task_id, "task": task.name}
    sent = task.request.get(HEADER) or (task.request.headers or {}).get(HEADER)
    caused_by = sent or request_ids.current()
    if caused_by:
        names[HEADER] = caused_by
    _bound[task_id] = dict(structlog.contextvars.bind_contextvars(**names))


@task_postrun.connect
def end(task_id: str, **_kwargs: Any) -> None:
    """Leave the names as they were: a task may run within a request."""
    if tokens := _bound.pop(task_id, None):
        structlog.contextvars.reset_contextvars(**tokens)
