"""How commands are told of whom they are."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from accounts.facade import organization_named

from ..subjects import Name


def add_name(parser: CommandParser) -> None:
    """Take an organization and a name for somebody."""
    parser.add_argument("--organization", required=True, metavar="NAME")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument(
        "--respondent", metavar="ID", help="the platform's own name for them"
    )
    who.add_argument(
        "--session",
        type=UUID,
        metavar="ID",
        help="one of their sessions stands for all",
    )


def name_from(options: Mapping[str, Any]) -> Name:
    """Return who is meant.

    Raises
    ------
    NotFoundError
        There is no such organization.
    """
    organization = organization_named(options["organization"])
    return Name(organization.id, options["respondent"], options["session"])
