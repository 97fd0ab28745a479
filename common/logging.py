"""Structured logs: one event a moment, ids and no personal data.

Every line has `timestamp`, `level`, `logger` and `event`, and as far as they are known
`request_id`, `organization_id`, `task_id` and `task`. docs/operations.md lists them.
"""

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog
from structlog.typing import EventDict

from . import redaction
from .tenancy import scope

# First what every line has: people read from the left.
_ORDER: Final = (
    "timestamp",
    "level",
    "logger",
    "event",
    "request_id",
    "organization_id",
    "task_id",
    "task",
)
# Values that are what they look like; others could hold anything in their `repr`.
_PLAIN: Final = (str, int, float, bool, type(None))

_Say = Callable[[logging.LogRecord, str], dict[str, Any]]


def name_organization(logger: Any, method: str, event: EventDict) -> EventDict:
    """Say for whom the code works, when it is known and nobody said it before."""
    if organization := scope.current().organization:
        event.setdefault("organization_id", organization)
    return event


def tell_error(logger: Any, method: str, event: EventDict) -> EventDict:
    """Write an exception's traceback, without variables and values."""
    found = event.pop("exc_info", None)
    if found is True:
        # structlog's `exception` leaves it to whoever formats.
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = redaction.error_in_a_line(error)
        event["exception"] = redaction.traceback_text(error)
    return event


def in_our_words(logger: Any, method: str, event: EventDict) -> EventDict:
    """Say what another library logged, without what its sentence quotes."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None or event.get("_from_structlog"):
        return event
    say = next((s for name, s in _THEIRS.items() if record.name.startswith(name)), None)
    if say is None:
        event["event"] = redaction.without_values(str(event["event"]))
    else:
        event.update(say(record, str(event["event"])))
    return event


def _of_request(record: logging.LogRecord, _said: str) -> dict[str, Any]:
    """Name the route: an address can hold an invitation's token."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return {
        "event": "request.failed",
        "route": match.route if match else "",
        "status": getattr(record, "status_code", None),
    }


def _of_suspicion(record: logging.LogRecord, _said: str) -> dict[str, Any]:
    """Name the kind: its sentence quotes what was sent."""
    return {"event": "request.suspicious", "kind": record.name.rpartition(".")[2]}


def _of_task(record: logging.LogRecord, _said: str) -> dict[str, Any]:
    """Name the task: the sentence holds the error's text and the arguments."""
    found: Any = getattr(record, "data", None)
    told: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    failed = record.levelno >= logging.ERROR
    return {
        "event": "task.failed" if failed else "task.noted",
        "task": told.get("name"),
        "task_id": told.get("id"),
    }


def _of_server(_record: logging.LogRecord, said: str) -> dict[str, Any]:
    """Leave out what was asked for: addresses of people, and queries."""
    if said.startswith("Error handling request"):
        return {"event": "request.failed"}
    if said.startswith("Invalid request"):
        return {"event": "request.unreadable"}
    return {"event": redaction.without_values(said)}


# By the beginning of a logger's name.
_THEIRS: Final[Mapping[str, _Say]] = {
    "django.request": _of_request,
    "django.security": _of_suspicion,
    "celery.app.trace": _of_task,
    "gunicorn.error": _of_server,
}


def put_in_order(logger: Any, method: str, event: EventDict) -> EventDict:
    """Begin each line with the same names, and leave out what could be anything."""
    ordered = {name: event[name] for name in _ORDER if name in event}
    ordered.update((k, v) for k, v in event.items() if k not in ordered)
    return {name: _plain(value) for name, value in ordered.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return str(value)


_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    name_organization,
    tell_error,
]


def configure_structlog() -> None:
    """Send structlog's events through Django's own logging."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_settings(*, json: bool, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: lines of JSON for machines, or text for people.

    Gunicorn and Celery are given the same (`deploy/gunicorn.conf.py`,
    `config/celery.py`): whoever reads the logs reads one format.
    """
    last = (
        [structlog.processors.JSONRenderer(ensure_ascii=False)]
        if json
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*_SHARED, in_our_words],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    put_in_order,
                    *last,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # RequestLog tells the same once, with the route and without the query.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            # Statements, with the values in them.
            "django.db.backends": {"level": "INFO"},
            # It writes names and addresses of people; accounts.receivers does not.
            "axes": {"level": "CRITICAL"},
            # Each task tells what it did in words of its own.
            "celery.app.trace": {"level": "WARNING"},
            # It quotes addresses with their queries, and what receivers answer.
            "urllib3": {"level": "ERROR"},
            # Both bring handlers of their own.
            "gunicorn.error": {"handlers": [], "propagate": True},
            "celery.task": {"handlers": [], "propagate": True},
        },
    }
