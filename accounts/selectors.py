"""Every read of accounts."""

import hmac
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.encryption.blind_index import index_of
from common.errors import NotFoundError
from common.tenancy import scope

from .keys import digest_of, prefix_of
from .models import (
    ApiKey,
    Authenticator,
    Invitation,
    KeyOrigin,
    Membership,
    Organization,
    TokenFamily,
    User,
)
from .roles import Role


def organizations() -> QuerySet[Organization]:
    """Return every organization, by name."""
    return Organization.objects.order_by("name")


def own_days(kept: str) -> dict[UUID, int]:
    """Return the organizations that keep something for days of their own, and how many.

    `kept` is a field of `Organization`, such as "results_kept_days".
    """
    own = organizations().filter(**{f"{kept}__isnull": False})
    return dict(own.values_list("id", kept))


def organization_named(name: str) -> Organization:
    """Return an organization by its name.

    Raises
    ------
    NotFoundError
        There is none of that name.
    """
    organization = Organization.objects.filter(name=name).first()
    if organization is None:
        msg = f"There is no organization named {name!r}."
        raise NotFoundError(msg)
    return organization


def key_of_text(text: str) -> ApiKey | None:
    """Return the key behind a text, in force or not; None for any other text.

    Who shows the whole of a key may learn that it is over.
    """
    prefix = prefix_of(text)
    if prefix is None:
        return None
    key = _key_of_anybody(prefix)
    if key is None or not hmac.compare_digest(key.digest, digest_of(text)):
        return None
    return key


def _key_of_anybody(prefix: str) -> ApiKey | None:
    """Return the key, before it is known whose rows may be seen.

    PostgreSQL has a function for this one question, which sees every key.
    """
    if connection.vendor == "postgresql":
        function = "SELECT * FROM accounts_key_of_prefix(%s)"
        return next(iter(ApiKey.objects.raw(function, [prefix])), None)
    return ApiKey.objects.filter(prefix=prefix).first()


def key_of_prefix(prefix: str) -> ApiKey | None:
    """Return the key, active or not, that begins so."""
    return ApiKey.objects.filter(prefix=prefix).first()


def keys(*, organization_id: UUID) -> QuerySet[ApiKey]:
    """Return an organization's keys, in force or not, with their origins."""
    found = ApiKey.objects.filter(organization_id=organization_id)
    return found.prefetch_related("origins")


def key(*, organization_id: UUID, key_id: UUID) -> ApiKey:
    """Return a key.

    Raises
    ------
    NotFoundError
        The organization has no such key.
    """
    found = keys(organization_id=organization_id).filter(id=key_id).first()
    if found is None:
        raise NotFoundError(_("There is no such key."))
    return found


def origin_is_registered(origin: str) -> bool:
    """Say whether some active key of any organization names this origin."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT accounts_origin_is_registered(%s)", [origin])
            return bool(cursor.fetchone()[0])
    return KeyOrigin.objects.filter(origin=origin, key__in=_active_keys()).exists()


def key_allows_origin(*, organization_id: UUID, key_id: UUID, origin: str) -> bool:
    """Say whether this key may be used from this origin."""
    return KeyOrigin.objects.filter(
        organization_id=organization_id, key_id=key_id, origin=origin
    ).exists()


def publishable_key(organization_id: UUID) -> ApiKey | None:
    """Return an organization's newest publishable key, for pages of our own."""
    keys = _active_keys().filter(organization_id=organization_id, kind="publishable")
    return keys.order_by("-id").first()


def _active_keys() -> QuerySet[ApiKey]:
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiKey.objects.filter(unexpired, revoked_at=None)


def members(*, organization_id: UUID) -> QuerySet[Membership]:
    """Return an organization's members with their users."""
    found = Membership.objects.filter(organization_id=organization_id)
    return found.select_related("user")


def owners(*, organization_id: UUID) -> QuerySet[Membership]:
    """Return the owners of an organization who can sign in."""
    return members(organization_id=organization_id).filter(
        role=Role.OWNER, user__is_active=True
    )


def member(*, organization_id: UUID, membership_id: UUID) -> Membership:
    """Return a member with their user.

    Raises
    ------
    NotFoundError
        The organization has no such member.
    """
    found = members(organization_id=organization_id).filter(id=membership_id).first()
    if found is None:
        raise NotFoundError(_("There is no such member."))
    return found


@scope.everywhere("accounts.memberships")
def memberships_of(*, user_id: UUID) -> list[Membership]:
    """Return where somebody is a member, by the organizations' names."""
    found = Membership.objects.filter(user_id=user_id)
    related = found.select_related("organization", "user")
    return list(related.order_by("organization__name"))


def token_family(
    *, organization_id: UUID, family_id: UUID, user_id: UUID
) -> TokenFamily | None:
    """Return a sign-in with its member, while the person still is one."""
    with scope.entered(organization_id):
        return (
            TokenFamily.objects.select_related("membership__user")
            .filter(
                organization_id=organization_id,
                id=family_id,
                revoked_at=None,
                expires_at__gt=timezone.now(),
                membership__organization_id=organization_id,
                membership__user_id=user_id,
                membership__user__is_active=True,
            )
            .first()
        )


def has_second_factor(*, user_id: UUID) -> bool:
    """Say whether somebody has set up a second factor."""
    return bool(Authenticator.objects.filter(user_id=user_id, confirmed=True).exists())


def second_factor(*, user_id: UUID) -> Authenticator | None:
    """Return what somebody shows their second factor with."""
    found: Authenticator | None = Authenticator.objects.filter(
        user_id=user_id, confirmed=True
    ).first()
    return found


def is_second_factor_required() -> bool:
    """Say whether staff and owners must have one in this installation."""
    required: bool = settings.TWO_FACTOR_REQUIRED
    return required


def needs_second_factor(user: User) -> bool:
    """Say whether somebody may do so much that a password is not enough."""
    if not is_second_factor_required():
        return False
    owned = Membership.objects.filter(user_id=user.id, role=Role.OWNER)
    with scope.everywhere("accounts.second_factor"):
        return user.is_staff or owned.exists()


def invitations(*, organization_id: UUID) -> QuerySet[Invitation]:
    """Return whom an organization invited."""
    return Invitation.objects.filter(organization_id=organization_id)


def open_invitations(*, organization_id: UUID) -> QuerySet[Invitation]:
    """Return the invitations that can still be accepted."""
    return invitations(organization_id=organization_id).filter(
        accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )


def invitation(*, organization_id: UUID, invitation_id: UUID) -> Invitation:
    """Return an invitation.

    Raises
    ------
    NotFoundError
        The organization has no such invitation.
    """
    found = invitations(organization_id=organization_id).filter(id=invitation_id)
    for one in found:
        return one
    raise NotFoundError(_("There is no such invitation."))


def users_of_email(email: str) -> list[User]:
    """Return who may sign in with a password and has this address."""
    same = index_of(User, "email_index", email)
    if not same:
        return []
    found = User.objects.filter(email_index=same, is_active=True)
    return [one for one in found if one.has_usable_password()]


def user(user_id: UUID) -> User | None:
    """Return somebody who may sign in."""
    return User.objects.filter(id=user_id, is_active=True).first()
