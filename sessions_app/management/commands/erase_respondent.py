"""Erase a respondent."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import BonafideError
from common.tenancy import scope

from ...services.erasing import erase_respondent
from ...subjects import subject
from ..subjects import add_name, name_from


class Command(BaseCommand):
    help = (
        "Erase all that is known of a respondent, for good: sessions, events, answers,"
        " verdicts and what webhooks told. Says what there is and changes nothing"
        " without --yes. Prints the receipt's id. Backups and what receivers of"
        " webhooks keep are yours to erase (docs/privacy.md)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_name(parser)
        parser.add_argument("--yes", action="store_true", help="erase, do not only ask")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            name = name_from(options)
            with scope.entered(name.organization_id):
                if not options["yes"]:
                    count = len(subject(name).session_ids)
                    self.stdout.write(
                        f"Sessions to be erased: {count}. Nothing was: add --yes."
                    )
                    return
                receipt = erase_respondent(name)
        except BonafideError as error:
            raise CommandError(str(error.detail)) from error
        for label, rows in receipt.rows.items():
            self.stdout.write(f"{rows:>8,}  {label}")
        self.stdout.write(f"Erased at {receipt.created_at:%Y-%m-%d %H:%M:%S} UTC.")
        self.stdout.write(f"Receipt: {receipt.id}")
