"""Which kinds of principal may call; every view names one of these."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from ..principals import PrincipalKind


class _Kinds(BasePermission):
    """Allow the named kinds, and a session token for its own session alone."""

    kinds: frozenset[PrincipalKind] = frozenset()

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether this principal may call this view at all."""
        return getattr(request.user, "kind", None) in self.kinds


class SecretKeyOnly(_Kinds):
    """Servers of the organization."""

    kinds = frozenset({PrincipalKind.SECRET_KEY})


class AnyKey(_Kinds):
    """Servers, and pages that open a session."""

    kinds = frozenset({PrincipalKind.SECRET_KEY, PrincipalKind.PUBLISHABLE_KEY})


class SessionOrSecretKey(_Kinds):
    """Servers, and the browser of that very session."""

    kinds = frozenset({PrincipalKind.SECRET_KEY, PrincipalKind.SESSION_TOKEN})
