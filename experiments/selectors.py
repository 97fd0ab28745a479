"""Every read of experiments."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import NotFoundError

from .engine.figures import Figure, Figures
from .models import (
    Experiment,
    ExperimentEvent,
    ExperimentIdentity,
    ExperimentMoments,
    ExperimentParticipation,
    ExperimentPhase,
    Population,
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


def events(
    *, organization_id: UUID, units: Collection[str]
) -> QuerySet[ExperimentEvent]:
    """Return what units did."""
    return ExperimentEvent.objects.filter(
        organization_id=organization_id, unit__in=units
    )


def units_behind(
    *, organization_id: UUID, known: Collection[str], with_shared: bool
) -> set[str]:
    """Return the units that somebody is, by whichever digests they are known.

    Without `with_shared` a unit is left out that others are as well: a respondent stays
    with their other sessions when one of these goes.
    """
    links = ExperimentIdentity.objects.filter(organization_id=organization_id)
    linked = set(links.filter(known__in=known).values_list("unit", flat=True))
    if not with_shared:
        others = links.filter(unit__in=linked).exclude(known__in=known)
        linked -= set(others.values_list("unit", flat=True))
    return {*known, *linked}


def figures(
    *,
    organization_id: UUID,
    experiment_id: UUID,
    phase: int,
    population: Population = Population.PEOPLE,
) -> Figures:
    """Return what was counted of a phase, day by day, all segments together."""
    rows = _numbers(organization_id, experiment_id, phase, population)
    found = {
        (row.day.toordinal(), row.metric, row.variant): _figure(row)
        for row in rows.filter(segment="").order_by("day")
    }
    return Figures(list(dict.fromkeys(day for day, _m, _v in found)), found)


def figures_by_segment(
    *, organization_id: UUID, experiment_id: UUID, phase: int
) -> Mapping[tuple[str, str, str], Figure]:
    """Return the newest day's figures of people by segment, metric and variant."""
    rows = _numbers(organization_id, experiment_id, phase, Population.PEOPLE)
    newest = rows.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return {}
    return {
        (row.segment, row.metric, row.variant): _figure(row)
        for row in rows.filter(day=newest).exclude(segment="")
    }


def _numbers(
    organization_id: UUID, experiment_id: UUID, phase: int, population: Population
) -> QuerySet[ExperimentMoments]:
    return ExperimentMoments.objects.filter(
        organization_id=organization_id,
        experiment_id=experiment_id,
        phase=phase,
        population=population,
    )


def _figure(row: ExperimentMoments) -> Figure:
    return Figure(
        n=row.n,
        mean=row.mean,
        m2=row.m2,
        beside_mean=row.beside_mean,
        beside_m2=row.beside_m2,
        cross=row.cross,
        extra=row.extra,
    )
