"""Create an API key and print it, this once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import selectors
from accounts.models import KeyKind
from accounts.services.keys import KeyTerms, create_key
from common.errors import BonafideError
from common.tenancy import scope


class Command(BaseCommand):
    help = "Create an API key; prints it and nothing else. It cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="NAME")
        parser.add_argument("--kind", required=True, choices=KeyKind.values)
        parser.add_argument("--name", default="", help="what it is for")
        parser.add_argument(
            "--origin",
            action="append",
            default=[],
            metavar="URL",
            help="where a publishable key may be used, such as https://survey.example; "
            "may be given more than once",
        )
        parser.add_argument(
            "--scope",
            action="append",
            metavar="NAME",
            help="what it may do, such as sessions.read (docs/access.md); may be given"
            " more than once, and leaves everything open if it is not",
        )
        parser.add_argument(
            "--network",
            action="append",
            default=[],
            metavar="CIDR",
            help="where it may be used, such as 203.0.113.0/24; may be given more than"
            " once",
        )
        parser.add_argument(
            "--test", action="store_true", help="tag the sessions that it opens"
        )

    @scope.everywhere("create_key")
    def handle(self, *args: object, **options: Any) -> None:
        try:
            organization = selectors.organization_named(options["organization"])
            _key, text = create_key(
                organization_id=organization.id,
                kind=options["kind"],
                name=options["name"],
                origins=options["origin"],
                terms=KeyTerms(
                    scopes=options["scope"],
                    networks=options["network"],
                    is_test=options["test"],
                ),
            )
        except BonafideError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(text)
