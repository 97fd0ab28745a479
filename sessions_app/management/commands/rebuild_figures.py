"""Count the overview's figures again, from the sessions."""

import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.facade import Organization, organization_named, organizations
from common.errors import NotFoundError
from common.tenancy import scope

from ...services.tallying import days_of, differences, rebuild


class Command(BaseCommand):
    help = (
        "Count the overview's figures again, day by day, from the sessions that there"
        " are. They are kept as sessions end, so this is for a database that was"
        " changed by hand or restored in part. Servers may go on. Days whose results"
        " are past retention keep the figures that they have."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--organization", metavar="NAME", help="this one alone, not all of them"
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="compare and change nothing; ends with 1 if anything differs",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for organization in _chosen(options["organization"]):
            with scope.entered(organization.id):
                if options["check"]:
                    wrong += self._check(organization)
                else:
                    self._rebuild(organization)
        if wrong:
            message = f"{wrong} figures are not what the sessions say."
            raise CommandError(message)
        if options["check"]:
            self.stdout.write("All figures are what the sessions say.")

    def _rebuild(self, organization: Organization) -> None:
        total = len(days_of(organization_id=organization.id))
        for number, day in enumerate(rebuild(organization_id=organization.id), 1):
            self._tell(f"{organization}: {day} ({number} of {total} days)")
        self._tell("")
        self.stdout.write(f"{organization}: {total} days were counted again.")

    def _check(self, organization: Organization) -> int:
        """Print what differs; return how many figures do."""
        wrong = 0
        for day, found in differences(organization_id=organization.id):
            self._tell(f"{organization}: {day}")
            for one in found:
                where = f"{day} {one.cell.survey_id} {one.cell.status}"
                self.stdout.write(
                    f"{where} {one.cell.verdict} {one.figure}:"
                    f" {one.stored} kept, {one.counted} counted"
                )
            wrong += len(found)
        self._tell("")
        return wrong

    def _tell(self, what: str) -> None:
        """Show progress on one line, where somebody is looking."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{what}", ending="")


def _chosen(name: str | None) -> Sequence[Organization]:
    try:
        with scope.everywhere("rebuild_figures"):
            return [organization_named(name)] if name else list(organizations())
    except NotFoundError as error:
        raise CommandError(error.detail) from None
