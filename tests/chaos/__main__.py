"""Kill processes of a whole installation at random under load, and count.

    python -m tests.chaos --kills 200 [--seed 7] [--visitors 6]

Starts PostgreSQL, Redis, gunicorn, a worker and the timetable on ports of their own.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .counting import Count, Receiver, count, drain
from .installation import Installation
from .visitors import Crowd, Ledger

# Long enough for what was killed to serve again, mostly.
BETWEEN_S: Final = (0.2, 2.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: what was killed, what was promised, and what is there."""

    kills: dict[str, int]
    ledger: Ledger
    found: Count
    heard: int
    is_drained: bool
    seconds: float


def run(folder: Path, *, kills: int, seed: int, visitors: int = 6) -> Outcome:
    """Break an installation under load, heal it, count."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable accident
    began = time.monotonic()
    with Receiver() as receiver, Installation(folder, receiver.url) as here:
        with Crowd(here.port, here.planted, size=visitors) as crowd:
            time.sleep(BETWEEN_S[1])
            for number in range(kills):
                here.mend()
                kind = here.kill_one(chance)
                print(f"\r{number + 1} of {kills}: {kind:15}", end="", file=sys.stderr)
                time.sleep(chance.uniform(*BETWEEN_S))
            here.wait_until_it_serves()
            crowd.leave()
        print("\rhealed; waiting for what is left", file=sys.stderr)
        is_drained = drain(here)
        found = count(here, crowd.ledger)
        return Outcome(
            here.kills,
            crowd.ledger,
            found,
            len(receiver.heard),
            is_drained,
            time.monotonic() - began,
        )


def main() -> int:
    """Run as the command line says; return 1 if anything was lost or came twice."""
    parser = argparse.ArgumentParser("python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    parser.add_argument("--visitors", type=int, default=6, metavar="N")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done = run(
            Path(folder),
            kills=chosen.kills,
            seed=chosen.seed,
            visitors=chosen.visitors,
        )
    ledger, found = done.ledger, done.found
    print(f"killed: {sum(done.kills.values())} ({done.kills}) in {done.seconds:.0f} s")
    print(f"requests: {ledger.requests}, of them repeats: {ledger.repeats}")
    print(f"sessions: {len(ledger.opened)} acknowledged, {found.sessions} stored")
    print(f"batches: {len(ledger.batches)} acknowledged, {found.batches} stored")
    print(f"completed: {len(ledger.completed)}; final verdicts: {found.finals}")
    print(f"webhook messages: {found.messages}; heard: {done.heard}")
    for line in found.wrong[:20]:
        print(f"WRONG: {line}")
    if not done.is_drained:
        print("WRONG: work is left")
    return 1 if found.wrong or not done.is_drained else 0


if __name__ == "__main__":
    sys.exit(main())
