"""Periodic tasks without Celery's beat: a thread of the embedded default."""

import threading
import time
from collections.abc import Mapping
from typing import Final

import structlog
from celery import current_app
from django.db import close_old_connections, connections

from .schedule import Entry

log = structlog.get_logger(__name__)

TICK_S: Final = 1.0


class Timer:
    """Runs each task of a schedule in this process, one after the other."""

    def __init__(self, schedule: Mapping[str, Entry]) -> None:
        self._schedule = schedule
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timer", daemon=True)

    def start(self) -> None:
        """Begin; the first round comes after each task's own interval."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the task that runs now."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        due = {n: time.monotonic() + e["schedule"] for n, e in self._schedule.items()}
        while not self._stop.wait(TICK_S):
            for name, entry in self._schedule.items():
                if time.monotonic() >= due[name]:
                    due[name] = time.monotonic() + entry["schedule"]
                    self._run_task(entry["task"])
        connections.close_all()

    def _run_task(self, task: str) -> None:
        close_old_connections()
        try:
            current_app.tasks[task].run()
        except Exception:
            # The edge of a task: one bad round must not end the timer, nor the others.
            log.exception("timer.task_failed", task=task)
        finally:
            close_old_connections()
