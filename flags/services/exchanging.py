"""Definitions taken away as JSON, and brought in: ours, or Unleash's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.db import transaction

from common.errors import BonafideError, FieldError, InvalidInputError

from .. import selectors
from ..engine import (
    DefinitionError,
    Definitions,
    Issue,
    Override,
    dump,
)
from ..engine.exchange import read
from ..engine.unleash import import_unleash
from ..models import FeatureFlagOverride
from .checking import check_all, field_errors
from .flags import Put, put_flag
from .overrides import Whom, set_override
from .segments import put_segment
from .writing import changing

Format = Literal["bonafide", "unleash"]


@dataclass(slots=True)
class Report:
    """What an import made, changed, and could not keep as it was."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    issues: Sequence[Issue] = ()

    def add(self, put: Put, name: str) -> None:
        """Note what became of a part."""
        parts = {"created": self.created, "changed": self.changed, "same": self.same}
        parts[put].append(name)


def export(*, organization_id: UUID | None) -> bytes:
    """Return everything an owner has as JSON; overrides name their users."""
    own = selectors.definitions(organization_id=organization_id)
    rows = FeatureFlagOverride.objects.of(organization_id)
    overrides = tuple(_plain(row) for row in rows.order_by("id"))
    return dump(
        Definitions(flags=own.flags, segments=own.segments, overrides=overrides)
    )


def bring_in(
    *,
    organization_id: UUID | None,
    document: bytes | str,
    form: Format,
    is_trial: bool = False,
) -> Report:
    """Store what a document defines; what it does not name stays as it is.

    All of it or nothing. A trial says what would happen, and changes nothing.

    Raises
    ------
    InvalidInputError
        It cannot be read, or a part has faults; each names its place.
    ConflictError
        A part does not go with what is there.
    """
    found, issues = _read(document, form)
    report = Report(issues=issues)
    with changing(organization_id):
        check_all(organization_id, found)
        _store(organization_id, found, report)
        if is_trial:
            transaction.set_rollback(True)
    return report


def _read(document: bytes | str, form: Format) -> tuple[Definitions, Sequence[Issue]]:
    try:
        if form == "unleash":
            imported = import_unleash(document)
            return imported.definitions, imported.issues
        return read(document), ()
    except DefinitionError as error:
        errors = field_errors(error.issues)
        raise InvalidInputError(errors[0].detail, errors) from error


def _store(organization_id: UUID | None, found: Definitions, report: Report) -> None:
    for index, segment in enumerate(found.segments):
        with _at(f"/segments/{index}"):
            put = put_segment(organization_id=organization_id, segment=segment)
            report.add(put, segment.name)
    for index, flag in enumerate(found.flags):
        with _at(f"/flags/{index}"):
            report.add(put_flag(organization_id=organization_id, flag=flag), flag.name)
    for index, override in enumerate(found.overrides):
        with _at(f"/overrides/{index}"):
            _store_override(organization_id, override)


def _store_override(organization_id: UUID | None, override: Override) -> None:
    whose = None if override.organization is None else UUID(override.organization)
    set_override(
        organization_id=organization_id,
        flag=override.flag,
        whom=Whom(override.user or "", whose),
        variant=override.variant,
        expires_at=override.expires,
    )


class _at:  # noqa: N801 - reads as a preposition
    """Say at which place of the document something was refused."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __enter__(self) -> None:
        """Enter the place."""

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Put the place in front of what an error names."""
        if isinstance(error, InvalidInputError):
            errors = [
                FieldError(self._place + e.pointer, e.detail) for e in error.errors
            ]
            raise InvalidInputError(error.detail, errors) from error
        if isinstance(error, BonafideError):
            error.extra["pointer"] = self._place


def _plain(row: FeatureFlagOverride) -> Override:
    whose = row.for_organization_id
    return Override(
        flag=row.flag,
        variant=row.variant,
        user=row.user,
        organization=None if whose is None else str(whose),
        expires=row.expires_at,
    )
