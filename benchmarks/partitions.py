"""Measure what parts cost the intake, and what making and dropping them takes.

Stores batches through the intake's own service (session, events, result, in one
transaction), into plain tables and into 10, 53 and 261 parts, each kind in a schema of
its own. Each round does the same in every kind, in an order that is drawn anew, so that
what else the machine does falls on all alike. The table shows the median, and the
median of the differences to the plain tables in the same round, with its 95 % interval
(bootstrap). Then a batch is looked up by its session and by its id alone, and parts are
made, filled from the default part, and dropped.

    python -m tests.services --with postgres -- python -m benchmarks.partitions
"""

import copy
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
TABLES = ("sessions_app_behaviordata", "detection_detectionresult")
# Plain tables; as many parts as there are at first; weeks of a year, and of five.
KINDS = (0, 10, 53, 261)
EVENTS = 50
WARM_UP = 100
ROUNDS = 1_500
RESAMPLES = 1_000
MOVED = 20_000
CHANCE = random.Random(11)  # noqa: S311 - a repeatable load


def main() -> None:
    """Set up, measure, print."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    os.environ["LOG_LEVEL"] = "ERROR"
    import django  # noqa: PLC0415 - after the settings are chosen

    django.setup()
    worlds = {kind: make_world(kind) for kind in KINDS}
    report("storing and judging a batch", paired(worlds, store))
    report("reading a session's batches", paired(worlds, read))
    report("finding a batch by its id alone", paired(worlds, find))
    come_and_go(worlds[10])


class World:
    """One schema: whose its sessions are, and what was stored there last."""

    def __init__(self, kind: int, organization_id: UUID, survey: Any) -> None:
        """Take what the schema holds."""
        self.kind = kind
        self.organization_id = organization_id
        self.survey = survey
        self.seq = 0
        self.session_id = self.opened()
        self.last_id = UUID(int=0)

    def opened(self) -> UUID:
        """Open a session."""
        from sessions_app.services.opening import open_session  # noqa: PLC0415

        opened = open_session(
            organization_id=self.organization_id, survey_id=self.survey.id
        )
        return opened.session.id


def make_world(kind: int) -> World:
    """Make a schema with as many parts, or none."""
    from django.apps import apps  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from accounts.facade import create_organization  # noqa: PLC0415
    from common.partitions import bounds, catalog, changes  # noqa: PLC0415
    from sessions_app.services.surveys import create_survey  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS kind_{kind} CASCADE")
        cursor.execute(f"CREATE SCHEMA kind_{kind}")
    with schema(kind):
        call_command("migrate", verbosity=0)
        if not kind:
            migration = import_module("sessions_app.migrations.0005_time_partitions")
            with connection.schema_editor() as editor:
                migration.join(apps, editor)
        for table in TABLES if kind else ():
            parts = catalog.parts_of(table)
            start = min(parts.bounds).start if parts else UUID(int=0)
            width = timedelta(days=7)
            for number in range(1, kind - len(parts.bounds) + 1 if parts else 0):
                moment = bounds.moment_of(start) - number * width
                changes.create(
                    table, key="session_id", span=bounds.span_of(moment, days=7)
                )
        organization_id = create_organization(name="Benchmark").id
        survey = create_survey(organization_id=organization_id, name="Benchmark")
        return World(kind, organization_id, survey)


@contextmanager
def schema(kind: int) -> Iterator[None]:
    """Work in the tables of one kind."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO kind_{kind}")
    yield


def paired(
    worlds: dict[int, World], act: Callable[[World], float]
) -> dict[int, list[float]]:
    """Return the microseconds of each round, for each kind."""
    times: dict[int, list[float]] = {kind: [] for kind in worlds}
    for number in range(WARM_UP + ROUNDS):
        for kind in CHANCE.sample(list(worlds), len(worlds)):
            with schema(kind):
                micros = 1e6 * act(worlds[kind])
            if number >= WARM_UP:
                times[kind].append(micros)
    return times


def store(world: World) -> float:
    """Store a batch; every twentieth goes to a new session."""
    from detection.engine import decode_events  # noqa: PLC0415
    from sessions_app.services.intake import Batch, record_batch  # noqa: PLC0415

    if world.seq == 20:
        world.session_id, world.seq = world.opened(), 0
    batch = Batch(world.seq, decode_events(moves(world.seq)).events, (), None)
    start = time.perf_counter()
    record_batch(
        organization_id=world.organization_id, session_id=world.session_id, batch=batch
    )
    elapsed = time.perf_counter() - start
    world.seq += 1
    return elapsed


