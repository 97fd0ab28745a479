"""Who is in the console, where, and whether they are in yet.

A member works inside one organization at a time: the one that their session names, if
the membership is still there. Staff of the installation are outside of all of them.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

from . import selectors
from .models import Membership, User
from .roles import Role

CHOSEN: Final = "organization_id"
SET_UP: Final = "two_factor_set_up"
VERIFY: Final = "two_factor"
_KEPT: Final = "_presence"
_STEP: Final = "_next_step"


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody who is signed in and has somewhere to be."""

    user: User
    memberships: tuple[Membership, ...]
    # None: an operator, who sees all organizations.
    membership: Membership | None

    @property
    def organization_id(self) -> UUID | None:
        """Return the organization that everything shown belongs to."""
        return self.membership.organization_id if self.membership else None


def presence_of(request: HttpRequest) -> Presence | None:
    """Return who is here; None for who did not sign in, or is a member nowhere.

    Asked once a request. What follows from it stands on the request (`organization_id`)
    and on the user (`membership`) for whoever restricts rows and permissions.
    """
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, _find(request))
    kept: Presence | None = getattr(request, _KEPT)
    return kept


def next_step(request: HttpRequest) -> str | None:
    """Return the name of the page that a person has to pass first; None for none.

    Asked once a request.
    """
    if not hasattr(request, _STEP):
        setattr(request, _STEP, _find_step(request))
    kept: str | None = getattr(request, _STEP)
    return kept


def _find_step(request: HttpRequest) -> str | None:
    here = presence_of(request)
    if here is None or _is_verified(request.user):
        return None
    if selectors.has_second_factor(user_id=here.user.id):
        return VERIFY
    return SET_UP if _must_have_second_factor(here) else None


def choose_organization(request: HttpRequest, organization_id: UUID) -> bool:
    """Work in another organization from now on; say whether one is a member there."""
    here = presence_of(request)
    ids = {one.organization_id for one in here.memberships} if here else set()
    if organization_id not in ids:
        return False
    request.session[CHOSEN] = str(organization_id)
    return True


def _find(request: HttpRequest) -> Presence | None:
    user: Any = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_staff or user.is_superuser:
        found = Presence(user, (), None)
    else:
        memberships = tuple(selectors.memberships_of(user_id=user.id))
        if not memberships:
            return None
        chosen = request.session.get(CHOSEN)
        membership = next(
            (one for one in memberships if str(one.organization_id) == chosen),
            memberships[0],
        )
        found = Presence(user, memberships, membership)
    user.membership = found.membership
    request.organization_id = found.organization_id  # type: ignore[attr-defined] # documented above
    return found


def _is_verified(user: Any) -> bool:
    return bool(user.is_verified())


def _must_have_second_factor(here: Presence) -> bool:
    if not selectors.is_second_factor_required():
        return False
    return here.membership is None or any(
        one.role == Role.OWNER for one in here.memberships
    )
