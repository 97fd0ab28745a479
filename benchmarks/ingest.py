"""Measure the intake beside what others would build, on PostgreSQL and gunicorn.

    python -m benchmarks.ingest [--rounds 20] [--seconds 2] [--browsers 16] [--keep]

Four servers take the same batches of 50 events, in turns (A B C D, D C B A, …):

  serializers  a bare DRF view that validates with serializers and stores in one INSERT
  msgspec      a bare DRF view that decodes with msgspec and stores in one INSERT
  bonafide     the product with everything: keys, limits, order, storing, judging
  no walls     the same without row-level security, which no setting of the product
               allows: its role sees all rows, and nobody says whose are wanted

The first is what most teams build, the second the ceiling of a Django view that does
nothing else. Load, server and database share this machine's processors, so rates are
low; what counts is the ratio. Needs PostgreSQL and Redis, which it starts and stops
itself. `--keep` puts the tables into docs/performance.md.
"""

import argparse
import os
import secrets
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from common.encryption.keys import new_field_key
from tests.services.postgres import APP_ROLE, DURABLE, Postgres
from tests.services.redis import Redis

from .browsing.ending import end_in_order
from .browsing.pairs import Interval, ratio_of
from .browsing.tables import keep, table
from .serving.batches import EVENTS, batches
from .serving.load import Served, Visit, load, request
from .serving.processor import spent_s
from .serving.product import PRODUCT, Product
from .serving.server import Serving, serving

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "performance.md"
# A visit of a minute and a half, sent every five seconds.
BATCHES: Final = 20
WORKERS: Final = 2
GOAL: Final = 1.3
STRETCH: Final = 2.0

RIVALS: Final = ("serializers", "msgspec")
WITHOUT: Final = "no walls"
SERVERS: Final = (*RIVALS, "bonafide", WITHOUT)
# Row-level security may cost a tenth of the requests.
WALLS_GOAL: Final = 0.9
# More requests a second than this are not expected of any of them.
MOST_RATE: Final = 2_000

# A path and a token.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Round:
    """How one server did in one round."""

    served: Served
    # Processor time of server, database and Redis, in ms a request.
    cost_ms: float


Rounds = Mapping[str, Sequence[Round]]


def main() -> None:
    """Measure, and print or keep the tables."""
    chosen = arguments()
    end_in_order()
    with Postgres(settings=DURABLE) as postgres, Redis() as redis:
        environment = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "SECRET_KEY": secrets.token_hex(32),
            "KEY_PEPPER": secrets.token_hex(32),
            "FIELD_KEYS": new_field_key(),
            "SECURE_SSL_REDIRECT": "false",
            "LOG_LEVEL": "WARNING",
            # This process, which fills the database, and whoever has no walls.
            "DATABASE_LOGIN": "owner",
        }
        os.environ.update(environment)
        product = Product.set_up()
        helpers = [server.pid for server in (postgres, redis) if server.pid]
        rounds = measure(product, helpers, chosen, postgres.url)
        text = "\n\n".join([*report(rounds, chosen), product.stored()])
    print(text)
    if chosen.keep:
        keep(DOCUMENT, "ingest", text)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.ingest",
        description=str(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=20, metavar="N")
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S")
    parser.add_argument("--browsers", type=int, default=16, metavar="N")
    parser.add_argument("--keep", action="store_true", help=f"rewrite {DOCUMENT.name}")
    return parser.parse_args()


def measure(
    product: Product, helpers: Sequence[int], chosen: argparse.Namespace, url: str
) -> Rounds:
    """Load each server in each round, forth and back, for a moment each.

    All of them are up meanwhile: who waits takes nothing, and what else happens on the
    machine within a round happens to each of them.
    """
    rounds: dict[str, list[Round]] = {name: [] for name in SERVERS}
    with ExitStack() as stack:
        up = {
            name: stack.enter_context(serving(settings_of(name, url), WORKERS))
            for name in SERVERS
        }
        for name, server in up.items():
            one_round(name, server, product, helpers, chosen)
        for number in range(chosen.rounds):
            print(f"round {number + 1} of {chosen.rounds}", file=sys.stderr)
            for name in SERVERS[:: 1 if number % 2 == 0 else -1]:
                found = one_round(name, up[name], product, helpers, chosen)
                rounds[name].append(found)
    return rounds


