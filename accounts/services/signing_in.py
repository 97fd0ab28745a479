"""Sign-ins of people's programs: begun with a password, renewed, ended."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import NotAuthenticatedError
from common.ids import new_id
from common.tenancy import scope

from .. import selectors
from ..audit.record import record_act
from ..models import Membership, TokenFamily
from ..principals import Principal, PrincipalKind
from ..user_tokens import (
    ACCESS_LIFE,
    FAMILY_LIFE,
    AccessToken,
    RefreshToken,
    UserClaims,
    claims_of,
    issue,
    version_of,
)

log = structlog.get_logger(__name__)

EXPIRES_IN_S: Final = int(ACCESS_LIFE.total_seconds())


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a sign-in gives: one to ask with, one to renew both."""

    access: str
    refresh: str
    organization_id: UUID


@transaction.atomic
def begin(*, membership: Membership) -> TokenPair:
    """Begin a sign-in of a member whose password and second factor were right."""
    now = timezone.now()
    with scope.entered(membership.organization_id):
        TokenFamily.objects.filter(membership=membership, expires_at__lte=now).delete()
        family = TokenFamily.objects.create(
            organization_id=membership.organization_id,
            membership=membership,
            expires_at=now + FAMILY_LIFE,
        )
        record_act("program.signed_in", target=family)
    return _pair(family)


def renew(*, refresh: str) -> TokenPair:
    """Return a new pair for a refresh token, which is used up by it.

    Raises
    ------
    NotAuthenticatedError
        It is no refresh token, or no longer one. One that was used before ends its
        whole family, so this must not be called within a transaction that a refusal
        rolls back.
    """
    claims = claims_of(RefreshToken, refresh)
    family = _family(claims) if claims else None
    if claims is None or family is None:
        raise _refusal()
    used_up = TokenFamily.objects.filter(
        organization_id=family.organization_id,
        id=family.id,
        refresh_id=claims.refresh_id,
        revoked_at=None,
    )
    next_id = new_id()
    with scope.entered(family.organization_id):
        is_first = used_up.update(refresh_id=next_id)
    if not is_first:
        _revoke(family, "refresh_token.used_twice")
        log.warning(
            "refresh_token.used_twice",
            organization_id=str(family.organization_id),
            user_id=str(claims.user_id),
            family_id=str(family.id),
        )
        raise _refusal()
    family.refresh_id = next_id
    return _pair(family)


def end(*, refresh: str) -> None:
    """End a sign-in, by any of its refresh tokens; whatever else is shown, nothing."""
    claims = claims_of(RefreshToken, refresh)
    family = _family(claims) if claims else None
    if family is not None:
        _revoke(family, "program.signed_out")


def principal_of_access(text: str) -> Principal | None:
    """Return whom an access token stands for, with what they may do at this moment."""
    claims = claims_of(AccessToken, text)
    family = _family(claims) if claims else None
    if family is None:
        return None
    return Principal(
        kind=PrincipalKind.USER,
        organization_id=family.organization_id,
        user_id=family.membership.user_id,
        permissions=family.membership.permissions,
    )


def _family(claims: UserClaims) -> TokenFamily | None:
    """Return the sign-in that claims name, if nothing has changed since."""
    found = selectors.token_family(
        organization_id=claims.organization_id,
        family_id=claims.family_id,
        user_id=claims.user_id,
    )
    return found if found and _version(found) == claims.version else None


def _version(family: TokenFamily) -> str:
    member = family.membership
    return version_of(password=member.user.password, membership_version=member.version)


@transaction.atomic
def _revoke(family: TokenFamily, verb: str) -> None:
    unended = TokenFamily.objects.filter(
        organization_id=family.organization_id, id=family.id, revoked_at=None
    )
    with scope.entered(family.organization_id):
        if unended.update(revoked_at=timezone.now()):
            record_act(verb, target=family)


def _pair(family: TokenFamily) -> TokenPair:
    claims = UserClaims(
        user_id=family.membership.user_id,
        organization_id=family.organization_id,
        family_id=family.id,
        refresh_id=family.refresh_id,
        version=_version(family),
    )
    return TokenPair(
        access=issue(AccessToken, claims),
        refresh=issue(RefreshToken, claims),
        organization_id=family.organization_id,
    )


def _refusal() -> NotAuthenticatedError:
    return NotAuthenticatedError(_("Sign in again."), code="refresh_refused")
