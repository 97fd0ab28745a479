"""What is done again and again, and how often."""

from typing import Final

from common.schedule import Entry


def every(seconds: float, task: str) -> Entry:
    """Return an entry; a round that no worker took in time is not worth doing twice."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


TIMETABLE: Final[dict[str, Entry]] = {
    "send what the queue lost": every(15.0, "outbox.sweep"),
    "expire idle sessions": every(60.0, "sessions.expire_idle"),
    "seal the audit": every(60.0, "audit.seal"),
    "forget attempts to get in": every(3600.0, "limits.forget"),
    "forget kept answers": every(3600.0, "idempotency.forget"),
    "forget sessions": every(3600.0, "sessions.forget"),
    "forget what flags left": every(86_400.0, "flags.forget"),
    "count experiments": every(600.0, "experiments.refresh"),
    "keep partitions": every(3600.0, "partitions.keep"),
}
