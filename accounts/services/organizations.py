"""Organizations, and those who run the installation."""

import secrets
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import ConflictError, FieldError, InvalidInputError

from ..audit.record import record_act
from ..models import Organization, User

MOST_NAME: Final = 120
# A day is the least that a task of every hour can promise; ten years is the longest
# that anybody asks for records of a project.
FEWEST_DAYS: Final = 1
MOST_DAYS: Final = 3_650
KEPT: Final = ("behaviour_kept_days", "results_kept_days", "sessions_kept_days")


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
def keep_for(*, organization_id: UUID, **days: int | None) -> Organization:
    """Set how many days an organization keeps what; None is the installation's number.

    `days` are fields of `Organization`, such as ``results_kept_days=30``.

    Raises
    ------
    InvalidInputError
        A number is not within `FEWEST_DAYS` and `MOST_DAYS`.
    """
    for name, number in days.items():
        if number is not None and not FEWEST_DAYS <= number <= MOST_DAYS:
            reason = _("Between %(least)d and %(most)d days, or empty.")
            detail = reason % {"least": FEWEST_DAYS, "most": MOST_DAYS}
            raise InvalidInputError(detail, [FieldError(f"/{name}", detail)])
    organization = Organization.objects.get(id=organization_id)
    before = {name: getattr(organization, name) for name in days}
    for name, number in days.items():
        setattr(organization, name, number)
    organization.save(update_fields=list(days))
    if before != days:
        record_act("retention.changed", target=organization, before=before, after=days)
    return organization


@transaction.atomic
def create_operator(*, username: str) -> str | None:
    """Create a member of staff; return the password, or None if they exist."""
    if User.objects.filter(username=username).exists():
        return None
    password = secrets.token_urlsafe(12)
    made = User.objects.create_superuser(username=username, password=password)
    record_act("operator.created", target=made, after={"username": username})
    return password
