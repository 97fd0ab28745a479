"""Measure the detectors on recordings of people and of bots."""

import gzip
import json
import zlib
from argparse import ArgumentTypeError
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from detection.engine import Family
from detection.engine.evaluation.metrics import evaluate
from detection.engine.evaluation.recordings import BrokenRecordingError, read_sessions
from detection.engine.evaluation.replay import SessionOutcome, replay
from detection.engine.evaluation.report import lines

GZIP_START = b"\x1f\x8b"


class Command(BaseCommand):
    help = (
        "Judge recorded sessions and report how often people and bots are told"
        " apart. Files hold one JSON segment a line, plain or gzipped; segments of"
        " a session are joined."
    )
    # It reads files and touches neither the database nor a page.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--json", action="store_true", help="print JSON for machines"
        )
        parser.add_argument(
            "--each",
            type=Path,
            metavar="OUT.jsonl",
            help="write one JSON line a session to this file",
        )
        parser.add_argument(
            "--off",
            type=_families,
            default=frozenset(),
            metavar="FAMILY,…",
            help="families to leave out: " + ", ".join(Family),
        )
        parser.add_argument(
            "--jobs",
            type=_positive,
            default=1,
            metavar="N",
            help="files to read at the same time (default: 1)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcomes = self._judge_all(
                options["files"], options["off"], options["jobs"]
            )
            if options["each"]:
                with options["each"].open("w", encoding="utf-8") as out:
                    _write_each(outcomes, out)
        except (BrokenRecordingError, OSError) as error:
            raise CommandError(str(error)) from error
        if not outcomes:
            message = "The files hold no sessions."
            raise CommandError(message)
        evaluation = evaluate(outcomes)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(evaluation), indent=2))
            return
        for line in lines(evaluation):
            self.stdout.write(line)

    def _judge_all(
        self, files: Sequence[Path], off: frozenset[Family], jobs: int
    ) -> Sequence[SessionOutcome]:
        """Judge every file and say so; the order of files does not matter."""
        judge = partial(judge_file, off=off)
        outcomes: list[SessionOutcome] = []
        for path, found in zip(files, _each(judge, files, jobs), strict=True):
            self.stderr.write(f"{path.name}: {len(found)} sessions")
            outcomes.extend(found)
        return outcomes


def judge_file(path: Path, off: frozenset[Family]) -> Sequence[SessionOutcome]:
    """Judge every session of a file.

    Raises
    ------
    BrokenRecordingError
        A line cannot be read; the error names file and line.
    OSError
        The file is missing, cut off or damaged; the error names it.
    """
    sessions = read_sessions(partial(_open_lines, path), str(path))
    try:
        return [replay(session, off=off) for session in sessions]
    except FileNotFoundError:
        message = f"{path}: there is no such file."
        raise OSError(message) from None
    except (EOFError, OSError, zlib.error) as error:
        message = f"{path} cannot be read to its end: {error}."
        raise OSError(message) from error


def _each(
    judge: partial[Sequence[SessionOutcome]], files: Sequence[Path], jobs: int
) -> Iterator[Sequence[SessionOutcome]]:
    """Yield the outcomes file by file, several at a time when asked to."""
    if jobs == 1:
        yield from map(judge, files)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(judge, files)


def _open_lines(path: Path) -> Iterator[bytes]:
    """Yield a file's lines; gzip is told by its first bytes, not by the name."""
    with path.open("rb") as raw:
        is_gzip = raw.read(len(GZIP_START)) == GZIP_START
    if is_gzip:
        with gzip.open(path, "rb") as packed:
            yield from packed
    else:
        with path.open("rb") as plain:
            yield from plain


def _write_each(outcomes: Iterable[SessionOutcome], out: TextIO) -> None:
    """Write one line a session, for other programs to read."""
    for one in outcomes:
        line = {
            "source": one.source,
            "subject": one.subject,
            "session": one.session,
            "label": one.label,
            "verdict": one.kind,
            "bot_probability": one.bot_probability,
            "bot_score": one.bot_score,
            "reasons": list(one.reasons),
            "event_count": one.event_count,
            "settled_ms": one.settled_ms,
        }
        out.write(json.dumps(line, ensure_ascii=False) + "\n")


def _families(text: str) -> frozenset[Family]:
    """Read a list of families."""
    try:
        return frozenset(Family(name.strip()) for name in text.split(",") if name)
    except ValueError as error:
        known = ", ".join(Family)
        message = f"{error}; families are {known}"
        raise ArgumentTypeError(message) from error


def _positive(text: str) -> int:
    """Read a number above 0."""
    if not text.isdigit() or int(text) == 0:
        message = f"{text!r} is not a number above 0"
        raise ArgumentTypeError(message)
    return int(text)
