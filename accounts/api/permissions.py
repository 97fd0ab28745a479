"""Who may call what: each view names what it takes, and the table says who has it."""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from ..principals import Principal, PrincipalKind
from ..roles import Permission

if TYPE_CHECKING:
    # The framework's views import this module, by way of the settings.
    from rest_framework.views import APIView

__all__ = ["ByTable", "Needs", "Open", "Permission", "principal_of"]


class Open(Enum):
    """What a view can ask for that is in no table."""

    # Who has not signed in yet.
    ANYONE = "anyone"
    # A person, whatever their role.
    MEMBERS = "members"


# What each method of a view takes: `needs = {"GET": Permission.SESSIONS_READ}`.
Needs = Mapping[str, Permission | Open]

_NOTHING: Final[Needs] = {}


def principal_of(request: Request) -> Principal:
    """Return who asks; permissions have made sure that someone does."""
    return cast("Principal", request.user)


class ByTable(BasePermission):
    """Allow what a view's `needs` name; a view that names nothing stays shut."""

    message: str | Promise = _("You may not do this.")
    code = "permission_denied"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Say whether this principal may call this method of this view."""
        needs: Needs = getattr(view, "needs", _NOTHING)
        method = "GET" if request.method == "HEAD" else str(request.method)
        principal: object = request.user
        if Open.ANYONE in needs.values() and _is_missing(view, method):
            return True
        if needs.get(method) is Open.ANYONE:
            return True
        if not isinstance(principal, Principal):
            return False
        if method not in needs:
            # Whoever may call the view at all learns that it has no such method.
            return _is_missing(view, method) and any(
                _has(principal, each) for each in needs.values()
            )
        return _has(principal, needs[method]) or self._refuse(principal, needs[method])

    def _refuse(self, principal: Principal, needed: Permission | Open) -> bool:
        """Say no, and name what is missing."""
        if isinstance(needed, Permission):
            if principal.kind is PrincipalKind.USER:
                said = _("Your role does not have the permission %(name)s.")
                self.code = "permission_missing"
            else:
                said = _("This key or token does not have the scope %(name)s.")
                self.code = "scope_missing"
            self.message = str(said) % {"name": needed.value}
        return False


def _is_missing(view: "APIView", method: str) -> bool:
    return method == "OPTIONS" or not hasattr(view, method.lower())


def _has(principal: Principal, needed: Any) -> bool:
    if needed is Open.MEMBERS:
        return principal.kind is PrincipalKind.USER
    return isinstance(needed, Permission) and principal.may(needed)
