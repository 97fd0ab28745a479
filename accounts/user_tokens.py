"""Tokens of people's programs: JWT that say who signed in where, and what that was.

They are signed and name their organization, but none of that is believed by itself:
each request looks the membership up, and compares the version.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import Token

# What an access token may be wrong about lasts no longer than this where its family
# cannot be asked; RFC 9700 and ASVS 5.0 (7.3) want minutes.
ACCESS_LIFE: Final = timedelta(minutes=10)
# The person signs in again after this, whatever was refreshed meanwhile.
FAMILY_LIFE: Final = timedelta(days=14)

ALGORITHM: Final = "HS256"
AUDIENCE: Final = "bonafide.api"
ISSUER: Final = "bonafide"


@dataclass(frozen=True, slots=True)
class UserClaims:
    """Who signed in, where, and by which sign-in."""

    user_id: UUID
    organization_id: UUID
    family_id: UUID
    refresh_id: UUID
    version: str


class AccessToken(Token):
    """What requests carry."""

    token_type = "access"  # noqa: S105 - a kind of token, not a token
    lifetime = ACCESS_LIFE

    def get_token_backend(self) -> TokenBackend:
        """Return the one way in which tokens are signed here."""
        return _backend(settings.SECRET_KEY)


class RefreshToken(AccessToken):
    """What the next pair of tokens costs."""

    token_type = "refresh"  # noqa: S105 - likewise
    lifetime = FAMILY_LIFE


def issue(kind: type[AccessToken], claims: UserClaims) -> str:
    """Return a signed token."""
    token = kind()
    token["sub"] = str(claims.user_id)
    token["org"] = str(claims.organization_id)
    token["fam"] = str(claims.family_id)
    token["ver"] = claims.version
    token["jti"] = str(claims.refresh_id)
    return str(token)


def claims_of(kind: type[AccessToken], text: str) -> UserClaims | None:
    """Return what a token of this kind says; None if it is forged, old or another."""
    try:
        # The library's annotation is wrong: it takes a token's text.
        payload: dict[str, Any] = kind(text).payload  # type: ignore[arg-type]
        return UserClaims(
            user_id=UUID(payload["sub"]),
            organization_id=UUID(payload["org"]),
            family_id=UUID(payload["fam"]),
            refresh_id=UUID(payload["jti"]),
            version=str(payload["ver"]),
        )
    except (TokenError, KeyError, ValueError, TypeError, AttributeError):
        # Signed by us, but by another release or for another purpose.
        return None


def version_of(*, password: str, membership_version: int) -> str:
    """Return what changes with a password or a role, and tells neither."""
    return salted_hmac(
        "bonafide.user-token.version",
        f"{membership_version}:{password}",
        algorithm="sha256",
    ).hexdigest()[:32]


@cache
def _backend(secret: str) -> TokenBackend:
    # A key of its own: what else is signed with the secret can never be a token.
    key = salted_hmac("bonafide.user-token", "key", secret, algorithm="sha256")
    return TokenBackend(
        ALGORITHM, signing_key=key.hexdigest(), audience=AUDIENCE, issuer=ISSUER
    )
