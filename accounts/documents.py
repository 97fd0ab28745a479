"""What callers get to see of people and their places."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from common.errors import NotFoundError

from .models import Membership, Organization, User


@dataclass(frozen=True, slots=True)
class Me:
    """A person in one of their organizations."""

    user: User
    organization: Organization
    role: str
    may_publish: bool
    permissions: list[str]
    organizations: list[Organization]


def me_document(memberships: Iterable[Membership], *, organization_id: UUID) -> Me:
    """Return a person's place in an organization, and the other ones they have.

    Raises
    ------
    NotFoundError
        They were removed within the same moment.
    """
    found = list(memberships)
    for one in found:
        if one.organization_id == organization_id:
            return Me(
                user=one.user,
                organization=one.organization,
                role=one.role,
                may_publish=one.may_publish,
                permissions=sorted(each.value for each in one.permissions),
                organizations=[each.organization for each in found],
            )
    raise NotFoundError(_("There is no such member."))
