"""Write down what is known of a respondent."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import BonafideError
from common.tenancy import scope

from ...subject_access import disclose
from ..subjects import add_name, name_from


class Command(BaseCommand):
    help = (
        "Write all that is known of a respondent as JSON: sessions, answers, what they"
        " did event by event, and each verdict with its reasons. The audit keeps that"
        " it was asked for."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_name(parser)
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="a new file; else to the screen"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            name = name_from(options)
            with scope.entered(name.organization_id):
                document = disclose(name)
        except BonafideError as error:
            raise CommandError(str(error.detail)) from error
        if options["output"] is None:
            sys.stdout.buffer.write(document + b"\n")
            return
        try:
            with options["output"].open("xb") as file:
                file.write(document)
        except FileExistsError as error:
            message = f"{options['output']} is there already; nothing was written."
            raise CommandError(message) from error
        self.stdout.write(f"{len(document):,} bytes in {options['output']}.")
