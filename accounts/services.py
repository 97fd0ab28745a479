"""Every write of accounts."""

import secrets
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import ConflictError, FieldError, InvalidInputError

from .keys import make_key
from .models import ApiKey, KeyKind, KeyOrigin, Organization, User

MOST_NAME: Final = 120


def create_organization(*, name: str) -> Organization:
    """Create an organization.

    Raises
    ------
    InvalidInputError
        The name is empty, too long or holds control characters.
    ConflictError
        There is one of that name already.
    """
    name = name.strip()
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise InvalidInputError(
            _("A name has between 1 and 120 printable characters."),
            [FieldError("/name", _("Not a usable name."))],
        )
    try:
        with transaction.atomic():
            return Organization.objects.create(name=name)
    except IntegrityError:
        raise ConflictError(
            _("There is an organization of that name already."), code="name_taken"
        ) from None


@transaction.atomic
def create_key(
    *, organization_id: UUID, kind: str, name: str = "", origins: Sequence[str] = ()
) -> tuple[ApiKey, str]:
    """Create a key; return it with its text, which cannot be had again.

    Raises
    ------
    InvalidInputError
        The kind is unknown, an origin is none, a secret key has origins, or a
        publishable key has none.
    """
    if kind not in KeyKind.values:
        raise InvalidInputError(_("A key is either secret or publishable."))
    if (kind == KeyKind.PUBLISHABLE) != bool(origins):
        raise InvalidInputError(
            _("A publishable key names its origins, a secret key has none.")
        )
    made = make_key(kind)
    key = ApiKey.objects.create(
        organization_id=organization_id,
        kind=kind,
        name=name[:MOST_NAME],
        prefix=made.prefix,
        digest=made.digest,
        public_text=made.text if kind == KeyKind.PUBLISHABLE else "",
    )
    for origin in dict.fromkeys(clean_origin(origin) for origin in origins):
        KeyOrigin.objects.create(
            organization_id=organization_id, key=key, origin=origin
        )
    return key, made.text


@transaction.atomic
def allow_origin(*, organization_id: UUID, key_id: UUID, origin: str) -> None:
    """Let a publishable key be used from one more origin."""
    KeyOrigin.objects.get_or_create(
        organization_id=organization_id, key_id=key_id, origin=clean_origin(origin)
    )


def revoke_key(*, organization_id: UUID, key_id: UUID) -> bool:
    """End a key at once; say whether it was still in force."""
    return bool(
        ApiKey.objects.filter(
            organization_id=organization_id, id=key_id, revoked_at=None
        ).update(revoked_at=timezone.now())
    )


def create_operator(*, username: str) -> str | None:
    """Create a member of staff; return the password, or None if they exist."""
    if User.objects.filter(username=username).exists():
        return None
    password = secrets.token_urlsafe(12)
    User.objects.create_superuser(username=username, password=password)
    return password


def clean_origin(text: str) -> str:
    """Return an origin as browsers write it: scheme, host, port, lower case.

    Raises
    ------
    InvalidInputError
        The text is no origin.
    """
    parts = urlsplit(text.strip().lower())
    bare = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidInputError(
            _("An origin looks like https://survey.example, without a path.")
        )
    if bare != text.strip().lower().rstrip("/") or parts.username:
        raise InvalidInputError(
            _("An origin looks like https://survey.example, without a path.")
        )
    return bare
