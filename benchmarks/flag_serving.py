"""Measure how flags are served: to other processes, and to OpenFeature's clients.

    python -m benchmarks.flag_serving [--changes N] [--processes N] [--seconds S]
        [--keep]

Processes of their own ask for a flag all the time while it is changed; a change counts
from its commit until the last of them has heard of it. Then gunicorn answers questions
of OpenFeature's protocol, about one flag and about fifty, in turns. While a process is
warm, an evaluation asks neither the database nor Redis: the statements and commands of
ten thousand evaluations are counted. Needs PostgreSQL and Redis, which it starts and
stops itself. `--keep` puts the figures into docs/flags.md.
"""

import argparse
import os
import secrets
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from common.encryption.keys import new_field_key
from tests.chaos.listening import Listener
from tests.services.postgres import Postgres
from tests.services.redis import Redis

from .browsing.ending import end_in_order
from .browsing.tables import keep, table
from .serving.load import Served, Visit, load, request
from .serving.product import PRODUCT, Product
from .serving.server import serving

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "flags.md"
FLAGS: Final = 50
WORKERS: Final = 2
BROWSERS: Final = 16
ROUNDS: Final = 6
EVALUATIONS: Final = 10_000
GOAL_S: Final = 1.5
CHANGED: Final = "benchmark-changed"


class Here:
    """What a listener has to know of an installation."""

    environment: dict[str, str]


