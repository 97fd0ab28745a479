"""People and what experiments know of them: copied out, and erased."""

import json
from typing import Any

import pytest

from accounts.models import Organization
from experiments.models import (
    ExperimentEvent,
    ExperimentIdentity,
    ExperimentParticipation,
    ExperimentUnitValue,
)
from experiments.services.recording import Event, track
from experiments.services.refreshing import refresh
from experiments.services.visiting import disclose, forget_sessions
from sessions_app.facade import Survey
from sessions_app.services.erasing import erase_respondent
from sessions_app.services.opening import open_session
from sessions_app.subject_access import disclose as disclose_all
from sessions_app.subjects import Name
from tests.experiments.world import run

pytestmark = [pytest.mark.django_db, pytest.mark.api]


@pytest.fixture
def visits(organization: Organization, survey: Survey) -> list[Any]:
    """Two sessions of one respondent, who did something, and one of somebody else."""
    row = run(organization.id)
    which: dict[str, Any] = {
        "organization_id": organization.id,
        "survey_id": survey.id,
    }
    opened = [
        open_session(respondent_id=name, **which).session
        for name in ("ada", "ada", "cyd")
    ]
    unit = ExperimentParticipation.objects.get(exposures=2).unit
    track(
        organization_id=organization.id,
        name="wording",
        unit=unit,
        events=[Event("paid", 3.0)],
    )
    refresh(organization_id=organization.id, experiment_id=row.id)
    return opened


def left() -> list[int]:
    """Return how many rows there are of each kind."""
    return [
        model._default_manager.count()
        for model in (
            ExperimentParticipation,
            ExperimentEvent,
            ExperimentIdentity,
            ExperimentUnitValue,
        )
    ]


def test_respondent_is_erased_with_all_that_they_did(
    organization: Organization, visits: list[Any]
) -> None:
    """And nobody else is."""
    receipt = erase_respondent(Name(organization.id, respondent_id="ada"))
    assert receipt.rows["experiments.ExperimentParticipation"] == 1
    assert receipt.rows["experiments.ExperimentEvent"] == 1
    assert receipt.rows["experiments.ExperimentIdentity"] == 2
    participations, events, identities, values = left()
    assert (participations, events, identities, values) == (1, 0, 1, 0)


def test_one_of_several_sessions_leaves_the_respondent(
    organization: Organization, visits: list[Any]
) -> None:
    """They take part by the other one as well; by the last they go."""
    for number, session in enumerate(visits[:2]):
        forget_sessions(
            organization_id=organization.id, session_ids=[session.id], respondent=None
        )
        assert left()[:3] == [[2, 1, 2], [1, 0, 1]][number]


def test_copy_says_what_somebody_saw_and_did(
    organization: Organization, visits: list[Any]
) -> None:
    """By their name, or by one of their sessions; and it is theirs alone."""
    [part] = disclose(
        organization_id=organization.id, session_ids=[visits[0].id], respondent=None
    )
    assert part["experiment"] == "wording"
    assert part["times_seen"] == 2
    assert [(one["name"], one["value"]) for one in part["events"]] == [("paid", 3.0)]
    copy = json.loads(disclose_all(Name(organization.id, respondent_id="cyd")))
    assert [one["events"] for one in copy["experiments"]] == [[]]
