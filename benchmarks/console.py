"""Measure the operator's pages over a million sessions, on PostgreSQL.

    python -m benchmarks.console [--sessions 1000000] [--rounds 40] [--keep]

Fills a database of its own with three months of sessions, then opens the list, each of
its filters, combinations that fit hardly any session, searches, the last page, the
overview and a session, in turns, and prints the time of each page (median and p95) and
its number of queries. Pages are made in this process, one at a time, with everything
that a request goes through but the wire. Exits with 1 if a p95 misses the goal. Needs
PostgreSQL and Redis, which it starts and stops itself; a million sessions take 4 GB of
disk and some minutes. `--keep` puts the table into docs/performance.md.
"""

import argparse
import os
import secrets
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from common.encryption.keys import new_field_key
from tests.services.postgres import DURABLE, Postgres
from tests.services.redis import Redis

from .browsing.ending import end_in_order
from .browsing.tables import keep, table

if TYPE_CHECKING:
    from .operating.filling import Filled

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs" / "performance.md"
GOAL_MS: Final = 300.0
PLAIN: Final = "django.contrib.staticfiles.storage.StaticFilesStorage"
LIST: Final = "/admin/sessions_app/session/"
# The last page that there is, whatever is behind it; and how many sessions one shows.
LAST_PAGE: Final = 200
PAGE: Final = 50
# Fewer than the share of bots that filling makes, so that the page is there.
SHARE_OF_BOTS: Final = 0.08


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and how it did."""

    name: str
    queries: int
    rows: str
    times_ms: Sequence[float]

    def percentile(self, share: float) -> float:
        """Return the time that this share of its openings stayed within."""
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> int:
    """Fill, measure, print; return the exit code."""
    chosen = arguments()
    end_in_order()
    with Postgres(settings=DURABLE) as postgres, Redis() as redis:
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "config.settings.production",
                "DATABASE_URL": postgres.url,
                "DATABASE_LOGIN": "owner",
                "REDIS_URL": redis.url,
                "SECRET_KEY": secrets.token_hex(32),
                "KEY_PEPPER": secrets.token_hex(32),
                "FIELD_KEYS": new_field_key(),
                "SECURE_SSL_REDIRECT": "false",
                "LOG_LEVEL": "WARNING",
            }
        )
        import django  # noqa: PLC0415 - after the settings are chosen

        django.setup()
        pages, size = measure(chosen.sessions, chosen.rounds)
    missed = [page.name for page in pages if page.percentile(0.95) > GOAL_MS]
    word = f"MISSED by: {', '.join(missed)}" if missed else "met by every page"
    about = (
        f"{chosen.sessions:,} sessions ({size / 1e9:.1f} GB with their indexes),"
        f" {chosen.rounds} rounds:"
    )
    text = "\n\n".join(
        [
            about,
            table(rows(pages)),
            f"Goal, a p95 of {GOAL_MS:g} ms: {word}.",
        ]
    )
    print(text)
    if chosen.keep:
        keep(DOCUMENT, "console", text)
    return 1 if missed else 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.console",
        description=str(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sessions", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=40, metavar="N")
    parser.add_argument("--keep", action="store_true", help=f"rewrite {DOCUMENT.name}")
    return parser.parse_args()


def measure(sessions: int, rounds: int) -> tuple[list[Page], int]:
    """Return how each page did, and how many bytes the sessions take."""
    from django.core.management import call_command  # noqa: PLC0415 - set up by now
    from django.test.utils import override_settings  # noqa: PLC0415

    from .operating.filling import fill  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    filled = fill(sessions, tell)
    tell(f"filled in {time.perf_counter() - started:.0f} s")
    # The names of static files are no part of it, and nothing was collected.
    plain = {"default": {"BACKEND": PLAIN}, "staticfiles": {"BACKEND": PLAIN}}
    with override_settings(STORAGES=plain):
        return opened(pages_of(filled, sessions), rounds), filled.bytes_of_sessions


def pages_of(filled: "Filled", sessions: int) -> Mapping[str, str]:
    """Return the address of each page."""
    from django.utils import timezone  # noqa: PLC0415 - set up by now

    today = timezone.now().date()
    week = (
        f"created_at_from={today - timedelta(30)}&created_at_to={today - timedelta(24)}"
    )
    old_day = (
        f"created_at_from={today - timedelta(80)}&created_at_to={today - timedelta(80)}"
    )
    large = f"survey__id__exact={filled.large_survey_id}"
    small = f"survey__id__exact={filled.small_survey_id}"
    overview = f"first={today - timedelta(89)}&last={today}"
    found = {
        "list": "",
        "list, middle page": f"p={last_page(sessions / 2)}",
        "list, last page": f"p={last_page(sessions)}",
        "one week": week,
        "large survey": large,
        "small survey": small,
        "organization": f"organization__id__exact={filled.organization_id}",
        **{
            f"status {name}": f"status__exact={name}"
            for name in ("active", "completed", "expired", "blocked")
        },
        **{
            f"verdict {name}": f"verdict__exact={name}"
            for name in ("human", "suspicious", "bot", "undecided")
        },
        "bots in a large survey": f"verdict__exact=bot&{large}",
        "blocked in a small survey": f"status__exact=blocked&{small}",
        "blocked people (none)": "status__exact=blocked&verdict__exact=human",
        "open, a day long ago (none)": f"status__exact=active&{old_day}",
        "bots of a small survey on a day": f"verdict__exact=bot&{small}&{old_day}",
        "bots, last page": (
            f"verdict__exact=bot&p={last_page(SHARE_OF_BOTS * sessions)}"
        ),
        "search: a session": f"q={filled.session_id}",
        "search: beginning of an id": f"q={str(filled.session_id)[:11]}",
        "search: a respondent": "q=panel-000017",
        "search: a digest's beginning": f"q={filled.respondent_digest[:10]}",
        "search: nobody": "q=nobody-at-all",
    }
    return {
        **{name: f"{LIST}?{query}" for name, query in found.items()},
        "overview, a month": "/admin/",
        "overview, 90 days": f"/admin/?{overview}",
        "overview, a survey": f"/admin/?{overview}&survey={filled.large_survey_id}",
        "overview, bots": f"/admin/?{overview}&verdict=bot",
        "session": f"{LIST}{filled.session_id}/change/",
    }


def last_page(sessions: float) -> int:
    """Return the last page of so many sessions."""
    return max(1, min(LAST_PAGE, int(sessions / PAGE)))


def opened(addresses: Mapping[str, str], rounds: int) -> list[Page]:
    """Open each page in each round; return how each did."""
    from django.db import connection  # noqa: PLC0415 - set up by now
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("operator"))
    queries, shown = {}, {}
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as seen:
            answer: Any = client.get(address)
        if answer.status_code != 200:
            sys.exit(f"{name}: {answer.status_code} at {address}")
        queries[name], shown[name] = len(seen), count_in(answer)
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        for name, address in addresses.items():
            start = time.perf_counter()
            client.get(address)
            times[name].append(1000 * (time.perf_counter() - start))
    return [Page(name, queries[name], shown[name], times[name]) for name in addresses]


def count_in(answer: Any) -> str:
    """Say how many rows a list found."""
    found = (answer.context_data or {}).get("cl")
    if found is None:
        return ""
    return f"{'>' if found.paginator.has_more else ''}{found.result_count:,}"


def rows(pages: Sequence[Page]) -> list[list[str]]:
    """Return the table."""
    head = ["page", "found", "queries", "median, ms", "p95, ms"]
    return [
        head,
        *(
            [
                page.name,
                page.rows,
                str(page.queries),
                f"{statistics.median(page.times_ms):.0f}",
                f"{page.percentile(0.95):.0f}",
            ]
            for page in pages
        ),
    ]


def tell(what: str) -> None:
    """Show progress, apart from what is measured."""
    print(what, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
