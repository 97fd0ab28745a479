"""Keys of programs: made, shown once, ended."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import InvalidInputError

from ..keys import make_key
from ..models import ApiKey, KeyKind, KeyOrigin
from .organizations import MOST_NAME
from .origins import clean_origin


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
