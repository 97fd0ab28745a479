"""Every read of accounts."""

import hmac
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from common.errors import NotFoundError

from .keys import digest_of, prefix_of
from .models import ApiKey, KeyOrigin, Organization


def organizations() -> QuerySet[Organization]:
    """Return every organization, by name."""
    return Organization.objects.order_by("name")


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
    """Return the active key behind a text; None for any other text."""
    prefix = prefix_of(text)
    if prefix is None:
        return None
    key = _key_of_anybody(prefix)
    if key is None or not hmac.compare_digest(key.digest, digest_of(text)):
        return None
    return key if key.is_active_at(timezone.now()) else None


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
