"""Send made-up sessions through the public API."""

import os
import secrets
import signal
import time
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from contextlib import (
    AbstractContextManager,
    closing,
    contextmanager,
    nullcontext,
)
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    OutputWrapper,
)

from ...calling import Address, Caller, RefusedError
from ...sending import Crew, Sent, UnreachableError, ensure_surveys
from ...services import lent_key
from ...simulation.kinds import BOT_SHARE, KINDS, plan
from ...simulation.questionnaires import QUESTIONNAIRES

HERE: Final = "http://127.0.0.1:8000"
VERDICTS: Final = ("human", "undecided", "suspicious", "bot")
BAR: Final = 30
# On a terminal the line is drawn again so often; elsewhere a line is a tenth.
REDRAW_S: Final = 0.1
LINES: Final = 10
MOST_JOBS: Final = 32
SEEDS: Final = 1_000_000
# As a shell says it: 128 and the number of the signal.
INTERRUPTED: Final = 128 + signal.SIGINT


@dataclass(slots=True)
class Progress:
    """How far the work is: a line that is drawn anew, or lines one below the other."""

    out: OutputWrapper
    total: int
    is_quiet: bool
    began: float = field(default_factory=time.monotonic)
    done: int = 0
    events: int = 0
    requests: int = 0
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    _drawn: float = 0.0

    def add(self, sent: Sent) -> None:
        """Count a visit, and show how far it is."""
        self.done += 1
        self.events += sent.events
        self.requests += sent.requests
        if sent.problem:
            self.problems[sent.problem] += 1
        else:
            self.verdicts[sent.kind, sent.verdict] += 1
        if not self.is_quiet:
            self._show()

    def end(self) -> None:
        """Leave the terminal's line."""
        if self._drawn and self.out.isatty():
            self._write("\n")

    @property
    def seconds(self) -> float:
        """Return for how long it has been going on."""
        return max(time.monotonic() - self.began, 1e-9)

    def _show(self) -> None:
        is_last = self.done == self.total
        if not self.out.isatty():
            step = max(1, self.total // LINES)
            if is_last or self.done % step == 0:
                self._write(f"{self._line()}\n")
            return
        now = time.monotonic()
        if is_last or now - self._drawn >= REDRAW_S:
            self._drawn = now
            full = BAR * self.done // self.total
            self._write(f"\r[{'#' * full}{'.' * (BAR - full)}] {self._line()}  ")

    def _write(self, text: str) -> None:
        """Write as it is: neither an error's colour nor an end of line."""
        self.out.write(text, style_func=str, ending="")
        self.out.flush()

    def _line(self) -> str:
        rate = self.done / self.seconds
        left = (self.total - self.done) / rate
        return (
            f"{self.done}/{self.total} sessions, {rate:.1f} a second, {left:.0f} s left"
        )


class Command(BaseCommand):
    help = (
        "Send made-up sessions of people and programs through the public API of a"
        " server that runs. They are tagged `synthetic`, and show nothing about"
        " accuracy. Sessions begin now: none is dated back."
    )
    # What it needs is checked by the server that it talks to.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sessions", type=_positive, default=100, metavar="N", help="default: 100"
        )
        parser.add_argument(
            "--seed", type=int, help="the same one makes the same visits again"
        )
        parser.add_argument(
            "--bots",
            type=_share,
            default=BOT_SHARE,
            metavar="SHARE",
            help=f"of programs among the visits, 0 to 1 (default: {BOT_SHARE})",
        )
        parser.add_argument(
            "--surveys",
            type=_surveys,
            default=len(QUESTIONNAIRES),
            metavar="N",
            help=f"how many surveys they answer, at most {len(QUESTIONNAIRES)}",
        )
        parser.add_argument(
            "--jobs",
            type=_jobs,
            default=1,
            metavar="N",
            help=f"connections at the same time, at most {MOST_JOBS} (default: 1)",
        )
        parser.add_argument("--api", default=HERE, metavar="URL", help=HERE)
        parser.add_argument(
            "--key",
            default=os.environ.get("BONAFIDE_KEY", ""),
            help="a secret key, or BONAFIDE_KEY; without it one is made for the"
            " demo's organization, in this installation's database, and revoked",
        )
        parser.add_argument("--quiet", action="store_true", help="print nothing")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            address = Address.read(options["api"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        progress = Progress(self.stderr, options["sessions"], options["quiet"])
        seed = secrets.randbelow(SEEDS) if options["seed"] is None else options["seed"]
        is_whole = True
        try:
            self._send(address, options, seed, progress)
        except KeyboardInterrupt:
            is_whole = False
        finally:
            # Also when the server has gone: what was done is done.
            progress.end()
            if progress.done and not options["quiet"]:
                for line in report(progress, seed):
                    self.stdout.write(line)
        if not is_whole:
            raise SystemExit(INTERRUPTED)
        if progress.problems:
            msg = f"{progress.problems.total()} sessions were refused."
            raise CommandError(msg)

    def _send(
        self, address: Address, options: Any, seed: int, progress: Progress
    ) -> None:
        """Send everything, and count it."""
        chosen = QUESTIONNAIRES[: options["surveys"]]
        given = options["key"]
        with understood(address), _key(given) as key:
            with closing(Caller(address, tries=1)) as caller:
                surveys = ensure_surveys(caller, key, chosen)
            visits = plan(options["sessions"], chosen, seed=seed, bots=options["bots"])
            crew = Crew(address, key, surveys, visits, jobs=options["jobs"])
            with closing(crew.work()) as work:
                for sent in work:
                    progress.add(sent)


def _key(given: str) -> AbstractContextManager[str]:
    """Return the key that was given, or one that is lent."""
    return nullcontext(given) if given else lent_key("simulate")


@contextmanager
def understood(address: Address) -> Iterator[None]:
    """Say in one sentence what to do when the server is away or refuses the key."""
    try:
        yield
    except UnreachableError as error:
        msg = f"{error} Start one with `make run`, or name another with --api."
        raise CommandError(msg, returncode=os.EX_UNAVAILABLE) from None
    except RefusedError as error:
        msg = (
            f"{address} refuses the key ({error}). Give a secret key of an organization"
            " there with --key."
        )
        raise CommandError(msg, returncode=os.EX_NOPERM) from None


def report(progress: Progress, seed: int) -> Iterator[str]:
    """Yield what was done: verdicts by kind, and what that took."""
    yield f"{'':18}" + "".join(f"{verdict:>12}" for verdict in VERDICTS)
    for kind in KINDS:
        counts = [progress.verdicts[kind.name, verdict] for verdict in VERDICTS]
        if any(counts):
            name = f"{kind.name}{' (bot)' if kind.is_bot else ''}"
            yield f"{name:<23}" + "".join(f"{count or '.':>12}" for count in counts)[5:]
    yield ""
    yield (
        f"{progress.done} of {progress.total} sessions, seed {seed}: {progress.events}"
        f" events in {progress.requests} requests and {progress.seconds:.1f} s."
    )
    for problem, count in progress.problems.most_common():
        yield f"{count} refused: {problem}"
    yield "All of it is made up and tagged `synthetic`: it says nothing about accuracy."


def _positive(text: str) -> int:
    return _between(text, 1, 10_000_000)


def _jobs(text: str) -> int:
    return _between(text, 1, MOST_JOBS)


def _surveys(text: str) -> int:
    return _between(text, 1, len(QUESTIONNAIRES))


def _between(text: str, least: int, most: int) -> int:
    """Read a whole number within limits."""
    if not text.isdigit() or not least <= int(text) <= most:
        msg = f"a whole number from {least} to {most}, not {text!r}"
        raise ArgumentTypeError(msg)
    return int(text)


def _share(text: str) -> float:
    """Read a share."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        msg = f"a share from 0 to 1, not {text!r}"
        raise ArgumentTypeError(msg)
    return share
