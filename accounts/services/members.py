"""Members of an organization: who comes, changes, goes."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.errors import ConflictError, FieldError, InvalidInputError, NotAllowedError

from .. import selectors
from ..audit.record import record_act
from ..models import Membership, Organization
from ..roles import (
    MAY_BE_PUBLISHER,
    Permissions,
    Role,
    may_assign,
    may_pass_publishing_on,
)


@transaction.atomic
def add_member(
    *, organization_id: UUID, user_id: UUID, role: str, may_publish: bool = False
) -> Membership:
    """Make somebody a member.

    Raises
    ------
    InvalidInputError
        There is no such role, or it cannot be trusted with publishing.
    ConflictError
        They are a member already.
    """
    check_role(role, may_publish=may_publish)
    try:
        with transaction.atomic():
            member = Membership.objects.create(
                organization_id=organization_id,
                user_id=user_id,
                role=role,
                may_publish=may_publish,
            )
    except IntegrityError:
        raise ConflictError(
            _("This person is a member already."), code="member_already"
        ) from None
    record_act("member.added", target=member, after=_terms(member))
    return member


@transaction.atomic
def change_role(
    *, organization_id: UUID, membership_id: UUID, role: str, may_publish: bool
) -> Membership:
    """Give a member another role; tokens of the old one end at once.

    Saying again what they are changes nothing.

    Raises
    ------
    NotFoundError
        The organization has no such member.
    InvalidInputError
        There is no such role, or it cannot be trusted with publishing.
    ConflictError
        The organization would have no owner.
    """
    check_role(role, may_publish=may_publish)
    member = _locked(organization_id, membership_id)
    if (member.role, member.may_publish) == (role, may_publish):
        return member
    if member.role == Role.OWNER and role != Role.OWNER:
        _keep_an_owner(organization_id)
    before = _terms(member)
    Membership.objects.filter(id=member.id).update(
        role=role, may_publish=may_publish, version=F("version") + 1
    )
    member.refresh_from_db()
    record_act("member.changed", target=member, before=before, after=_terms(member))
    return member


@transaction.atomic
def remove_member(*, organization_id: UUID, membership_id: UUID) -> None:
    """End a membership; what the person had open ends with it.

    Raises
    ------
    NotFoundError
        The organization has no such member.
    ConflictError
        The organization would have no owner.
    """
    member = _locked(organization_id, membership_id)
    if member.role == Role.OWNER:
        _keep_an_owner(organization_id)
    record_act("member.removed", target=member, before=_terms(member))
    member.delete()


def check_may_assign(
    own: Permissions,
    *,
    old: str | None,
    new: str | None,
    entrusts: bool = False,
) -> None:
    """Refuse who may not make a member of one role one of another.

    `entrusts` says that the member is to be trusted with publishing, and was not.

    Raises
    ------
    NotAllowedError
        Only owners make owners, and end them; only who may publish lets others.
    """
    if entrusts and not may_pass_publishing_on(own):
        raise NotAllowedError(
            _("Only who may publish can let somebody else publish."),
            code="permission_missing",
        )
    before, after = (Role(one) if one else None for one in (old, new))
    if not may_assign(own, old=before, new=after):
        raise NotAllowedError(
            _("Only an owner may do this to an owner, or make one."),
            code="permission_missing",
        )


def check_role(role: str, *, may_publish: bool) -> None:
    """Refuse what the constraints refuse, with a reason.

    Raises
    ------
    InvalidInputError
        There is no such role, or it cannot be trusted with publishing.
    """
    if role not in list(Role):
        reason = _("There is no such role.")
        raise InvalidInputError(reason, [FieldError("/role", reason)])
    if may_publish and Role(role) not in MAY_BE_PUBLISHER:
        reason = _("A viewer may not publish.")
        raise InvalidInputError(reason, [FieldError("/may_publish", reason)])


def _terms(member: Membership) -> dict[str, object]:
    """Return what an audit entry shows of a member."""
    return {
        "user_id": member.user_id,
        "role": member.role,
        "may_publish": member.may_publish,
    }


def _locked(organization_id: UUID, membership_id: UUID) -> Membership:
    """Return a member, after whoever else changes this organization's owners.

    The organization's row is what they queue at: two owners who leave at the same
    moment hold different members, and each would see the other still there.
    """
    Organization.objects.select_for_update().filter(id=organization_id).first()
    return selectors.member(
        organization_id=organization_id, membership_id=membership_id
    )


def _keep_an_owner(organization_id: UUID) -> None:
    if selectors.owners(organization_id=organization_id).count() < 2:  # noqa: PLR2004 - one besides
        raise ConflictError(
            _("The last owner cannot leave: make somebody else an owner first."),
            code="last_owner",
        )
