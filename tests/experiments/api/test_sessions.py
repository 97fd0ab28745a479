"""What the intake tells of sessions, alike for every arm."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Organization
from experiments.models import ExperimentEvent, ExperimentParticipation
from sessions_app.facade import Survey
from sessions_app.services.ending import expire_idle, judge_whole_session
from sessions_app.services.surveys import change_survey
from tests.conftest import Caller, Visit, open_visit
from tests.experiments.world import run

pytestmark = pytest.mark.django_db


def ended(visit: Visit, organization: Organization) -> set[str]:
    """End a visit of a driven browser; return which events its unit has."""
    device = {"type": "device", "t": 0, "webdriver": True}
    sent = visit.browser.post(
        f"sessions/{visit.id}/data", {"seq": 0, "events": [device]}
    )
    assert sent.status_code == 200, sent.content
    visit.browser.post(f"sessions/{visit.id}/complete")
    judge_whole_session(organization_id=organization.id, session_id=UUID(visit.id))
    return set(ExperimentEvent.objects.values_list("name", flat=True))


def test_automated_session_is_flagged_and_automated(
    site: Caller, survey: Survey, organization: Organization
) -> None:
    """By the survey's policy, and by the detectors as the code has them."""
    run(organization.id)
    found = ended(open_visit(site, survey), organization)
    assert {"automated", "flagged"} <= found


def test_survey_that_looks_away_changes_what_is_flagged_alone(
    site: Caller, survey: Survey, organization: Organization
) -> None:
    """An arm that changes detectors must not change what it is measured by."""
    run(organization.id)
    change_survey(
        organization_id=organization.id, survey_id=survey.id, families_off=["device"]
    )
    found = ended(open_visit(site, survey), organization)
    assert "automated" in found
    assert "flagged" not in found


@pytest.mark.parametrize(
    ("agent", "left_out"),
    [("Mozilla/5.0 (X11) HeadlessChrome/148.0", "bot"), ("Mozilla/5.0 (X11)", "")],
)
def test_declared_program_is_known_before_it_sees_an_arm(
    site: Caller,
    survey: Survey,
    organization: Organization,
    agent: str,
    left_out: str,
) -> None:
    """It takes part like everybody, and is told apart."""
    run(organization.id)
    opened = site.post(
        "sessions", {"survey_id": str(survey.id)}, headers={"User-Agent": agent}
    )
    assert opened.json()["variants"]
    assert ExperimentParticipation.objects.get().left_out == left_out


def test_without_consent_nobody_takes_part(
    site: Caller, survey: Survey, organization: Organization
) -> None:
    """They see what there is."""
    run(organization.id)
    body = {"survey_id": str(survey.id), "consent": {"given": False}}
    assert site.post("sessions", body).json()["variants"] == {}
    assert not ExperimentParticipation.objects.exists()


def test_left_session_is_abandoned(
    site: Caller, survey: Survey, organization: Organization
) -> None:
    """Half an hour after its last sign."""
    run(organization.id)
    visit = open_visit(site, survey)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert expire_idle() == 1
        judge_whole_session(organization_id=organization.id, session_id=UUID(visit.id))
    assert ExperimentEvent.objects.get().name == "abandoned"
