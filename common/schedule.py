"""What runs again and again."""

from typing import TypedDict


class Options(TypedDict):
    """How a message is sent: `expires` is in seconds."""

    expires: float


class Entry(TypedDict):
    """One line of CELERY_BEAT_SCHEDULE: `schedule` is in seconds."""

    task: str
    schedule: float
    options: Options
