"""Sessions in experiments: what they are shown when they open, what came of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from .. import selectors
from ..identity import unit_of
from ..models import ExperimentIdentity
from ..serving import shelf
from . import identifying
from .taking_part import Shown, Visitor, show_all


def open_session(
    *,
    organization_id: UUID,
    session_id: UUID,
    respondent: str | None,
    attributes: Mapping[str, object],
    is_bot: bool = False,
    is_test: bool = False,
) -> Sequence[Shown]:
    """Put a new session into what runs for it; costs nothing where nothing runs."""
    if not shelf.of(organization_id):
        return ()
    own = unit_of(organization_id, str(session_id))
    known = (
        identifying.identify(organization_id=organization_id, name=respondent)
        if respondent
        else own
    )
    visitor = Visitor(
        respondent=known,
        session=own,
        attributes=attributes,
        is_bot=is_bot,
        is_test=is_test,
    )
    with transaction.atomic():
        if known != own:
            identifying.link_session(
                organization_id=organization_id, session_id=session_id, unit=known
            )
        return show_all(organization_id=organization_id, visitor=visitor)


def forget_sessions(
    *, organization_id: UUID, session_ids: Sequence[UUID], respondent: str | None
) -> Counter[str]:
    """Forget the units that some sessions, and a respondent, are; return rows by model.

    Numbers of days that are past stay: nobody can be found in them.
    """
    known = _known(organization_id, session_ids, respondent)
    units = selectors.units_behind(
        organization_id=organization_id, known=known, with_shared=bool(respondent)
    )
    deleted: Counter[str] = Counter()
    links = ExperimentIdentity.objects.filter(organization_id=organization_id)
    for rows in (
        selectors.participations(organization_id=organization_id, units=units),
        selectors.events(organization_id=organization_id, units=units),
        links.filter(Q(known__in=known) | Q(unit__in=units)),
    ):
        deleted.update(rows.delete()[1])
    return deleted


def disclose(
    *, organization_id: UUID, session_ids: Sequence[UUID], respondent: str | None
) -> list[dict[str, Any]]:
    """Return what is known of a respondent in experiments, for themselves."""
    units = selectors.units_behind(
        organization_id=organization_id,
        known=_known(organization_id, session_ids, respondent),
        with_shared=True,
    )
    parts = selectors.participations(organization_id=organization_id, units=units)
    events = selectors.events(organization_id=organization_id, units=units)
    return [
        {
            "experiment": part.experiment.name,
            "variant": part.variant,
            "first_seen_at": part.first_at,
            "last_seen_at": part.last_at,
            "times_seen": part.exposures,
            "segment": part.segment,
            "events": [
                {"name": one.name, "value": one.value, "at": one.at}
                for one in events.filter(
                    experiment_id=part.experiment_id, unit=part.unit
                ).order_by("at", "id")
            ],
        }
        for part in parts.select_related("experiment").order_by("first_at")
    ]


def _known(
    organization_id: UUID, session_ids: Sequence[UUID], respondent: str | None
) -> set[str]:
    """Return by which digests somebody may be known."""
    names = [str(one) for one in session_ids] + ([respondent] if respondent else [])
    return {unit_of(organization_id, name) for name in names}
