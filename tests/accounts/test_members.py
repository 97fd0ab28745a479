"""Members: who may be one, what they may do, and that an owner stays."""

import threading
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import selectors
from accounts.models import Membership, Organization, User
from accounts.roles import OF_ROLE, Permission, Role, may_assign, permissions_of
from accounts.services.members import add_member, change_role, remove_member
from common.errors import ConflictError, InvalidInputError, NotFoundError

pytestmark = pytest.mark.django_db


def join(organization: Organization, name: str, role: Role, **more: Any) -> Membership:
    """Make a new user a member."""
    user = User.objects.create_user(name)
    return add_member(
        organization_id=organization.id, user_id=user.id, role=role, **more
    )


def ids(member: Membership) -> Any:
    """Return what services know a member by."""
    return {"organization_id": member.organization_id, "membership_id": member.id}


def test_each_role_may_what_the_next_may_and_more() -> None:
    """From viewer to owner nothing is lost on the way."""
    roles = list(Role)
    for higher, lower in pairwise(roles):
        assert OF_ROLE[higher] > OF_ROLE[lower]


@pytest.mark.parametrize("role", Role)
def test_publishing_is_apart_from_every_role(role: Role) -> None:
    """Nobody has it by being something; a viewer not even when trusted."""
    publish = Permission.POLICY_PUBLISH
    assert publish not in permissions_of(role, may_publish=False)
    trusted = publish in permissions_of(role, may_publish=True)
    assert trusted is (role is not Role.VIEWER)


def test_only_owners_make_and_end_owners() -> None:
    """An admin would be one by asking."""
    owner, admin = OF_ROLE[Role.OWNER], OF_ROLE[Role.ADMIN]
    assert may_assign(owner, old=Role.VIEWER, new=Role.OWNER)
    assert may_assign(admin, old=Role.VIEWER, new=Role.ADMIN)
    assert may_assign(admin, old=None, new=Role.ADMIN)
    assert not may_assign(admin, old=Role.OWNER, new=None)
    assert not may_assign(admin, old=None, new=Role.OWNER)
    assert not may_assign(OF_ROLE[Role.ANALYST], old=None, new=Role.VIEWER)


def test_person_is_a_member_once(organization: Organization) -> None:
    """A second role would be a second answer."""
    member = join(organization, "ada", Role.VIEWER)
    with pytest.raises(ConflictError, match="member already"):
        add_member(
            organization_id=organization.id, user_id=member.user_id, role="admin"
        )
    assert selectors.members(organization_id=organization.id).get().role == "viewer"


@pytest.mark.parametrize(
    ("role", "may_publish"), [("king", False), ("", False), ("viewer", True)]
)
def test_impossible_roles_are_refused(
    organization: Organization,
    role: str,
    may_publish: bool,  # noqa: FBT001 - pytest's own way
) -> None:
    """By the service with a reason, by the database without."""
    member = join(organization, "ada", Role.ANALYST)
    with pytest.raises(InvalidInputError):
        change_role(**ids(member), role=role, may_publish=may_publish)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.update(role=role, may_publish=may_publish)


def test_last_owner_stays(organization: Organization) -> None:
    """Neither leaving nor becoming less is possible, until there is another."""
    first = join(organization, "ada", Role.OWNER)
    with pytest.raises(ConflictError) as refused:
        remove_member(**ids(first))
    assert refused.value.code == "last_owner"
    with pytest.raises(ConflictError):
        change_role(**ids(first), role="admin", may_publish=False)
    join(organization, "grace", Role.OWNER)
    remove_member(**ids(first))
    assert selectors.owners(organization_id=organization.id).get().user.username == (
        "grace"
    )


def test_owner_who_cannot_sign_in_does_not_count(organization: Organization) -> None:
    """An organization whose only owner is locked out has none."""
    first = join(organization, "ada", Role.OWNER)
    second = join(organization, "grace", Role.OWNER)
    User.objects.filter(id=second.user_id).update(is_active=False)
    with pytest.raises(ConflictError):
        remove_member(**ids(first))


def test_change_ends_what_was_said_before(organization: Organization) -> None:
    """Tokens carry the version; saying the same again leaves them alone."""
    member = join(organization, "ada", Role.VIEWER)
    same = change_role(**ids(member), role="viewer", may_publish=False)
    assert same.version == 1
    assert change_role(**ids(member), role="analyst", may_publish=True).version == 2
    back = change_role(**ids(member), role="viewer", may_publish=False)
    assert back.version == 3


def test_other_organizations_members_are_not_there(
    organization: Organization, stranger: Organization
) -> None:
    """By the right id, through the wrong door."""
    member = join(organization, "ada", Role.VIEWER)
    theirs = {"organization_id": stranger.id, "membership_id": member.id}
    with pytest.raises(NotFoundError):
        change_role(**theirs, role="owner", may_publish=True)
    with pytest.raises(NotFoundError):
        remove_member(**theirs)
    assert list(selectors.memberships_of(user_id=member.user_id)) == [member]


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one(organization: Organization) -> None:
    """Each would otherwise count the other."""
    owners = [join(organization, name, Role.OWNER) for name in ("ada", "grace")]
    barrier, refused = threading.Barrier(2), []

    def leave(member: Membership) -> None:
        barrier.wait()
        try:
            remove_member(**ids(member))
        except ConflictError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[one]) for one in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_owner"]
    assert selectors.owners(organization_id=organization.id).count() == 1