def one_round(
    name: str,
    server: Serving,
    product: Product,
    helpers: Sequence[int],
    chosen: argparse.Namespace,
) -> Round:
    """Load one server for a moment."""
    # Sessions are opened beforehand: that is not what is measured.
    count = int(MOST_RATE * chosen.seconds / BATCHES) + chosen.browsers
    places = [place_of(name, product) for _ in range(count)]
    visits = visits_of(places, batches(BATCHES), server.port)
    before = spent_s(server.pid, *helpers)
    served = load(server.port, visits, browsers=chosen.browsers, seconds=chosen.seconds)
    cost_s = spent_s(server.pid, *helpers) - before
    return Round(served, 1e3 * cost_s / served.requests)


def settings_of(name: str, url: str) -> Mapping[str, str]:
    """Return which settings a server runs with, and as whom it logs in."""
    if name == "bonafide":
        return {
            "DJANGO_SETTINGS_MODULE": PRODUCT,
            "DATABASE_URL": url.replace("//bonafide@", f"//{APP_ROLE}@"),
            "DATABASE_LOGIN": "app",
        }
    module = "settings" if name in RIVALS else "without_walls"
    return {"DJANGO_SETTINGS_MODULE": f"benchmarks.serving.{module}"}


def place_of(name: str, product: Product) -> Place:
    """Return where a new session's batches go, and its token."""
    if name in RIVALS:
        return f"/{name}/{uuid4()}/data", ""
    session_id, token = product.open_session()
    return f"/api/v1/sessions/{session_id}/data", token


def visits_of(
    places: Sequence[Place], bodies: Sequence[bytes], port: int
) -> Iterator[Visit]:
    """Yield the visits of these sessions, all with the same batches."""
    for path, token in places:
        yield Visit([request(port, path, body, token) for body in bodies])


def report(rounds: Rounds, chosen: argparse.Namespace) -> list[str]:
    """Return the tables and the goals, each a paragraph."""
    about = (
        f"{WORKERS} workers, {chosen.browsers} browsers, {EVENTS} events a batch, "
        f"{chosen.rounds} rounds of {chosen.seconds:g} s:"
    )
    return [about, table(rows(rounds)), goals(rounds)]


def rows(rounds: Rounds) -> list[list[str]]:
    """Return how each server did, over the rounds."""
    head = ["server", "requests/s", "events/s", "p50, ms", "p99, ms"]
    found = [[*head, "of serializers", "processor, ms", "of serializers"]]
    for name in SERVERS:
        runs = [one.served for one in rounds[name]]
        rate = statistics.median(one.rate for one in runs)
        latencies = (
            statistics.median(one.percentile(share) for one in runs)
            for share in (0.5, 0.99)
        )
        cost_ms = statistics.median(one.cost_ms for one in rounds[name])
        found.append(
            [
                *(name, f"{rate:,.0f}", f"{EVENTS * rate:,.0f}"),
                *(f"{latency:.1f}" for latency in latencies),
                times(ratio(rounds, name, "serializers")),
                f"{cost_ms:.2f}",
                times(cost_ratio(rounds, name, "serializers")),
            ]
        )
    return found


def goals(rounds: Rounds) -> str:
    """Return a line for the goal, and one for the ceiling."""
    found = ratio(rounds, "bonafide", "serializers")
    ceiling = times(ratio(rounds, "bonafide", "msgspec"))
    word = "met" if found.value >= GOAL else "MISSED"
    goal = f"{GOAL:g} times the view with serializers (stretch: {STRETCH:g})"
    cost = times(cost_ratio(rounds, "bonafide", WITHOUT))
    walls = ratio(rounds, "bonafide", WITHOUT)
    held = "met" if walls.value >= WALLS_GOAL else "MISSED"
    return (
        f"- {word}: at least {goal}: {times(found)}.\n"
        f"- Of the view that only decodes and stores: {ceiling}.\n"
        f"- {held}: at least {WALLS_GOAL:g} times as many as without row-level"
        f" security: {times(walls)}, at {cost} times its processor time."
    )


def ratio(rounds: Rounds, one: str, other: str) -> Interval:
    """Return how many times as many requests one server takes as another."""
    return ratio_of(*([at.served.rate for at in rounds[name]] for name in (one, other)))


def cost_ratio(rounds: Rounds, one: str, other: str) -> Interval:
    """Return how many times the processor time one server takes as another."""
    return ratio_of(*([at.cost_ms for at in rounds[name]] for name in (one, other)))


def times(found: Interval) -> str:
    """Write a ratio with its interval."""
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"


if __name__ == "__main__":
    main()
