"""Keys of programs: made, shown once, replaced, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NoReturn
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import ConflictError, FieldError, InvalidInputError, NotAllowedError

from .. import selectors
from ..audit.record import record_act
from ..keys import make_key
from ..models import ApiKey, KeyKind, KeyOrigin, KeyState
from ..networks import network_of
from ..roles import (
    OF_KEY,
    Permission,
    Permissions,
    may_pass_publishing_on,
)
from .organizations import MOST_NAME
from .origins import clean_origin

# To the minute is enough to see whether a key is still in use; to the request would
# be a write for each of them.
LAST_USED_EVERY: Final = timedelta(minutes=1)
# Long enough for any release train; a leaked key is revoked instead.
MOST_OVERLAP: Final = timedelta(days=30)
MOST_NETWORKS: Final = 50
MOST_ORIGINS: Final = 100


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What a key may be used for; None and empty leave it open."""

    scopes: Sequence[str] | None = None
    networks: Sequence[str] = ()
    expires_at: datetime | None = None
    is_test: bool = False


OPEN_TERMS: Final = KeyTerms()


@transaction.atomic
def create_key(
    *,
    organization_id: UUID,
    kind: str,
    name: str = "",
    origins: Sequence[str] = (),
    terms: KeyTerms = OPEN_TERMS,
    actor_id: UUID | None = None,
) -> tuple[ApiKey, str]:
    """Create a key; return it with its text, which cannot be had again.

    Raises
    ------
    InvalidInputError
        The kind is unknown, an origin is none, a secret key has origins, a
        publishable key has none, or the terms are impossible.
    """
    if kind not in KeyKind.values:
        _refuse("/kind", _("A key is either secret or publishable."))
    if (kind == KeyKind.PUBLISHABLE) != bool(origins):
        _refuse(
            "/origins", _("A publishable key names its origins, a secret key has none.")
        )
    if len(origins) > MOST_ORIGINS:
        _refuse("/origins", _("These are too many."))
    if terms.expires_at is not None and terms.expires_at <= timezone.now():
        _refuse("/expires_at", _("This moment is past."))
    made = make_key(kind, is_test=terms.is_test)
    key = ApiKey.objects.create(
        organization_id=organization_id,
        kind=kind,
        name=name[:MOST_NAME],
        prefix=made.prefix,
        digest=made.digest,
        public_text=made.text if kind == KeyKind.PUBLISHABLE else "",
        is_test=terms.is_test,
        scopes=clean_scopes(kind, terms.scopes),
        networks=clean_networks(terms.networks) or None,
        expires_at=terms.expires_at,
        created_by_id=actor_id,
    )
    cleaned = list(dict.fromkeys(clean_origin(origin) for origin in origins))
    KeyOrigin.objects.bulk_create(
        KeyOrigin(organization_id=organization_id, key=key, origin=origin)
        for origin in cleaned
    )
    record_act("key.created", target=key, after=_terms(key) | {"origins": cleaned})
    return key, made.text


@transaction.atomic
def rotate_key(
    *,
    organization_id: UUID,
    key_id: UUID,
    overlap: timedelta,
    actor_id: UUID | None = None,
) -> tuple[ApiKey, str]:
    """Replace a key: the new one works at once, the old one for a while longer.

    The new one has the old one's terms, and no end of its own.

    Raises
    ------
    NotFoundError
        The organization has no such key.
    ConflictError
        It is over already, or was replaced before.
    InvalidInputError
        The overlap is negative or longer than a month.
    """
    if not timedelta(0) <= overlap <= MOST_OVERLAP:
        _refuse("/overlap_s", _("The old key may work for up to 30 days more."))
    # Two who replace it at once would leave one new key that nobody knows of.
    ApiKey.objects.select_for_update().filter(
        organization_id=organization_id, id=key_id
    ).first()
    old = selectors.key(organization_id=organization_id, key_id=key_id)
    if old.state != KeyState.ACTIVE or old.replaced_by_id is not None:
        raise ConflictError(
            _("This key is over, or was replaced before."), code="key_not_active"
        )
    made, text = create_key(
        organization_id=organization_id,
        kind=old.kind,
        name=old.name,
        origins=[each.origin for each in old.origins.all()],
        terms=KeyTerms(old.scopes, old.networks or (), None, old.is_test),
        actor_id=actor_id,
    )
    before, end = _terms(old), timezone.now() + overlap
    old.expires_at = min(old.expires_at or end, end)
    old.replaced_by = made
    old.save(update_fields=["expires_at", "replaced_by"])
    record_act("key.replaced", target=old, before=before, after=_terms(old))
    return made, text


