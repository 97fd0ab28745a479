"""One identity for who was anonymous first: the first anonymous unit holds."""

from collections.abc import Collection
from uuid import UUID

from .. import selectors
from ..identity import unit_of
from ..models import ExperimentIdentity


def identify(*, organization_id: UUID, name: str, anonymous: str = "") -> str:
    """Return the unit of a name; who was known as `anonymous` before stays that one.

    Whoever signs in on a second device stays who they were on the first.
    """
    own = unit_of(organization_id, name)
    before = unit_of(organization_id, anonymous) if anonymous else ""
    asked = {own, before} - {""}
    known = selectors.units(organization_id=organization_id, known=asked)
    if own in known or not before or before == own:
        return known.get(own, own)
    # Who took part under the name already is that one, and not a newcomer.
    found = selectors.participations(organization_id=organization_id, units=[own])
    first = own if found.exists() else known.get(before, before)
    _remember(organization_id, {own} if first != own else {before}, first)
    again = selectors.units(organization_id=organization_id, known=[own])
    return again.get(own, own)


def link_session(*, organization_id: UUID, session_id: UUID, unit: str) -> None:
    """Remember as which unit a session takes part; the first answer holds."""
    known = unit_of(organization_id, str(session_id))
    if known != unit:
        _remember(organization_id, {known}, unit)


def unit_of_session(*, organization_id: UUID, session_id: UUID) -> str:
    """Return as which unit a session takes part."""
    own = unit_of(organization_id, str(session_id))
    known = selectors.units(organization_id=organization_id, known=[own])
    return known.get(own, own)


def _remember(organization_id: UUID, known: Collection[str], unit: str) -> None:
    """Keep an identity, unless there is one: two that come at once agree."""
    ExperimentIdentity.objects.bulk_create(
        [
            ExperimentIdentity(organization_id=organization_id, known=one, unit=unit)
            for one in known
        ],
        ignore_conflicts=True,
    )
