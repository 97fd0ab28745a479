"""Flags: made, changed, archived, restored, removed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts.facade import record_act
from common.errors import (
    ChangedMeanwhileError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
)
from common.tenancy import scope

from .. import selectors
from ..engine import Flag
from ..models import (
    Act,
    FeatureFlag,
    FeatureFlagOverride,
    FeatureFlagRevision,
    Kind,
)
from ..serving import database
from .checking import (
    FIXED,
    MOST_FLAGS,
    check_flag,
    read_flag,
    refuse,
    stored,
)
from .writing import changing, remember

# What an entry of the audit shows; rules and variants may hold somebody's words, and
# the flag's own history has them whole.
SHOWN: Final = (
    "kind",
    "owner",
    "is_overridable",
    "type",
    "enabled",
    "default",
    "off",
    "safe",
    "release",
    "prerequisites",
    "windows",
    "algorithm",
    "sticky_on",
    "visible_to_clients",
    "version",
)
# Columns beside the definition that whoever edits a flag may set.
COLUMNS: Final = ("kind", "owner", "is_overridable")
LONGEST_COMMENT: Final = 300
NO_FLAG: Final = gettext_lazy("There is no such flag.")
Put: TypeAlias = Literal["created", "changed", "same"]


def create_flag(
    *,
    organization_id: UUID | None,
    name: str,
    definition: Mapping[str, Any],
    comment: str = "",
    **columns: Any,
) -> FeatureFlag:
    """Create a flag; `columns` are kind, owner and is_overridable.

    Raises
    ------
    InvalidInputError
        The definition has faults; each names its place.
    ConflictError
        There is a flag of that name, archived ones included, or there are too many.
    """
    flag = read_flag(name, definition)
    document = stored(flag)
    with changing(organization_id):
        rows = FeatureFlag.objects.of(organization_id)
        if rows.filter(name=name).exists():
            reason = _("There is a flag of that name already.")
            raise ConflictError(reason, code="name_taken")
        if rows.count() >= MOST_FLAGS:
            reason = _("There are at most %(most)d flags: remove some.")
            raise ConflictError(reason % {"most": MOST_FLAGS}, code="too_many_flags")
        check_flag(organization_id, flag)
        return _made(organization_id, flag, document, _clean(columns), comment)


def put_flag(*, organization_id: UUID | None, flag: Flag) -> Put:
    """Create a flag or replace it; for who has checked all that comes with it.

    Raises
    ------
    InvalidInputError
        It is too large, or changes what nobody may change.
    """
    document = stored(flag)
    with changing(organization_id):
        rows = FeatureFlag.objects.of(organization_id)
        row = rows.filter(name=flag.name).first()
        if row is None:
            _made(organization_id, flag, document, {}, "")
            return "created"
        _keep_fixed(row, document)
        before = row.version
        is_archived = row.archived_at is not None
        act = Act.RESTORED if is_archived else Act.CHANGED
        return (
            "same"
            if _written(row, document, {}, act, "").version == before
            else "changed"
        )


def replace_flag(
    *,
    organization_id: UUID | None,
    name: str,
    definition: Mapping[str, Any],
    expected: int | None = None,
    comment: str = "",
    **columns: Any,
) -> FeatureFlag:
    """Give a flag another definition, if it is at the expected version.

    What changes nothing makes no version.

    Raises
    ------
    NotFoundError
        The owner has no such flag.
    ChangedMeanwhileError
        Somebody changed it since `expected`.
    InvalidInputError
        The definition has faults, or changes what nobody may change.
    ConflictError
        It is archived.
    """
    with changing(organization_id):
        row = _held(organization_id, name, expected)
        return _replaced(row, definition, columns, comment)


def change_flag(
    *,
    organization_id: UUID | None,
    name: str,
    changes: Mapping[str, Any],
    expected: int | None = None,
    comment: str = "",
    **columns: Any,
) -> FeatureFlag:
    """Change some fields of a definition; null takes one back to what is usual.

    Raises
    ------
    As `replace_flag`.
    """
    with changing(organization_id):
        row = _held(organization_id, name, expected)
        merged = {**row.definition, **changes}
        kept = {key: value for key, value in merged.items() if value is not None}
        return _replaced(row, kept, columns, comment)


def archive_flag(
    *, organization_id: UUID | None, name: str, comment: str = ""
) -> FeatureFlag:
    """Take a flag out of service, so that whoever asks gets their own default.

    Raises
    ------
    NotFoundError
        The owner has no such flag.
    ConflictError
        Other flags need it.
    """
    with changing(organization_id):
        row = _held(organization_id, name)
        if row.archived_at is None:
            _refuse_needed(organization_id, name)
            row.archived_at = row.updated_at = timezone.now()
            row.save(update_fields=["archived_at", "updated_at"])
            _remember(row, Act.ARCHIVED, comment)
            record_act("flag.archived", target=row, reason=comment)
    return row


def restore_flag(
    *,
    organization_id: UUID | None,
    name: str,
    version: int | None = None,
    comment: str = "",
) -> FeatureFlag:
    """Bring a flag back from the archive, or to how it was at a version.

    Raises
    ------
    NotFoundError
        The owner has no such flag, or it never had that version.
    InvalidInputError
        What it refers to is not there any more.
    """
    with changing(organization_id):
        row = _held(organization_id, name)
        document = row.definition if version is None else _at_version(row, version)
        check_flag(organization_id, read_flag(name, document))
        return _written(row, document, {}, Act.RESTORED, comment)


def remove_flag(*, organization_id: UUID | None, name: str) -> None:
    """Remove an archived flag with its overrides; its history stays.

    Raises
    ------
    NotFoundError
        The owner has no such flag.
    ConflictError
        It is not archived, or other flags need it.
    """
    with changing(organization_id):
        row = _held(organization_id, name)
        if row.archived_at is None:
            reason = _("Archive a flag before you remove it.")
            raise ConflictError(reason, code="flag_not_archived")
        _refuse_needed(organization_id, name)
        record_act("flag.removed", target=row, before=_terms(row))
        FeatureFlagOverride.objects.of(organization_id).filter(flag=name).delete()
        _remember(row, Act.REMOVED, "")
        row.delete()


def _made(
    organization_id: UUID | None,
    flag: Flag,
    document: dict[str, Any],
    columns: Mapping[str, Any],
    comment: str,
) -> FeatureFlag:
    """Write a new flag with its history and its audit."""
    row = FeatureFlag.objects.create(
        organization_id=organization_id,
        name=flag.name,
        definition=document,
        version=_last_version(organization_id, flag.name) + 1,
        **columns,
    )
    _remember(row, Act.CREATED, comment)
    record_act("flag.created", target=row, after=_terms(row))
    return row


def _replaced(
    row: FeatureFlag,
    definition: Mapping[str, Any],
    columns: Mapping[str, Any],
    comment: str,
) -> FeatureFlag:
    """Write another definition of a flag that is in force."""
    if row.archived_at is not None:
        reason = _("This flag is archived: restore it first.")
        raise ConflictError(reason, code="flag_archived")
    flag = read_flag(row.name, definition)
    document = stored(flag)
    _keep_fixed(row, document)
    check_flag(row.organization_id, flag)
    return _written(row, document, _clean(columns), Act.CHANGED, comment)


def _written(
    row: FeatureFlag,
    document: dict[str, Any],
    columns: Mapping[str, Any],
    act: Act,
    comment: str,
) -> FeatureFlag:
    """Write what is different as the next version, with its history and its audit."""
    before, archived_at = _terms(row), row.archived_at
    row.definition, row.archived_at = document, None
    for name, value in columns.items():
        setattr(row, name, value)
    if before == _terms(row) and archived_at is None:
        return row
    row.version += 1
    row.updated_at = timezone.now()
    row.save()
    _remember(row, act, comment)
    record_act(
        f"flag.{act.value}",
        target=row,
        before=before,
        after=_terms(row),
        reason=comment,
    )
    return row


def _terms(row: FeatureFlag) -> dict[str, Any]:
    """Return what an entry of the audit compares: every field of the definition."""
    columns = {name: getattr(row, name) for name in COLUMNS}
    return {**columns, "version": row.version, **row.definition}


def _clean(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns that may be set.

    Raises
    ------
    InvalidInputError
        The kind is none.
    """
    found = {name: columns[name] for name in COLUMNS if columns.get(name) is not None}
    if found.get("kind", Kind.RELEASE) not in Kind.values:
        refuse("/kind", _("Kinds are: %(kinds)s.") % {"kinds": ", ".join(Kind.values)})
    return found