@transaction.atomic
def allow_origin(*, organization_id: UUID, key_id: UUID, origin: str) -> None:
    """Let a publishable key be used from one more origin."""
    allowed, is_new = KeyOrigin.objects.get_or_create(
        organization_id=organization_id, key_id=key_id, origin=clean_origin(origin)
    )
    if is_new:
        key = ApiKey.objects.get(organization_id=organization_id, id=key_id)
        said = {"origin": allowed.origin}
        record_act("key.origin_allowed", target=key, after=said)


@transaction.atomic
def revoke_key(
    *, organization_id: UUID, key_id: UUID, actor_id: UUID | None = None
) -> bool:
    """End a key at once; say whether it had not been revoked before."""
    now = timezone.now()
    key = ApiKey.objects.filter(organization_id=organization_id, id=key_id)
    if not key.filter(revoked_at=None).update(revoked_at=now, revoked_by_id=actor_id):
        return False
    record_act("key.revoked", target=key.get(), after={"revoked_at": now})
    return True


def check_may_make(own: Permissions, of_key: Permissions) -> None:
    """Refuse who would get by a key what they are not trusted with themselves.

    Raises
    ------
    NotAllowedError
        The key may publish, and they may not.
    """
    if Permission.POLICY_PUBLISH in of_key and not may_pass_publishing_on(own):
        raise NotAllowedError(
            _("You may not publish: choose scopes without policy.publish."),
            code="permission_missing",
        )


def note_use(key: ApiKey) -> None:
    """Write down that a key was used, unless that was done within the minute."""
    now = timezone.now()
    before = now - LAST_USED_EVERY
    if key.last_used_at is not None and key.last_used_at > before:
        return
    unused = Q(last_used_at=None) | Q(last_used_at__lte=before)
    ApiKey.objects.filter(
        unused, organization_id=key.organization_id, id=key.id
    ).update(last_used_at=now)


def clean_scopes(kind: str, scopes: Sequence[str] | None) -> list[str] | None:
    """Return scopes in their order; None for all that the kind may have.

    Raises
    ------
    InvalidInputError
        There are none, or one is unknown or not for this kind of key.
    """
    if scopes is None:
        return None
    allowed = {permission.value for permission in OF_KEY[kind]}
    strange = sorted(set(scopes) - allowed)
    if strange:
        reason = _("A key of this kind cannot have the scope %(scope)s.")
        _refuse("/scopes", reason % {"scope": strange[0][:40]})
    if not scopes:
        _refuse("/scopes", _("A key without any scope would open nothing."))
    return sorted(set(scopes))


def clean_networks(networks: Sequence[str]) -> list[str]:
    """Return networks as they are kept, each once.

    Raises
    ------
    InvalidInputError
        One is no network, or there are too many.
    """
    if len(networks) > MOST_NETWORKS:
        _refuse("/networks", _("These are too many."))
    try:
        return list(dict.fromkeys(network_of(one) for one in networks))
    except ValueError:
        reason = _("A network looks like 203.0.113.0/24 or 2001:db8::/32.")
        raise InvalidInputError(reason, [FieldError("/networks", reason)]) from None


def _terms(key: ApiKey) -> dict[str, object]:
    """Return what an audit entry shows of a key."""
    names = ("kind", "name", "prefix", "scopes", "networks", "is_test")
    more = ("expires_at", "replaced_by_id")
    return {name: getattr(key, name) for name in (*names, *more)}


def _refuse(pointer: str, reason: str) -> NoReturn:
    raise InvalidInputError(reason, [FieldError(pointer, reason)])
