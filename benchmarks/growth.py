"""Measure whether a batch costs more the longer its session already is.

Sends 2,000 batches of 50 events to one session, through the engine alone and through
the whole intake on the embedded database, and fits a line to the time that each took.
A flat line has a slope whose interval holds zero; its ceiling is the mean cost of the
first hundred batches. Prints the size of the state as well.

The database grows meanwhile, which makes every write a little dearer. So each batch of
the long session is followed by the same batch to a session that was opened just then,
and the third line fits the difference between the two.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
BATCHES = 2_000
EVENTS = 50


def main() -> None:
    """Run both and print a table."""
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BONAFIDE_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.development"
        os.environ["LOG_LEVEL"] = "ERROR"
        import django  # noqa: PLC0415 - after the settings are chosen

        django.setup()
        print(f"{BATCHES} batches of {EVENTS} events to one session")
        print("            first 100   last 100    slope, µs per 1,000 batches (95 %)")
        report("engine", list(engine_run()))
        pairs = list(intake_run())
        report("intake", [long for long, _fresh in pairs])
        report("less new", [long - fresh for long, fresh in pairs])


def report(name: str, times: list[float]) -> None:
    """Print one line of the table, and the least-squares slope with its interval."""
    micros = [1e6 * t for t in times]
    fit = statistics.linear_regression(range(len(micros)), micros)
    line = [fit.intercept + fit.slope * i for i in range(len(micros))]
    spread = sum((y - yy) ** 2 for y, yy in zip(micros, line, strict=True))
    n = len(micros)
    error = (spread / (n - 2) / (n * (n * n - 1) / 12)) ** 0.5
    first, last = statistics.median(micros[:100]), statistics.median(micros[-100:])
    slope = f"{1_000 * fit.slope:+8.1f} ± {1_960 * error:.1f}"
    print(f"{name:8} {first:9.0f} µs {last:8.0f} µs   {slope}")


def make_batches() -> Iterator[bytes]:
    """Yield batches as a browser sends them: moves, presses, keys, scrolling."""
    import json  # noqa: PLC0415 - only here

    chance = random.Random(11)  # noqa: S311 - a repeatable load
    now, x, y = 0.0, 400.0, 300.0
    for _ in range(BATCHES):
        events = []
        for index in range(EVENTS):
            now += chance.uniform(8, 40)
            x += chance.gauss(0, 12)
            y += chance.gauss(0, 9)
            spot = {"t": round(now, 1), "x": round(x % 1280, 1), "y": round(y % 720, 1)}
            kind = ("mousemove", "mousemove", "scroll", "keydown", "keyup")[index % 5]
            if kind.startswith("key"):
                events.append(
                    {"type": kind, "t": spot["t"], "key": "letter", "k": index // 5}
                )
            else:
                events.append({"type": kind, **spot})
        yield json.dumps(events).encode()


def engine_run() -> Iterator[float]:
    """Yield the seconds of decoding, absorbing and judging each batch."""
    from detection.engine import SessionState, decode_events, judge  # noqa: PLC0415

    stored = SessionState.new().to_bytes()
    largest = 0
    for seq, raw in enumerate(make_batches()):
        start = time.perf_counter()
        state = SessionState.from_bytes(stored)
        state.absorb(seq, decode_events(raw).events)
        judge(state.features())
        stored = state.to_bytes()
        yield time.perf_counter() - start
        largest = max(largest, len(stored))
    print(f"largest state: {largest:,} bytes of at most 16,384")


def intake_run() -> Iterator[tuple[float, float]]:
    """Yield the seconds of storing and judging a batch: old session, new session."""
    from django.core.management import call_command  # noqa: PLC0415

    from accounts.facade import create_organization  # noqa: PLC0415
    from detection.engine import decode_events  # noqa: PLC0415
    from sessions_app.services.intake import Batch, record_batch  # noqa: PLC0415
    from sessions_app.services.opening import open_session  # noqa: PLC0415
    from sessions_app.services.surveys import create_survey  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    organization_id = create_organization(name="Benchmark").id
    survey = create_survey(organization_id=organization_id, name="Benchmark")

    def open_one() -> UUID:
        opened = open_session(organization_id=organization_id, survey_id=survey.id)
        return opened.session.id

    def record(session_id: UUID, seq: int, raw: bytes) -> float:
        start = time.perf_counter()
        batch = Batch(seq, decode_events(raw).events, (), None)
        record_batch(
            organization_id=organization_id, session_id=session_id, batch=batch
        )
        return time.perf_counter() - start

    old = open_one()
    for seq, raw in enumerate(make_batches()):
        new = open_one()
        yield record(old, seq, raw), record(new, 0, raw)


if __name__ == "__main__":
    main()
