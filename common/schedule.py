"""What runs again and again."""

from typing import TypedDict


class Entry(TypedDict):
    """One line of CELERY_BEAT_SCHEDULE: `schedule` is in seconds."""

    task: str
    schedule: float
