"""Organizations, and those who run the installation."""

import secrets
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import ConflictError, FieldError, InvalidInputError

from ..audit.record import record_act
from ..models import Organization, User

MOST_NAME: Final = 120


def create_organization(*, name: str) -> Organization:
    """Create an organization.

    Raises
    ------
    InvalidInputError
        The name is empty, too long or holds control characters.
    ConflictError
        There is one of that name already.
    """
    name = name.strip()
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise InvalidInputError(
            _("A name has between 1 and 120 printable characters."),
            [FieldError("/name", _("Not a usable name."))],
        )
    try:
        with transaction.atomic():
            made = Organization.objects.create(name=name)
            record_act("organization.created", target=made, after={"name": name})
            return made
    except IntegrityError:
        raise ConflictError(
            _("There is an organization of that name already."), code="name_taken"
        ) from None


@transaction.atomic
def create_operator(*, username: str) -> str | None:
    """Create a member of staff; return the password, or None if they exist."""
    if User.objects.filter(username=username).exists():
        return None
    password = secrets.token_urlsafe(12)
    made = User.objects.create_superuser(username=username, password=password)
    record_act("operator.created", target=made, after={"username": username})
    return password
