"""What the database knows: the truth, read when nothing nearer has it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
import structlog
from django.db.models import Model

from common import counters
from common.tenancy import scope

from ..engine import Definitions, Flag, Override, Segment
from ..models import FeatureFlag, FeatureFlagOverride, FlagSegment, FlagSet
from .content import INSTALLATION, Content
from .shelf import OUT_OF_ORDER

log = structlog.get_logger(__name__)

Part = TypeVar("Part", Flag, Segment)
UNREADABLE: Final = "flags.unreadable"

counters.know(UNREADABLE, "Stored flags that could not be read, and were left out.")


def changed_since(version: int) -> Mapping[UUID, int]:
    """Return the owners that changed after a version, or shortly before it."""
    rows = FlagSet.objects.filter(version__gt=version - OUT_OF_ORDER)
    return dict(rows.values_list("owner", "version"))


def content_of(owner: UUID) -> Content:
    """Return what an owner has.

    The version is read first: what changes meanwhile is found the next time.
    """
    version = FlagSet.objects.filter(owner=owner).values_list("version", flat=True)
    with _within(owner):
        return Content(
            version=version.first() or 0,
            definitions=Definitions(
                flags=tuple(
                    _parts(flag_of, _rows(FeatureFlag, owner, archived_at=None))
                ),
                segments=tuple(_parts(segment_of, _rows(FlagSegment, owner))),
                overrides=tuple(_overrides(owner)),
            ),
        )


def flag_of(row: FeatureFlag) -> Flag:
    """Return a row's definition.

    Raises
    ------
    msgspec.ValidationError
        It was damaged, or written by another release.
    """
    whole = {**row.definition, "name": row.name, "version": row.version}
    return msgspec.convert(whole, Flag)


def segment_of(row: FlagSegment) -> Segment:
    """Return a row's definition.

    Raises
    ------
    msgspec.ValidationError
        As above.
    """
    return msgspec.convert({**row.definition, "name": row.name}, Segment)


def _within(owner: UUID) -> AbstractContextManager[None]:
    # The installation's overrides are nobody else's to read.
    if owner == INSTALLATION:
        return scope.everywhere("flags.load")
    return scope.entered(owner)


def _rows(model: type[Model], owner: UUID, **narrowed: Any) -> Any:
    organization = None if owner == INSTALLATION else owner
    rows = model._default_manager.filter(organization_id=organization, **narrowed)  # noqa: SLF001 - documented
    return rows.order_by("id")


def _parts(read: Callable[[Any], Part], rows: Any) -> Iterator[Part]:
    """Yield what can be read; one damaged row takes no other with it."""
    for row in rows:
        try:
            yield read(row)
        except msgspec.ValidationError:
            counters.add(UNREADABLE)
            log.exception("flags.unreadable", name=row.name)


def _overrides(owner: UUID) -> Iterator[Override]:
    for row in _rows(FeatureFlagOverride, owner).defer("user"):
        whose = row.for_organization_id or (None if owner == INSTALLATION else owner)
        yield Override(
            flag=row.flag,
            variant=row.variant,
            user=row.user_index or None,
            organization=None if whose is None else str(whose),
            expires=row.expires_at,
        )