def _held(
    organization_id: UUID | None, name: str, expected: int | None = None
) -> FeatureFlag:
    """Return a flag; the clock, which is held, keeps others from changing it."""
    row = FeatureFlag.objects.of(organization_id).filter(name=name).first()
    if row is None:
        # Not there at all, or there to be overridden.
        selectors.flag_seen(organization_id=organization_id, name=name)
        reason = _("This is a flag of the installation: override it instead.")
        raise NotAllowedError(reason, code="flag_of_installation")
    if expected is not None and row.version != expected:
        reason = _("Somebody changed this flag: it is at version %(version)d now.")
        raise ChangedMeanwhileError(
            reason % {"version": row.version}, version=row.version
        )
    return row


def _keep_fixed(row: FeatureFlag, document: Mapping[str, Any]) -> None:
    # What is left out is what a flag usually is: a damaged row can be mended.
    for field in FIXED:
        if row.definition.get(field) != document.get(field):
            reason = _("This never changes: make another flag.")
            refuse(f"/{field}", reason)


def _refuse_needed(organization_id: UUID | None, name: str) -> None:
    """Refuse to take away what others need, in whichever organization."""
    own = selectors.definitions(organization_id=organization_id).flags
    needing: Sequence[str] = selectors.dependents_of(name, own)
    if not needing and organization_id is None:
        with scope.everywhere("flags.dependents"):
            rows = FeatureFlag.objects.filter(
                archived_at=None, definition__prerequisites__icontains=f'"{name}"'
            ).exclude(organization=None)
            flags = [database.flag_of(row) for row in rows]
        count = len(selectors.dependents_of(name, flags))
        needing = [_("%(count)d of organizations") % {"count": count}] if count else []
    if needing:
        reason = _("Other flags need this one: %(names)s.")
        raise ConflictError(reason % {"names": ", ".join(needing)}, code="flag_needed")


def _last_version(organization_id: UUID | None, name: str) -> int:
    rows = FeatureFlagRevision.objects.of(organization_id)
    versions = rows.filter(flag=name).order_by("-version")
    return versions.values_list("version", flat=True).first() or 0


def _at_version(row: FeatureFlag, version: int) -> dict[str, Any]:
    rows = FeatureFlagRevision.objects.of(row.organization_id).filter(
        flag=row.name, version=version
    )
    # Acts upon overrides have the version of then, and no definition.
    found = rows.filter(definition__isnull=False).order_by("-id").first()
    if found is None or found.definition is None:
        raise NotFoundError(_("This flag never had that version."))
    document: dict[str, Any] = found.definition
    return document


def _remember(row: FeatureFlag, act: Act, comment: str) -> None:
    remember(
        row.organization_id,
        row.name,
        act,
        version=row.version,
        definition=row.definition,
        comment=comment[:LONGEST_COMMENT],
    )
