"""Every automation tool that anyone can install answers the demo, and is found."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest

from detection.facade import Verdict
from portal.services import ensure_demo
from sessions_app.models import Session

from .drivers.driver import Driver
from .drivers.registry import DRIVERS
from .outcome import Outcome, outcome_of
from .table import PROPERTY, Row

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ROOT: Final = Path(__file__).parents[2]

# The slowest answers in half a minute on two busy cores.
PATIENCE_S: Final = 90.0
LOOK_EACH_S: Final = 0.1
LEAVE_S: Final = 10.0

FOUND: Final = {"bot", "suspicious"}
# From here on enough was seen that nobody automated may pass for a person.
ENOUGH_CLICKS: Final = 5
ENOUGH_KEYS: Final = 12


@contextmanager
def running(driver: Driver, address: str, log: Path) -> Iterator[Callable[[], None]]:
    """Run a driver in a process of its own; give a look whether it still runs."""
    command = [sys.executable, "-m", "tests.e2e.drivers", driver.name, address]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process,
    ):

        def look() -> None:
            if process.poll() is not None:
                pytest.fail(f"{driver.name} ended too early:\n{log.read_text()}")

        try:
            yield look
        finally:
            leave(process)


def leave(process: subprocess.Popen[bytes]) -> None:
    """Let a driver close its browser; what does not go is sent away."""
    assert process.stdin
    process.stdin.close()
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(subprocess.TimeoutExpired):
            process.wait(LEAVE_S)
        if process.poll() is not None:
            break
        os.killpg(process.pid, number)


def wait_for_end(look: Callable[[], None]) -> Session:
    """Return the visit when its last word has been said.

    Whoever leaves the first page before its session is open gets another one on the
    second page: the first stays behind, empty.
    """
    limit = time.monotonic() + PATIENCE_S
    while time.monotonic() < limit:
        if found := Session.objects.filter(is_final=True).first():
            return found
        look()
        time.sleep(LOOK_EACH_S)
    pytest.fail(
        f"No final verdict: {Session.objects.values_list('status', 'is_final')}"
    )


def spoken(verdict: Verdict) -> str:
    """Return what spoke for either side, a line for each reading that weighs."""
    return "\n".join(
        f"{reading.weight:+.1f} {reading.code} {dict(reading.evidence)}"
        for reading in verdict.readings
        if reading.weight
    )


def answer(driver: Driver, address: str, folder: Path) -> Outcome:
    """Let a driver answer the demo, and return what was thought of it."""
    ensure_demo(address)
    with running(driver, address, folder / "log") as look:
        return outcome_of(wait_for_end(look))


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.name)
def test_driver_is_found(
    driver: Driver,
    live_server: Any,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """With all families, and without what browser and request say of themselves."""
    outcome = answer(driver, live_server.url, tmp_path)
    row = Row.of("drivers", f"{driver.name} {driver.version}".strip(), outcome)
    record_property(PROPERTY, row.properties())
    assert outcome.everything.kind in FOUND, spoken(outcome.everything)
    if outcome.clicks >= ENOUGH_CLICKS or outcome.keys >= ENOUGH_KEYS:
        assert outcome.behaviour.kind != "human", spoken(outcome.behaviour)
