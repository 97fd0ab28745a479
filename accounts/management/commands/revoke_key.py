"""End an API key at once."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts import selectors
from accounts.services.keys import revoke_key
from common.tenancy import scope


class Command(BaseCommand):
    help = "Revoke an API key; prints nothing when it is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "prefix",
            metavar="PREFIX",
            help="how the key begins, such as bf_sk_live_1a2B3c4D; the admin shows it",
        )

    @scope.everywhere("revoke_key")
    def handle(self, *args: object, **options: str) -> None:
        key = selectors.key_of_prefix(options["prefix"])
        if key is None:
            msg = f"There is no key that begins with {options['prefix']!r}."
            raise CommandError(msg)
        ids = {"organization_id": key.organization_id, "key_id": key.id}
        if not revoke_key(**ids):
            msg = "This key was revoked before."
            raise CommandError(msg)
