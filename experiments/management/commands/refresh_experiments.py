"""Bring the numbers of experiments up to date, now."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.facade import Organization, organization_named, organizations
from common.errors import NotFoundError
from common.tenancy import scope

from ... import selectors
from ...models import Experiment, State
from ...services.refreshing import recount, refresh_day


class Command(BaseCommand):
    help = (
        "Count what is new in experiments. A worker does so every ten minutes; this is"
        " for an installation without one, and for a database that was restored."
        " Killed at any time, the next one goes on with the day that was not finished."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--organization", metavar="NAME", help="this one alone, not all of them"
        )
        parser.add_argument("--experiment", metavar="NAME", help="this one alone")
        parser.add_argument(
            "--again",
            action="store_true",
            help="forget what was counted, and count every day anew from the events",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chosen = _chosen(options["organization"])
            found = [
                (one, row)
                for one in chosen
                for row in _experiments(one, options["experiment"])
            ]
        except NotFoundError as error:
            raise CommandError(error.detail) from None
        if options["experiment"] and not found:
            message = "There is no such experiment, or it never ran."
            raise CommandError(message)
        for organization, row in found:
            with scope.entered(organization.id):
                days = self._count(organization, row, again=options["again"])
            self.stdout.write(f"{organization}: {row.name}: {days} days were counted.")
        if not found:
            self.stdout.write("No experiment runs.")

    def _count(
        self, organization: Organization, row: Experiment, *, again: bool
    ) -> int:
        """Count an experiment day by day; return how many there were."""
        if again:
            recount(organization_id=organization.id, experiment_id=row.id)
        days = 0
        while day := refresh_day(organization_id=organization.id, experiment_id=row.id):
            days += 1
            self._tell(f"{organization}: {row.name}: {day:%Y-%m-%d}")
        self._tell("")
        return days

    def _tell(self, what: str) -> None:
        """Show progress on one line, where somebody is looking."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{what}", ending="")


def _chosen(name: str | None) -> list[Organization]:
    with scope.everywhere("refresh_experiments"):
        return [organization_named(name)] if name else list(organizations())


def _experiments(organization: Organization, name: str | None) -> list[Experiment]:
    """Return what can be counted of an organization."""
    with scope.entered(organization.id):
        found = selectors.experiments(organization_id=organization.id)
        found = found.exclude(state=State.DRAFT)
        return list(found.filter(name=name) if name else found)
