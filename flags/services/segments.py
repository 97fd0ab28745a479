"""Segments: named groups of people that rules refer to."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import record_act
from common.errors import ChangedMeanwhileError, ConflictError

from .. import selectors
from ..engine import Segment
from ..models import FlagSegment
from .checking import MOST_SEGMENTS, check_segment, read_segment, stored
from .flags import Put
from .writing import changing

SHOWN: Final = ("version",)


def create_segment(
    *, organization_id: UUID | None, name: str, definition: Mapping[str, Any]
) -> FlagSegment:
    """Create a segment.

    Raises
    ------
    InvalidInputError
        The definition has faults; each names its place.
    ConflictError
        There is a segment of that name, or there are too many.
    """
    segment = read_segment(name, definition)
    with changing(organization_id):
        rows = selectors.segments(organization_id=organization_id)
        if rows.filter(name=name).exists():
            reason = _("There is a segment of that name already.")
            raise ConflictError(reason, code="name_taken")
        if rows.count() >= MOST_SEGMENTS:
            reason = _("There are at most %(most)d segments: remove some.")
            raise ConflictError(
                reason % {"most": MOST_SEGMENTS}, code="too_many_segments"
            )
        check_segment(organization_id, segment)
        return _made(organization_id, name, stored(segment))


def replace_segment(
    *,
    organization_id: UUID | None,
    name: str,
    definition: Mapping[str, Any],
    expected: int | None = None,
) -> FlagSegment:
    """Give a segment another definition: every flag that refers to it follows.

    Raises
    ------
    NotFoundError
        The owner has no such segment.
    ChangedMeanwhileError
        Somebody changed it since `expected`.
    InvalidInputError
        The definition has faults; each names its place.
    """
    segment = read_segment(name, definition)
    document = stored(segment)
    with changing(organization_id):
        row = selectors.segment(organization_id=organization_id, name=name)
        if expected is not None and row.version != expected:
            reason = _(
                "Somebody changed this segment: it is at version %(version)d now."
            )
            raise ChangedMeanwhileError(
                reason % {"version": row.version}, version=row.version
            )
        check_segment(organization_id, segment)
        _written(row, document)
    return row


def put_segment(*, organization_id: UUID | None, segment: Segment) -> Put:
    """Create a segment or replace it; for who has checked all that comes with it."""
    document = stored(segment)
    with changing(organization_id):
        own = selectors.segments(organization_id=organization_id)
        row = own.filter(name=segment.name).first()
        if row is None:
            _made(organization_id, segment.name, document)
            return "created"
        return "changed" if _written(row, document) else "same"


def remove_segment(*, organization_id: UUID | None, name: str) -> None:
    """Remove a segment that no rule refers to.

    Raises
    ------
    NotFoundError
        The owner has no such segment.
    ConflictError
        Flags refer to it.
    """
    with changing(organization_id):
        row = selectors.segment(organization_id=organization_id, name=name)
        flags = selectors.definitions(organization_id=organization_id).flags
        users = [
            flag.name
            for flag in flags
            if any(name in rule.segments for rule in flag.rules)
        ]
        if users:
            reason = _("Flags refer to this segment: %(names)s.")
            raise ConflictError(
                reason % {"names": ", ".join(users)}, code="segment_needed"
            )
        record_act("segment.removed", target=row, before={"version": row.version})
        row.delete()


def _made(
    organization_id: UUID | None, name: str, document: dict[str, Any]
) -> FlagSegment:
    row = FlagSegment.objects.create(
        organization_id=organization_id, name=name, definition=document
    )
    record_act("segment.created", target=row, after={"version": row.version})
    return row


def _written(row: FlagSegment, document: dict[str, Any]) -> bool:
    """Write another definition; say whether it is another."""
    if row.definition == document:
        return False
    before = {"version": row.version, **row.definition}
    row.definition, row.version = document, row.version + 1
    row.updated_at = timezone.now()
    row.save()
    after = {"version": row.version, **document}
    record_act("segment.changed", target=row, before=before, after=after)
    return True
