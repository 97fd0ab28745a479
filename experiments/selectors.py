"""Every read of experiments."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import NotFoundError

from .models import (
    Experiment,
    ExperimentIdentity,
    ExperimentParticipation,
    ExperimentPhase,
)


def experiments(
    *, organization_id: UUID, state: str = "", search: str = ""
) -> QuerySet[Experiment]:
    """Return experiments; archived ones only if they are asked for."""
    found = Experiment.objects.of(organization_id)
    found = found.filter(state=state) if state else found.exclude(state="archived")
    return found.filter(name__icontains=search) if search else found


def experiment(*, organization_id: UUID, name: str) -> Experiment:
    """Return an experiment.

    Raises
    ------
    NotFoundError
        The organization has none of that name.
    """
    found = Experiment.objects.of(organization_id).filter(name=name).first()
    if found is None:
        raise NotFoundError(_("There is no such experiment."))
    return found


def phases(*, organization_id: UUID, experiment_id: UUID) -> list[ExperimentPhase]:
    """Return the phases of an experiment, in their order."""
    rows = ExperimentPhase.objects.filter(
        organization_id=organization_id, experiment_id=experiment_id
    )
    return list(rows.order_by("number"))


def units(*, organization_id: UUID, known: Collection[str]) -> Mapping[str, str]:
    """Return the unit of each that is known as another one."""
    rows = ExperimentIdentity.objects.filter(
        organization_id=organization_id, known__in=known
    )
    return dict(rows.values_list("known", "unit"))


def participations(
    *, organization_id: UUID, units: Collection[str]
) -> QuerySet[ExperimentParticipation]:
    """Return where units take part."""
    return ExperimentParticipation.objects.filter(
        organization_id=organization_id, unit__in=units
    )
