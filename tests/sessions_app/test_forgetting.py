"""Organizations that keep things for days of their own."""

import pytest

from accounts.models import AuditRow, Organization
from accounts.services.organizations import MOST_DAYS, keep_for
from common.errors import InvalidInputError
from sessions_app.facade import Survey, create_survey
from sessions_app.models import Respondent, Session, Status, Tally
from sessions_app.services import forgetting
from sessions_app.services.forgetting import forget_sessions
from sessions_app.services.retention import keep_partitions
from tests.sessions_app.past import days_ago, past_session, stored

pytestmark = pytest.mark.django_db(transaction=True)


def old(survey: Survey, days: float, respondent: str = "") -> Session:
    """Make a session that ended so many days ago; return it."""
    moment = days_ago(days)
    session_id = past_session(
        moment, organization_id=survey.organization_id, survey_id=survey.id
    )
    who = respondent and Respondent.objects.get_or_create(
        organization_id=survey.organization_id,
        digest=respondent,
        defaults={"created_at": moment},
    )
    Session.objects.filter(id=session_id).update(
        status=Status.COMPLETED,
        ended_at=moment,
        respondent=who[0] if who else None,
    )
    return Session.objects.get(id=session_id)


def test_nobody_forgets_sessions_unasked(survey: Survey) -> None:
    """However old they are."""
    old(survey, 4_000)
    assert forget_sessions() == {}
    assert Session.objects.count() == 1


def test_sessions_go_with_all_that_hangs_on_them(
    survey: Survey, stranger: Organization
) -> None:
    """Those that are past the organization's time, and nobody else's."""
    theirs = old(create_survey(organization_id=stranger.id, name="Theirs"), 40)
    gone, kept = old(survey, 40, "who"), old(survey, 20, "who else")
    keep_for(organization_id=survey.organization_id, sessions_kept_days=30)
    assert forget_sessions() == {survey.organization_id: 1}
    assert set(Session.objects.values_list("id", flat=True)) == {theirs.id, kept.id}
    assert stored(gone.id) == (0, 0)
    assert [one.digest for one in Respondent.objects.all()] == ["who else"]
    entry = AuditRow.objects.get(verb="rows.erased")
    assert entry.organization_id == survey.organization_id
    assert forget_sessions() == {}


def test_open_session_is_left_alone(survey: Survey) -> None:
    """The sweep ends it first."""
    keep_for(organization_id=survey.organization_id, sessions_kept_days=30)
    Session.objects.filter(id=old(survey, 40).id).update(
        status=Status.ACTIVE, ended_at=None
    )
    assert forget_sessions() == {}


def test_figures_stay(survey: Survey) -> None:
    """They are counts of days, and name nobody."""
    day = days_ago(40).date()
    figure = {"day": day, "status": "completed", "verdict": "human", "number": 1}
    Tally.objects.create(
        organization_id=survey.organization_id,
        survey=survey,
        figure="sessions",
        **figure,
    )
    old(survey, 40)
    keep_for(organization_id=survey.organization_id, sessions_kept_days=30)
    forget_sessions()
    assert Tally.objects.get().number == 1


def test_more_than_a_round_takes_goes_in_the_next(
    survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost when a round ends before its work."""
    for _ in range(3):
        old(survey, 40)
    keep_for(organization_id=survey.organization_id, sessions_kept_days=30)
    monkeypatch.setattr(forgetting, "SESSIONS_AT_ONCE", 1)
    monkeypatch.setattr(forgetting, "ROUND_LASTS_S", 0.0)
    assert forget_sessions() == {}
    monkeypatch.setattr(forgetting, "ROUND_LASTS_S", 60.0)
    assert forget_sessions() == {survey.organization_id: 3}


def test_events_and_verdicts_go_before_those_of_others(
    survey: Survey, stranger: Organization
) -> None:
    """Shorter than the installation's 90 days; the session stays."""
    theirs = old(create_survey(organization_id=stranger.id, name="Theirs"), 45)
    ours = old(survey, 45)
    keep_for(
        organization_id=survey.organization_id,
        behaviour_kept_days=30,
        results_kept_days=30,
    )
    keep_partitions()
    assert (stored(ours.id), stored(theirs.id)) == ((0, 0), (2, 2))
    assert Session.objects.filter(id=ours.id).exists()


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_days_out_of_bounds_are_refused(organization: Organization, days: int) -> None:
    """And nothing is changed."""
    with pytest.raises(InvalidInputError):
        keep_for(organization_id=organization.id, results_kept_days=days)
    organization.refresh_from_db()
    assert organization.results_kept_days is None
