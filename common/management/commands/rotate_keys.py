"""Seal every value with the key that writes."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...encryption import rotation
from ...encryption.keys import MissingKeyError, keyring
from ...encryption.sealing import SealError


class Command(BaseCommand):
    help = (
        "Seal every sealed value anew with the first key of FIELD_KEYS, and tell which"
        " keys are not needed any more. Servers may go on; a run that was ended goes on"
        " where it was when it is started again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--batch",
            type=int,
            default=rotation.BATCH,
            metavar="N",
            help=f"rows a transaction ({rotation.BATCH})",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what waits; change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch"] < 1:
            message = "--batch is at least 1."
            raise CommandError(message)
        self.stdout.write(f"The key that writes is {keyring().writing}.")
        for column in rotation.sealed_columns():
            total = rotation.waiting(column)
            if options["dry_run"]:
                self.stdout.write(f"{column}: {total} values wait.")
                continue
            done = self._rotate(column, total, options["batch"])
            self.stdout.write(f"{column}: {done} values were sealed anew.")
        if not options["dry_run"]:
            self._tell_unused()

    def _rotate(self, column: rotation.Column, total: int, batch: int) -> int:
        done = 0
        try:
            for some in rotation.rotate(column, batch=batch):
                done += some
                self._tell(f"{column}: {done} of {total}")
        except (SealError, MissingKeyError) as error:
            self._tell("")
            message = f"{column}: {done} values were sealed anew, then: {error}"
            raise CommandError(message) from None
        self._tell("")
        return done

    def _tell_unused(self) -> None:
        unused = rotation.retire_unused()
        if unused:
            names = ", ".join(unused)
            self.stdout.write(f"Not needed any more in this database: {names}.")
        self.stdout.write(
            "Backups still need the keys that they were made with: keep those apart."
        )

    def _tell(self, what: str) -> None:
        """Show progress on one line, where somebody is looking."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{what}", ending="")
