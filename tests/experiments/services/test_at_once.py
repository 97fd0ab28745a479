"""Several who expose, track, count and stop at the same time."""

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import Organization
from common.tenancy import scope
from experiments.models import Experiment, ExperimentEvent, ExperimentParticipation
from experiments.services import refreshing
from experiments.services.experiments import stop_experiment
from experiments.services.recording import Event, track
from experiments.services.taking_part import Visitor, show
from tests.experiments.services import test_counting
from tests.experiments.services.test_counting import fill
from tests.experiments.world import run

# Its fixture: one that has run for a while.
experiment = test_counting.experiment

pytestmark = [pytest.mark.django_db, pytest.mark.api]


@pytest.mark.django_db(transaction=True)
def test_eight_threads_count_exactly(organization: Organization) -> None:
    """The same unit exposed and tracked at once, with repeats."""
    row = run(organization.id)
    threads = [
        threading.Thread(target=_visit, args=(organization.id,)) for _ in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    part = ExperimentParticipation.objects.get(experiment=row)
    assert part.exposures == 8 * 5
    assert not part.saw_others
    found = ExperimentEvent.objects.filter(experiment=row)
    assert sorted(found.values_list("value", flat=True)) == [0.0, 1.0, 2.0, 3.0, 4.0]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer.")
@pytest.mark.django_db(transaction=True)
def test_counting_keeps_nobody_waiting(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exposures, events and a stop go on while a day is counted."""
    fill(experiment)
    done: list[str] = []

    def meanwhile(*args: Any, **kwargs: Any) -> None:
        other = threading.Thread(target=_meanwhile, args=(experiment, done))
        other.start()
        other.join(timeout=20)

    monkeypatch.setattr(refreshing, "_write_day", meanwhile)
    refreshing.refresh_day(
        organization_id=experiment.organization_id, experiment_id=experiment.id
    )
    assert done == ["seen", "told", "stopped"]


def _meanwhile(experiment: Experiment, done: list[str]) -> None:
    """Do what others do."""
    who: dict[str, Any] = {
        "organization_id": experiment.organization_id,
        "name": experiment.name,
    }
    try:
        with scope.entered(experiment.organization_id):
            show(visitor=Visitor(respondent="b" * 32), **who)
            done.append("seen")
            track(unit="b" * 32, events=[Event("bought")], **who)
            done.append("told")
            stop_experiment(**who)
            done.append("stopped")
    finally:
        connection.close()


def _visit(organization_id: UUID) -> None:
    """See a variant and pay, five times each, every payment sent twice."""
    try:
        with scope.entered(organization_id):
            for number in range(5):
                show(
                    organization_id=organization_id,
                    name="wording",
                    visitor=Visitor(respondent="a" * 32),
                )
                for _repeat in range(2):
                    track(
                        organization_id=organization_id,
                        name="wording",
                        unit="a" * 32,
                        events=[Event("paid", float(number), key=str(number))],
                    )
    finally:
        connection.close()
