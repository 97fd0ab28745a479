"""Look whether the audit is as it was written."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import NotFoundError
from common.tenancy import scope

from ...audit import sealing
from ...audit.verifying import Break, length_of, verify
from ...selectors import organization_named

WORDS = {
    "changed": "entry %(row_id)s, or what stood before it, is not what was sealed",
    "missing": "entry %(row_id)s is gone",
    "cut_out": "the seal is gone, and with it what was sealed",
    "unsealed": "entry %(row_id)s was never sealed: was it put in by hand, or does the"
    " task audit.seal not run?",
}


class Command(BaseCommand):
    help = (
        "Follow each chain of the audit and tell where one breaks: entries that were"
        " changed, removed or never sealed. Ends with 1 if anything is wrong. A chain"
        " that was cut off at its end is found by a head that you kept: --head."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--organization", metavar="NAME", help="this one's chain alone"
        )
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="DIGEST",
            help="a head as the log has it (audit.sealed), which must still be there",
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        breaks: list[Break] = []
        heads: set[str] = set()
        checked = 0
        for chain in _chosen(options["organization"]):
            found, seen, count = self._follow(chain)
            breaks += found
            heads |= seen
            checked += count
        gone = [head for head in options["head"] if head not in heads]
        if options["json"]:
            self._tell_json(checked, breaks, gone)
        else:
            self._tell(checked, breaks, gone)
        if breaks or gone:
            message = f"The audit does not hold: {len(breaks) + len(gone)} places."
            raise CommandError(message)

    def _follow(self, chain: UUID) -> tuple[list[Break], set[str], int]:
        total = length_of(chain)
        breaks: list[Break] = []
        heads: set[str] = set()
        checked = 0
        for step in verify(chain):
            breaks += step.breaks
            heads |= step.heads
            checked += len(step.heads)
            self._progress(f"{_name(chain)}: {checked} of {total}")
        self._progress("")
        return breaks, heads, checked

    def _tell(self, checked: int, breaks: Sequence[Break], gone: Sequence[str]) -> None:
        for one in breaks:
            where = _name(one.chain) + (f", number {one.number}" if one.number else "")
            what = WORDS[one.what] % {"row_id": one.row_id}
            self.stdout.write(f"{where}: {what}.")
        for head in gone:
            self.stdout.write(f"The head {head} is gone: a chain was cut off.")
        if not breaks and not gone:
            self.stdout.write(f"{checked} entries are as they were written.")

    def _tell_json(
        self, checked: int, breaks: Sequence[Break], gone: Sequence[str]
    ) -> None:
        document = {
            "checked": checked,
            "breaks": [asdict(one) for one in breaks],
            "heads_gone": list(gone),
        }
        self.stdout.write(json.dumps(document, default=str, indent=2))

    def _progress(self, what: str) -> None:
        """Show progress on one line, where somebody is looking."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{what}", ending="")


def _name(chain: UUID) -> str:
    return "the installation" if chain == sealing.OWN else f"organization {chain}"


def _chosen(name: str | None) -> list[UUID]:
    if name is None:
        return sealing.chains()
    try:
        with scope.everywhere("verify_audit"):
            return [organization_named(name).id]
    except NotFoundError as error:
        raise CommandError(error.detail) from None