def moves(seq: int) -> bytes:
    """Return a batch of pointer moves, the same for all kinds."""
    import json  # noqa: PLC0415 - only here

    chance = random.Random(seq)  # noqa: S311 - a repeatable load
    return json.dumps(
        [
            {
                "type": "mousemove",
                "t": 1000 * seq + 16 * i,
                "x": round(chance.uniform(0, 1280), 1),
                "y": round(chance.uniform(0, 720), 1),
            }
            for i in range(EVENTS)
        ]
    ).encode()


def read(world: World) -> float:
    """Read the batches of a session, without their events."""
    from sessions_app import selectors  # noqa: PLC0415

    start = time.perf_counter()
    found = list(
        selectors.batches(
            organization_id=world.organization_id, session_id=world.session_id
        )
    )
    elapsed = time.perf_counter() - start
    world.last_id = found[-1].id
    return elapsed


def find(world: World) -> float:
    """Find one batch as the admin's page does."""
    from sessions_app.models import BehaviorData  # noqa: PLC0415

    start = time.perf_counter()
    BehaviorData.objects.get(pk=world.last_id)
    return time.perf_counter() - start


def report(title: str, times: dict[int, list[float]]) -> None:
    """Print a table: one line a kind."""
    print(f"\n{title}, µs, {ROUNDS:,} rounds")
    print("  parts     median      p99    more than plain (95 %)")
    for kind, micros in times.items():
        ranked = sorted(micros)
        line = f"  {kind or 'plain':>5} {statistics.median(ranked):10.0f}"
        line += f" {ranked[int(0.99 * len(ranked))]:8.0f}"
        if kind:
            more = [a - b for a, b in zip(micros, times[0], strict=True)]
            low, high = interval(more)
            line += f"    {statistics.median(more):+6.0f}  [{low:+.0f}, {high:+.0f}]"
        print(line)


def interval(values: list[float]) -> tuple[float, float]:
    """Return the 95 % interval of a median."""
    medians = sorted(
        statistics.median(CHANCE.choices(values, k=len(values)))
        for _ in range(RESAMPLES)
    )
    return medians[int(0.025 * RESAMPLES)], medians[int(0.975 * RESAMPLES)]


def come_and_go(world: World) -> None:
    """Measure making a part, empty and with rows of the default part, and dropping."""
    from common.partitions import bounds, catalog, changes  # noqa: PLC0415

    day = timedelta(days=1)
    now = bounds.moment_of(world.session_id)
    table = TABLES[0]
    with schema(world.kind):
        for title, rows, moment in (
            ("empty", 0, now + 400 * day),
            (f"with {MOVED:,} batches", MOVED, now + 800 * day),
        ):
            span = bounds.span_of(moment, days=7)
            fill(world, span.start, rows)
            start = time.perf_counter()
            made = changes.create(table, key="session_id", span=span)
            elapsed_ms = 1e3 * (time.perf_counter() - start)
            print(f"\na part is made, {title}: {elapsed_ms:.0f} ms")
            parts = catalog.parts_of(table)
            if made is None or parts is None:
                raise SystemExit(title)
            (part,) = [one for one, bound in parts.spans if bound == span]
            start = time.perf_counter()
            changes.drop(table, part)
            print(f"it is dropped: {1e3 * (time.perf_counter() - start):.0f} ms")


def fill(world: World, session_id: UUID, rows: int) -> None:
    """Put copies of a batch into the default part, all of one session."""
    from common.ids import new_id  # noqa: PLC0415
    from sessions_app.models import BehaviorData, Session  # noqa: PLC0415

    Session.objects.create(
        id=session_id, organization_id=world.organization_id, survey=world.survey
    )
    row = BehaviorData.objects.filter(session_id=world.session_id)[0]
    row.session_id = session_id
    copies = []
    for seq in range(rows):
        copied = copy.copy(row)
        copied.id, copied.seq = new_id(), seq
        copies.append(copied)
    BehaviorData.objects.bulk_create(copies, batch_size=1_000)


if __name__ == "__main__":
    main()
