"""See and keep the parts of the tables that grow."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from common.partitions.bounds import moment_of
from common.partitions.catalog import Part, parts_of
from common.partitions.changes import LOUD, Change
from sessions_app.services.retention import Rule, keep_partitions, rules

SENTENCES = {
    "created": "{part} was made; {rows} rows moved in.",
    "dropped": "{part} was dropped: about {rows} rows, {size}.",
    "erased": "{rows} rows of {part} were deleted.",
    "left": "{part} is past its time, and kept: some of its sessions are not.",
    "crowded": (
        "{part} cannot be made: the default part holds {rows} rows of it or more."
        " --move-all moves them; who writes to them waits meanwhile."
    ),
    "strayed": (
        "{part} holds {rows} rows or more of a time that no part is planned for:"
        " was a clock wrong?"
    ),
    "busy": "{part} was in use and is left to the next round.",
}


class Command(BaseCommand):
    help = (
        "List the parts that PostgreSQL keeps batches and results in: when their"
        " sessions began, rows (as the last ANALYZE saw them) and size. --keep makes"
        " those that are missing and drops those that are past retention, as the task"
        " partitions.keep does by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep", action="store_true", help="do a round now")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what a round would do, and change nothing",
        )
        parser.add_argument(
            "--move-all",
            action="store_true",
            help="move any number of rows out of the default part",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] or options["dry_run"]:
            changes = keep_partitions(
                dry_run=options["dry_run"], move_all=options["move_all"]
            )
            if options["dry_run"]:
                self.stdout.write("A round would come to this:")
            self._tell(changes)
        else:
            for rule in rules():
                self._list(rule)

    def _tell(self, changes: list[Change]) -> None:
        for change in changes:
            size = filesizeformat(change.size_bytes)
            line = SENTENCES[change.verb].format(
                part=change.part, rows=change.rows, size=size
            )
            style = self.style.WARNING if change.verb in LOUD else str
            self.stdout.write(style(line))
        if not changes:
            self.stdout.write("There was nothing to do.")

    def _list(self, rule: Rule) -> None:
        parts = parts_of(rule.table)
        self.stdout.write(f"{rule.table}: kept for {rule.days} days")
        if parts is None:
            self.stdout.write("  one table, without parts")
            return
        for part, span in parts.spans:
            when = f"{moment_of(span.start):%Y-%m-%d} to {moment_of(span.end):%Y-%m-%d}"
            self.stdout.write(_line(part, when))
        if parts.default:
            self.stdout.write(_line(parts.default, "everything else"))


def _line(part: Part, when: str) -> str:
    rows = "?" if part.rows is None else f"{part.rows:,}"
    size = filesizeformat(part.size_bytes)
    return f"  {part.name:42} {when:26} {rows:>12} rows {size:>10}"