def main() -> None:
    """Measure, and print or keep the figures."""
    chosen = arguments()
    end_in_order()
    with (
        Postgres() as postgres,
        Redis() as redis,
        TemporaryDirectory() as folder,
    ):
        os.environ.update(
            {
                "DATABASE_URL": postgres.url,
                "REDIS_URL": redis.url,
                "SECRET_KEY": secrets.token_hex(32),
                "KEY_PEPPER": secrets.token_hex(32),
                "FIELD_KEYS": new_field_key(),
                "SECURE_SSL_REDIRECT": "false",
                "RATELIMIT_ENABLE": "false",
                "LOG_LEVEL": "ERROR",
                "DATABASE_LOGIN": "owner",
                "FLAGS_FOLDER": folder,
            }
        )
        product = Product.set_up()
        delays = changes(chosen)
        served = questions(product, chosen.seconds)
        statements, commands = asked(redis.url, product.organization_id)
    text = report(delays, served, statements, commands, chosen.processes)
    print(text)
    if chosen.keep:
        keep(DOCUMENT, "serving", text)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.flag_serving",
        description=str(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--changes", type=int, default=20, metavar="N")
    parser.add_argument("--processes", type=int, default=4, metavar="N")
    parser.add_argument("--seconds", type=float, default=5.0, metavar="S")
    parser.add_argument("--keep", action="store_true", help=f"rewrite {DOCUMENT.name}")
    return parser.parse_args()


def changes(chosen: argparse.Namespace) -> list[float]:
    """Return for each change how long the last process took to hear of it, seconds."""
    from flags.engine import Flag  # noqa: PLC0415 - after `set_up`
    from flags.services.flags import put_flag  # noqa: PLC0415

    here: Any = Here()
    here.environment = dict(os.environ)
    folder = Path(os.environ["FLAGS_FOLDER"])

    def put(variant: str) -> None:
        flag = Flag(name=CHANGED, default=variant, off="off")
        put_flag(organization_id=None, flag=flag)

    delays = []
    put("on")
    with ExitStack() as stack:
        processes = [
            stack.enter_context(Listener(here, CHANGED, folder))
            for _ in range(chosen.processes)
        ]
        for number in range(chosen.changes + 1):
            wanted = number % 2 == 0
            put("on" if wanted else "off")
            began = time.monotonic()
            heard = [one.hears(_says(value=wanted), 30) for one in processes]
            if not all(heard):
                sys.exit("A process never heard of a change.")
            # The first is the processes' own start.
            if number:
                delays.append(time.monotonic() - began)
            time.sleep(0.37)
    return delays


def _says(*, value: bool) -> Any:
    return lambda word: word[1] is value


def questions(product: Product, seconds: float) -> dict[str, list[Served]]:
    """Return how fast questions about one flag and about fifty are answered."""
    from accounts.facade import create_key  # noqa: PLC0415 - after `set_up`
    from flags.services.flags import create_flag  # noqa: PLC0415

    who: dict[str, Any] = {"organization_id": product.organization_id}
    rule = {
        "id": "country",
        "serve": "on",
        "constraints": [
            {"attribute": "country", "operator": "IN", "values": ["NO", "SE"]}
        ],
    }
    for number in range(FLAGS):
        definition = {"default": "off", "off": "off", "rules": [rule]}
        create_flag(**who, name=f"flag-{number}", definition=definition)
    _key, text = create_key(kind="secret", **who)
    body = b'{"context":{"targetingKey":"ada","country":"NO"}}'
    paths = {"one flag": "/ofrep/v1/evaluate/flags/flag-7", "fifty flags": ALL}
    found: dict[str, list[Served]] = {name: [] for name in paths}
    settings = {"DJANGO_SETTINGS_MODULE": PRODUCT, "ALLOWED_HOSTS": "127.0.0.1"}
    with serving(settings, WORKERS) as server:
        for number in range(-1, ROUNDS):
            for name in list(paths)[:: 1 if number % 2 else -1]:
                sent = request(server.port, paths[name], body, text)
                visits = [Visit([sent] * 100)] * 400
                done = load(
                    server.port, iter(visits), browsers=BROWSERS, seconds=seconds
                )
                if number >= 0:
                    found[name].append(done)
    return found


ALL: Final = "/ofrep/v1/evaluate/flags"


def asked(redis_url: str, organization_id: UUID) -> tuple[int, int]:
    """Return statements and Redis' commands of ten thousand warm evaluations."""
    from django.db import connection  # noqa: PLC0415 - after `set_up`
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415
    from redis import Redis as Client  # noqa: PLC0415

    from flags.facade import evaluate  # noqa: PLC0415
    from flags.serving.process import loader  # noqa: PLC0415

    about: dict[str, Any] = {"organization_id": organization_id, "country": "NO"}
    evaluate("flag-1", **about)
    # The version check of each second is the thread's, and no evaluation's.
    loader.stop()
    loader._thread = sys  # type: ignore[assignment] # noqa: SLF001 - nobody starts it anew
    client: Any = Client.from_url(redis_url)
    before = client.info("stats")["total_commands_processed"]
    with CaptureQueriesContext(connection) as captured:
        for number in range(EVALUATIONS):
            evaluate(f"flag-{number % FLAGS}", **about)
    after = client.info("stats")["total_commands_processed"]
    return len(captured), after - before - 1


def report(
    delays: Sequence[float],
    served: dict[str, list[Served]],
    statements: int,
    commands: int,
    processes: int,
) -> str:
    """Return the figures, and whether the goal is met."""
    rates = {n: statistics.median(s.rate for s in each) for n, each in served.items()}
    rows = [["", "requests a second", "median, ms", "of a hundred the 99th, ms"]]
    for name, each in served.items():
        half = statistics.median(s.percentile(0.5) for s in each)
        most = statistics.median(s.percentile(0.99) for s in each)
        rows.append([name, f"{rates[name]:.0f}", f"{half:.1f}", f"{most:.1f}"])
    worst = max(delays)
    is_met = "met" if worst <= GOAL_S else "missed"
    ratio = rates["fifty flags"] / rates["one flag"]
    return "\n".join(
        [
            table(rows),
            "",
            f"- fifty flags in one question: {ratio:.2f} times the questions about one",
            (
                f"- a change heard by {processes} processes: median"
                f" {statistics.median(delays):.2f} s, longest of {len(delays)}"
                f" {worst:.2f} s (goal {GOAL_S}: {is_met})"
            ),
            (
                f"- {EVALUATIONS:,} evaluations, warm: {statements} statements,"
                f" {commands} commands to Redis"
            ),
        ]
    )


if __name__ == "__main__":
    main()
