"""Create an organization and print its id."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.services.organizations import create_organization
from common.errors import BonafideError
from common.tenancy import scope


class Command(BaseCommand):
    help = "Create an organization; prints its id and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="its name, unique")

    @scope.everywhere("create_organization")
    def handle(self, *args: object, **options: str) -> None:
        try:
            organization = create_organization(name=options["name"])
        except BonafideError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(str(organization.id))
