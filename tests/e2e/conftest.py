"""What every test in a browser needs."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles import handlers
from django.core.signals import request_finished, request_started

# A page that is closed still sends its last batch; longer than this it takes none.
QUIET_S = 0.3
PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def _quiet_server(transactional_db: None) -> Iterator[None]:
    """Let the last requests end before the tables are emptied under them.

    Browsers send on while they close. Emptying takes locks that such a request may
    hold in another order, and one of the two would fail.
    """
    running: set[int] = set()
    last = time.monotonic()

    def begin(**signal: Any) -> None:
        running.add(id(signal.get("environ")))
        note()

    def end(**_signal: Any) -> None:
        if running:
            running.pop()
        note()

    def note() -> None:
        nonlocal last
        last = time.monotonic()

    request_started.connect(begin, weak=False)
    request_finished.connect(end, weak=False)
    yield
    limit = time.monotonic() + PATIENCE_S
    while time.monotonic() < limit:
        if not running and time.monotonic() - last > QUIET_S:
            break
        time.sleep(0.02)
    request_started.disconnect(begin)
    request_finished.disconnect(end)


class _NoOwnFiles:
    """Stand in for Django's handler of static files in tests: WhiteNoise serves them.

    So they come with the headers that they have in production, which other origins
    need to load the probes.
    """

    def __new__(cls, application: Any) -> Any:
        """Return what would have been wrapped."""
        return application


handlers.StaticFilesHandler = _NoOwnFiles  # type: ignore[misc]
