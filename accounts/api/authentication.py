"""One header for all: `Authorization: Bearer …`, key or session token."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from common.addresses import client_address
from common.tenancy import scope

from .. import acting, selectors, tokens
from ..models import ApiKey, KeyKind, KeyState
from ..networks import is_within
from ..principals import Principal, PrincipalKind
from ..services.keys import note_use
from ..services.signing_in import principal_of_access

_REFUSED = _("This key or token is not valid, or no longer.")
_OVER = {
    KeyState.EXPIRED: (_("This key has expired."), "key_expired"),
    KeyState.REVOKED: (_("This key was revoked."), "key_revoked"),
}


class BearerAuthentication(BaseAuthentication):
    """Find the principal behind a bearer key or token."""

    def authenticate(self, request: Request) -> tuple[Principal, None] | None:
        """Return the principal; None when nothing was shown."""
        words = self.shown(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:  # noqa: PLR2004 - scheme and credential
            raise AuthenticationFailed(_REFUSED)
        text = words[1].decode("ascii", errors="replace")
        if text.startswith(tokens.MARK):
            principal = tokens.principal_of_token(text)
        elif text.count(".") == 2:  # noqa: PLR2004 - a JWT's parts; a key has no dots
            principal = principal_of_access(text)
        else:
            key = selectors.key_of_text(text)
            principal = _principal_of_key(key, request) if key else None
        if principal is None:
            raise AuthenticationFailed(_REFUSED)
        scope.enter(principal.organization_id)
        acting.enter(acting.of_principal(principal, request._request))  # noqa: SLF001 - it knows its address
        return principal, None

    def shown(self, request: Request) -> bytes:
        """Return the header: a scheme and a credential."""
        return get_authorization_header(request)

    def authenticate_header(self, request: Request) -> str:
        """Return what makes DRF answer 401 instead of 403."""
        return "Bearer"


def _principal_of_key(key: ApiKey, request: Request) -> Principal:
    """Return a key's principal, if it is in force and comes from where it may."""
    if key.state in _OVER:
        reason, code = _OVER[key.state]
        raise AuthenticationFailed(reason, code=code)
    django_request = request._request  # noqa: SLF001 - it knows its address
    if key.networks and not is_within(client_address(django_request), key.networks):
        raise PermissionDenied(
            _("This key may not be used from this network."), code="network_not_allowed"
        )
    scope.enter(key.organization_id)
    if key.kind == KeyKind.PUBLISHABLE and not selectors.key_allows_origin(
        organization_id=key.organization_id,
        key_id=key.id,
        origin=request.headers.get("origin", "").lower(),
    ):
        raise PermissionDenied(
            _("This key may not be used from this origin."), code="origin_not_allowed"
        )
    note_use(key)
    return Principal(
        kind=PrincipalKind(key.kind),
        organization_id=key.organization_id,
        key_id=key.id,
        permissions=key.permissions,
        is_test=key.is_test,
    )


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # spectacular's base registers itself
    """Tell the OpenAPI document about the header."""

    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme's description."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": (
                "A secret key (bf_sk_…) from a server; a publishable key (bf_pk_…) or "
                "a session token (bf_st_…) from a respondent's browser; an access "
                "token of a member (POST /auth/token)."
            ),
        }
