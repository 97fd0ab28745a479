"""Periodic tasks of the embedded default."""

import time

import pytest
from celery import current_app

from common import timer as module
from common.timer import Timer


def test_timer_runs_tasks_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that fails ends neither the timer nor the others."""
    ran: list[str] = []

    class Task:
        def __init__(self, name: str) -> None:
            self.name = name

        def run(self) -> None:
            ran.append(self.name)
            if self.name == "bad":
                raise RuntimeError

    monkeypatch.setattr(module, "TICK_S", 0.01)
    for name in ("bad", "good"):
        monkeypatch.setitem(current_app.tasks, name, Task(name))
    timer = Timer(
        {
            n: {"task": n, "schedule": 0.02, "options": {"expires": 1}}
            for n in ("bad", "good")
        }
    )
    timer.start()
    end = time.monotonic() + 20
    while len(ran) < 6 and time.monotonic() < end:
        time.sleep(0.01)
    timer.stop()
    count = len(ran)
    assert {"bad", "good"} == set(ran)
    assert count >= 6
    time.sleep(0.1)
    assert len(ran) == count
