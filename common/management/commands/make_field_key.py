"""Make a key for sealed fields."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from ...encryption.keys import new_field_key


class Command(BaseCommand):
    help = (
        "Print a new key for sealed fields. Put it in front of the others in FIELD_KEYS"
        " (or on the first line of its file), restart, and run `manage.py rotate_keys`."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--id", metavar="ID", help="what the key is called; this month by itself"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(new_field_key(options["id"] or f"{timezone.now():%Y-%m-%d}"))
