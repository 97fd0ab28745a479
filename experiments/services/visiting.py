"""Sessions in experiments: what they are shown when they open, what came of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from ..identity import unit_of
from ..models import (
    ExperimentEvent,
    ExperimentIdentity,
    ExperimentParticipation,
)
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
) -> int:
    """Forget the units that some sessions, and a respondent, are; return how many rows.

    Numbers of days that are past stay: nobody can be found in them.
    """
    names = [str(one) for one in session_ids] + ([respondent] if respondent else [])
    known = {unit_of(organization_id, name) for name in names}
    links = ExperimentIdentity.objects.filter(
        organization_id=organization_id, known__in=known
    )
    linked = set(links.values_list("unit", flat=True))
    if not respondent:
        # One of several sessions: the respondent stays with the others.
        others = ExperimentIdentity.objects.filter(
            organization_id=organization_id, unit__in=linked
        ).exclude(known__in=known)
        linked -= set(others.values_list("unit", flat=True))
    units = known | linked
    deleted = 0
    for model in (ExperimentParticipation, ExperimentEvent, ExperimentIdentity):
        rows = model._default_manager.filter(  # noqa: SLF001 - Django's documented API
            organization_id=organization_id, unit__in=units
        )
        deleted += rows.delete()[0]
    return deleted + links.delete()[0]
