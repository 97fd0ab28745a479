"""Every read of flags as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from common.errors import NotFoundError

from .engine import Definitions, Flag
from .identity import known_as
from .models import (
    FeatureFlag,
    FeatureFlagOverride,
    FeatureFlagRevision,
    FlagSegment,
    FlagUsage,
)
from .registry import declared
from .serving import database
from .serving.content import INSTALLATION


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which flags a list shows."""

    search: str = ""
    tag: str = ""
    kind: str = ""
    archived: bool | None = False


def flags(
    *, organization_id: UUID | None, wanted: Wanted = Wanted()
) -> QuerySet[FeatureFlag]:
    """Return an owner's flags, the newest first."""
    rows = FeatureFlag.objects.of(organization_id)
    return _narrowed(rows, wanted).order_by("-id")


def flags_in_force(
    *, organization_id: UUID, wanted: Wanted = Wanted()
) -> QuerySet[FeatureFlag]:
    """Return an organization's flags and the installation's, the newest first."""
    whose = Q(organization_id=organization_id) | Q(organization_id=None)
    return _narrowed(FeatureFlag.objects.filter(whose), wanted).order_by("-id")


def flag(*, organization_id: UUID | None, name: str) -> FeatureFlag:
    """Return one of an owner's flags.

    Raises
    ------
    NotFoundError
        It has no flag of that name.
    """
    rows = FeatureFlag.objects.of(organization_id).filter(name=name)
    found = rows.first()
    if found is None:
        raise NotFoundError(_("There is no such flag."))
    return found


def flag_seen(*, organization_id: UUID | None, name: str) -> FeatureFlag | None:
    """Return the flag that a name means to an organization; None if only code has it.

    The installation's comes first, as in evaluation.

    Raises
    ------
    NotFoundError
        Neither has a flag of that name.
    """
    whose = Q(organization_id=organization_id) | Q(organization_id=None)
    rows = FeatureFlag.objects.filter(whose, name=name)
    found = sorted(rows, key=lambda row: row.organization_id is not None)
    if not found and name not in declared():
        raise NotFoundError(_("There is no such flag."))
    return found[0] if found else None


def segments(*, organization_id: UUID | None) -> QuerySet[FlagSegment]:
    """Return an owner's segments, the newest first."""
    rows = FlagSegment.objects.of(organization_id)
    return rows.order_by("-id")


def segment(*, organization_id: UUID | None, name: str) -> FlagSegment:
    """Return one of an owner's segments.

    Raises
    ------
    NotFoundError
        It has none of that name.
    """
    found = segments(organization_id=organization_id).filter(name=name).first()
    if found is None:
        raise NotFoundError(_("There is no such segment."))
    return found


def overrides(
    *, organization_id: UUID | None, flag: str
) -> QuerySet[FeatureFlagOverride]:
    """Return an owner's overrides of a flag, the newest first."""
    rows = FeatureFlagOverride.objects.of(organization_id)
    return rows.filter(flag=flag).order_by("-id")


def overrides_of(
    *, organization_id: UUID | None, user: str
) -> QuerySet[FeatureFlagOverride]:
    """Return what a person was given, by the name that rollouts stick to."""
    rows = FeatureFlagOverride.objects.of(organization_id)
    return rows.filter(user_index=known_as(user)).order_by("id")


def history(
    *, organization_id: UUID | None, flag: str, viewer: UUID | None = None
) -> QuerySet[FeatureFlagRevision]:
    """Return what was done to a flag, the newest first.

    What the installation overrode, and why, is not an organization's to read.
    """
    rows = FeatureFlagRevision.objects.of(organization_id).filter(flag=flag)
    if organization_id is None and viewer is not None:
        rows = rows.filter(definition__isnull=False)
    return rows.order_by("-id")


def definitions(*, organization_id: UUID | None) -> Definitions:
    """Return what an owner has, without what is archived."""
    return database.content_of(organization_id or INSTALLATION).definitions


def base_definitions() -> Definitions:
    """Return what organizations can refer to: the installation's, stored or coded."""
    stored = database.content_of(INSTALLATION).definitions
    names = {one.name for one in stored.flags}
    coded = tuple(one.flag for name, one in declared().items() if name not in names)
    return Definitions(flags=(*stored.flags, *coded), segments=stored.segments)


def last_asked(
    *, organization_id: UUID | None, names: Sequence[str]
) -> Mapping[str, datetime]:
    """Return in which hour each flag was last evaluated, as far as it ever was."""
    rows = FlagUsage.objects.filter(flag__in=names)
    if organization_id is not None:
        rows = rows.filter(organization_id=organization_id)
    found = rows.values_list("flag").annotate(last=Max("hour"))
    return dict(found)


def served(
    *, organization_id: UUID | None, name: str, since: datetime
) -> Mapping[str, int]:
    """Return how often each variant of a flag was served since a moment."""
    rows = FlagUsage.objects.filter(flag=name, hour__gte=since)
    if organization_id is not None:
        rows = rows.filter(organization_id=organization_id)
    return dict(rows.values_list("variant").annotate(times=Sum("count")))


def dependents_of(name: str, flags: Sequence[Flag]) -> list[str]:
    """Return the flags that have another one as a prerequisite."""
    return [
        one.name
        for one in flags
        if any(each.flag == name for each in one.prerequisites)
    ]


def _narrowed(rows: QuerySet[FeatureFlag], wanted: Wanted) -> QuerySet[FeatureFlag]:
    if wanted.archived is not None:
        rows = rows.filter(archived_at__isnull=not wanted.archived)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.tag:
        # The text of a JSON list, in both databases.
        rows = rows.filter(definition__tags__icontains=f'"{wanted.tag}"')
    if wanted.search:
        rows = rows.filter(
            Q(name__icontains=wanted.search)
            | Q(owner__icontains=wanted.search)
            | Q(definition__description__icontains=wanted.search)
        )
    return rows
