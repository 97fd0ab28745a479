"""Every write of accounts."""

import re
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
# Browsers leave these out of an origin.
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# A name of letters, digits, hyphens and dots, or an IPv6 address.
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,180}[a-z0-9])?|[0-9a-f:.]{2,45}")


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
    wrong = InvalidInputError(
        _("An origin looks like https://survey.example, without a path.")
    )
    try:
        parts = urlsplit(text.strip().lower().rstrip("/"))
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        # Brackets that do not close, a port that is no number, a label too long.
        raise wrong from None
    if parts.scheme not in DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise wrong
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise wrong
    host = f"[{host}]" if ":" in host else host
    is_usual = port in {None, DEFAULT_PORTS[parts.scheme]}
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")
