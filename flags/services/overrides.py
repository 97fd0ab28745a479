"""Overrides: a variant for one user or one organization, before every rule."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import organizations, record_act
from common.errors import ConflictError, NotAllowedError, NotFoundError

from .. import selectors
from ..engine import Flag
from ..identity import known_as
from ..models import Act, FeatureFlagOverride
from ..registry import declared
from ..serving import database
from .checking import MOST_OVERRIDES, refuse
from .writing import changing, remember

# Not for whom: that is a person's name.
SHOWN: Final = ("flag", "variant", "expires_at", "is_for_user")
LONGEST_USER: Final = 255


@dataclass(frozen=True, slots=True)
class Whom:
    """A user, an organization, or a user while that organization asks."""

    user: str = ""
    organization_id: UUID | None = None

    @property
    def index(self) -> str:
        """Return the user's digest, empty for no user."""
        return known_as(self.user) if self.user else ""

    @property
    def subject(self) -> str:
        """Return both in one, as the table keeps them apart."""
        return f"{self.index}:{self.organization_id or ''}"


def set_override(
    *,
    organization_id: UUID | None,
    flag: str,
    whom: Whom,
    variant: str,
    expires_at: datetime | None = None,
    reason: str = "",
) -> FeatureFlagOverride:
    """Give somebody a variant, in the place of what they had.

    Raises
    ------
    NotFoundError
        There is no such flag, or no such organization.
    InvalidInputError
        The flag has no such variant, it is over already, or it is for nobody.
    NotAllowedError
        The installation does not let organizations override this flag.
    ConflictError
        The flag is archived, or there are too many.
    """
    _check_whom(organization_id, whom)
    if expires_at is not None and expires_at <= timezone.now():
        refuse("/expires_at", _("This moment is over."))
    with changing(organization_id):
        _check_flag(organization_id, flag, variant)
        rows = FeatureFlagOverride.objects.of(organization_id)
        row = rows.filter(flag=flag, subject=whom.subject).first()
        if row is None and rows.count() >= MOST_OVERRIDES:
            said = _("There are at most %(most)d overrides: remove some.")
            raise ConflictError(
                said % {"most": MOST_OVERRIDES}, code="too_many_overrides"
            )
        before = _terms(row) if row else {}
        row = row or FeatureFlagOverride(
            organization_id=organization_id,
            flag=flag,
            user=whom.user or None,
            user_index=whom.index,
            for_organization_id=whom.organization_id,
            subject=whom.subject,
        )
        row.variant, row.expires_at, row.reason = variant, expires_at, reason[:300]
        row.save()
        _remember(row, Act.OVERRIDDEN)
        record_act(
            "flag.overridden",
            target=row,
            before=before,
            after=_terms(row),
            reason=reason,
        )
    return row


def remove_override(
    *, organization_id: UUID | None, flag: str, override_id: UUID
) -> None:
    """Take an override back.

    Raises
    ------
    NotFoundError
        The owner has no such override.
    """
    with changing(organization_id):
        rows = selectors.overrides(organization_id=organization_id, flag=flag)
        row = rows.filter(id=override_id).first()
        if row is None:
            raise NotFoundError(_("There is no such override."))
        _remove(row)


def remove_override_for(*, organization_id: UUID | None, flag: str, whom: Whom) -> None:
    """Take back what somebody was given.

    Raises
    ------
    NotFoundError
        They were given nothing.
    """
    rows = selectors.overrides(organization_id=organization_id, flag=flag)
    row = rows.filter(subject=whom.subject).first()
    if row is None:
        raise NotFoundError(_("There is no such override."))
    remove_override(organization_id=organization_id, flag=flag, override_id=row.id)


def flag_meant(organization_id: UUID | None, name: str) -> Flag:
    """Return the flag that would be overridden.

    Raises
    ------
    NotFoundError, ConflictError, NotAllowedError
        As `set_override`.
    """
    row = selectors.flag_seen(organization_id=organization_id, name=name)
    if row is None:
        return declared()[name].flag
    if row.archived_at is not None:
        said = _("This flag is archived: restore it first.")
        raise ConflictError(said, code="flag_archived")
    is_theirs = row.organization_id is None and organization_id is not None
    if is_theirs and not row.is_overridable:
        said = _("The installation does not let organizations override this flag.")
        raise NotAllowedError(said, code="flag_not_overridable")
    return database.flag_of(row)


def forget_user(*, organization_id: UUID, user: str) -> int:
    """Remove whatever an organization gave to a person; return how many it were."""
    rows = FeatureFlagOverride.objects.of(organization_id).filter(
        user_index=known_as(user)
    )
    if not rows.exists():
        return 0
    with changing(organization_id):
        return rows.delete()[0]


def forget_ended(*, organization_id: UUID | None, before: datetime) -> int:
    """Remove overrides that ended long ago; they decide nothing any more."""
    rows = FeatureFlagOverride.objects.of(organization_id).filter(expires_at__lt=before)
    return rows.delete()[0]


def _check_whom(organization_id: UUID | None, whom: Whom) -> None:
    if len(whom.user) > LONGEST_USER or not (whom.user.isprintable()):
        refuse("/user", _("A user is one line of up to 255 characters."))
    if not whom.user and whom.organization_id is None:
        refuse("", _("Say for which user or organization this is."))
    if organization_id is None:
        if whom.organization_id is not None:
            _refuse_unknown(whom.organization_id)
    elif whom.organization_id not in {None, organization_id}:
        refuse("/organization", _("This is another organization."))


def _refuse_unknown(organization_id: UUID) -> None:
    if not organizations().filter(id=organization_id).exists():
        raise NotFoundError(_("There is no such organization."))


def _check_flag(organization_id: UUID | None, name: str, variant: str) -> None:
    flag = flag_meant(organization_id, name)
    names = [one.name for one in flag.variants]
    if variant not in names:
        said = _("The flag has these variants: %(names)s.")
        refuse("/variant", said % {"names": ", ".join(names)})


def _remove(row: FeatureFlagOverride) -> None:
    record_act("flag.override_removed", target=row, before=_terms(row))
    _remember(row, Act.OVERRIDE_REMOVED)
    row.delete()


def _terms(row: FeatureFlagOverride) -> dict[str, Any]:
    return {
        "flag": row.flag,
        "variant": row.variant,
        "expires_at": row.expires_at,
        "is_for_user": bool(row.user_index),
    }


def _remember(row: FeatureFlagOverride, act: Act) -> None:
    # An override changes no version of its flag, and its user is nobody's to read here.
    last = selectors.history(organization_id=row.organization_id, flag=row.flag)
    version = last.values_list("version", flat=True).first() or 0
    remember(
        row.organization_id,
        row.flag,
        act,
        version=version,
        comment=f"{row.variant}: {row.reason}"[:300],
    )
