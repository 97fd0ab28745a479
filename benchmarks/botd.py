"""Show what BotD and Bonafide say of the same browsers, side by side.

    python -m benchmarks.botd [--only TEXT] [--json] [--keep]

Serves the demo survey with BotD in its pages and lets browsers answer it: driven by the
tools of the end-to-end tests, dressed up, and without any driver. Needs Chromium,
chromedriver, Xvfb, xdotool, Node and what `npm ci` installs; `make bench` sees to the
latter. `--keep` puts the table into docs/client-cost.md.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from .browsing.browsers import BROWSERS, Browser, screen
from .browsing.ending import end_in_order
from .browsing.tables import keep, table

if TYPE_CHECKING:
    # Both need Django, which is set up later.
    from sessions_app.models import Session

    from .browsing.demo import Demo

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "benchmarks" / "client"
DOCUMENT: Final = ROOT / "docs" / "client-cost.md"

# The slowest answers in half a minute on two busy cores.
PATIENCE_S: Final = 90.0
# A page that nobody touches tells all it has to tell in its first batches.
LOOK_S: Final = 8.0
LOOK_EACH_S: Final = 0.2
# More would make the table wider than a screen.
REASONS: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """What both said of one browser."""

    name: str
    botd: str
    fired: Sequence[str]
    everything: str
    behaviour: str
    reasons: Sequence[str]


def main() -> None:
    """Let all browsers answer, and print or keep the table."""
    chosen = arguments()
    end_in_order()
    with tempfile.TemporaryDirectory(prefix="bonafide-bench-") as folder:
        script = bundle(Path(folder))
        set_up(Path(folder))
        from .browsing.demo import demo  # noqa: PLC0415 - after the setup

        with demo(script) as served, screen():
            rows = [compare(served, one) for one in BROWSERS if chosen.only in one.name]
    if chosen.json:
        print(json.dumps([dataclasses.asdict(row) for row in rows]))
        return
    text = report(rows)
    print(text)
    if chosen.keep:
        keep(DOCUMENT, "botd", text)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks.botd",
        description=str(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="browsers whose name has this"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--keep", action="store_true", help=f"rewrite {DOCUMENT.name}")
    return parser.parse_args()


def bundle(folder: Path) -> Path:
    """Bundle BotD with what tells its findings, and return the file."""
    if not (FOLDER / "node_modules" / "umami").is_dir():
        sys.exit("Run `npm ci` in benchmarks/client first, or `make bench`.")
    subprocess.run(
        ["node", FOLDER / "bundle.mjs", folder], check=True, stdout=subprocess.DEVNULL
    )
    return folder / "botd-report.js"


def set_up(folder: Path) -> None:
    """Set Django up on an empty embedded database in a folder."""
    os.environ["BONAFIDE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.development"
    os.environ["LOG_LEVEL"] = "ERROR"
    # Playwright runs an event loop in this thread, where Django would not query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django  # noqa: PLC0415 - after the settings are chosen
    from django.core.management import call_command  # noqa: PLC0415 - the same

    django.setup()
    call_command("migrate", verbosity=0)


def compare(served: "Demo", browser: Browser) -> Row:
    """Let one browser answer, and return what both said.

    Raises
    ------
    LookupError
        It did not get to the end.
    """
    from sessions_app.models import Session  # noqa: PLC0415 - after the setup
    from tests.e2e.outcome import outcome_of  # noqa: PLC0415 - the same

    print(browser.name, file=sys.stderr, flush=True)
    served.found()
    before = set(Session.objects.values_list("id", flat=True))
    with browser.answering(served.address):
        session = wait(before, answers=browser.answers)
    # Tools that look at the pages beforehand do so with another browser.
    found = served.found()[-1]
    if session is None:
        message = f"{browser.name} has no verdict."
        raise LookupError(message)
    outcome = outcome_of(session)
    everything, behaviour = outcome.everything, outcome.behaviour
    return Row(
        name=browser.name,
        botd=found.kind or "no bot",
        fired=found.fired,
        everything=f"{everything.kind} {everything.bot_score}",
        behaviour=f"{behaviour.kind} {behaviour.bot_score}",
        reasons=outcome.codes(everything)[:REASONS],
    )


def wait(before: set[UUID], *, answers: bool) -> "Session | None":
    """Return the new session with its last word, or as it is after a look."""
    from sessions_app.models import Session  # noqa: PLC0415 - after the setup

    new = Session.objects.exclude(id__in=before)
    limit = time.monotonic() + (PATIENCE_S if answers else LOOK_S)
    while time.monotonic() < limit:
        if final := new.filter(is_final=True).first():
            return final
        time.sleep(LOOK_EACH_S)
    return None if answers else new.order_by("-event_count").first()


def report(rows: Sequence[Row]) -> str:
    """Return the table."""
    head = [
        "browser",
        "BotD",
        "its detectors",
        "Bonafide",
        "behaviour alone",
        "reasons",
    ]
    cells = [
        [
            *(row.name, row.botd, ", ".join(row.fired) or "none"),
            *(row.everything, row.behaviour, ", ".join(row.reasons)),
        ]
        for row in rows
    ]
    return table([head, *cells], numbers=False)


if __name__ == "__main__":
    main()
