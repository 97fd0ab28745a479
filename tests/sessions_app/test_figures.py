"""The overview's figures are what the sessions are, at any moment."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, timedelta
from io import StringIO
from random import Random
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import (
    HealthCheck,
    given,
    settings as hypothesis_settings,
    strategies as st,
)

from accounts.models import Organization
from common.ids import RANDOM_BITS, day_of, first_id_of
from detection.facade import DetectionResult
from sessions_app.engine import tally
from sessions_app.facade import Survey, create_survey
from sessions_app.figures import Overview, Wanted, changed_surveys, overview
from sessions_app.models import Session, Status, Tally
from sessions_app.services import ending, tallying
from sessions_app.services.opening import open_session
from tests.conftest import Visit, make_moves

pytestmark = pytest.mark.django_db


def today(organization: Organization, **narrowed: object) -> Overview:
    """Return the overview of today."""
    day = timezone.now().astimezone(UTC).date()
    return overview(Wanted(organization.id, day, day, **narrowed))  # type: ignore[arg-type] # as given


def finished(
    survey: Survey,
    verdict: str,
    *,
    day: date | None = None,
    reasons: Sequence[str] = (),
) -> Session:
    """Return a finished session of a verdict, opened on a day, in the figures."""
    when = first_id_of(day or timezone.now().astimezone(UTC).date())
    session = Session.objects.create(
        id=UUID(int=when.int + Random().getrandbits(RANDOM_BITS)),  # noqa: S311 - any other id
        organization_id=survey.organization_id,
        survey=survey,
        status=Status.COMPLETED,
        ended_at=timezone.now(),
        event_count=10,
        batch_count=2,
        verdict=verdict,
        is_final=True,
    )
    row = {
        "organization_id": survey.organization_id,
        "session_id": session.id,
        "ruleset": "1",
        "verdict": verdict,
        "bot_probability": 0.5,
        "confidence": 0.5,
        "recommended_action": "allow",
        "event_count": 10,
    }
    for seq, time_ms in ((0, 1.0), (1, 3.0)):
        DetectionResult.objects.create(**row, seq=seq, processing_time_ms=time_ms)
    result = DetectionResult.objects.create(
        **row, fired=[[code, 1.0, {}] for code in reasons], processing_time_ms=50
    )
    tallying.add_session(session, result)
    return session


def test_nothing_yet_is_zero(organization: Organization) -> None:
    """Every day is there, and no share is invented."""
    day = date(2026, 11, 20)
    seen = overview(Wanted(organization.id, day, day + timedelta(days=2)))
    assert [figures.sessions for figures in seen.days.values()] == [0, 0, 0]
    assert seen.total.share("bot") is None
    assert (seen.median_ms, seen.p95_ms, list(seen.reasons)) == (None, None, [])


def test_session_is_counted_once_from_open_to_final(
    organization: Organization, visit: Visit
) -> None:
    """Under way, then ended, then final; judging twice adds nothing."""
    ids = {"organization_id": organization.id, "session_id": UUID(visit.id)}
    assert today(organization).total.sessions == 1
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    seen = today(organization)
    assert (seen.total.events, seen.total.batches, seen.under_way) == (5, 1, 1)
    ending.complete_session(**ids)
    assert today(organization).total.sessions == 1
    for _delivery in range(2):
        ending.judge_whole_session(**ids)
        seen = today(organization)
        assert (seen.total.sessions, seen.total.events) == (1, 5)
        assert seen.under_way == 0
        assert Tally.objects.get(figure=tally.SESSIONS).number == 1
    assert seen.median_ms is not None


def test_filters_narrow_all_figures(organization: Organization, survey: Survey) -> None:
    """By survey, status and verdict; another organization's are never among them."""
    other = create_survey(organization_id=organization.id, name="Other")
    stranger = Organization.objects.create(name="Stranger")
    strange = create_survey(organization_id=stranger.id, name="Strange")
    finished(survey, "bot", reasons=["pointer.teleports"])
    finished(survey, "human")
    finished(other, "bot", reasons=["click.centred"])
    finished(strange, "bot")
    assert today(organization).total.by_verdict == Counter(bot=2, human=1)
    assert today(organization, survey_id=other.id).reasons == [("click.centred", 1)]
    assert today(organization, verdict="human").total.sessions == 1
    assert today(organization, status="expired").total.sessions == 0
    assert today(stranger).total.sessions == 1


def test_session_taken_out_leaves_nothing(
    organization: Organization, survey: Survey
) -> None:
    """As it is when a session is judged anew, or erased."""
    session = finished(survey, "bot", reasons=["click.centred"])
    result = DetectionResult.objects.get(session_id=session.id, seq=None)
    tallying.take_session(session, result)
    seen = today(organization)
    assert (seen.total.sessions, list(seen.reasons), seen.p95_ms) == (0, [], None)


@hypothesis_settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_figures_are_a_count_over_all_sessions(
    organization: Organization, survey: Survey, data: st.DataObject
) -> None:
    """Whatever was opened, ended and judged, in whatever order."""
    Session.objects.all().delete()
    Tally.objects.all().delete()
    open_ids: list[UUID] = []
    for step in data.draw(st.lists(st.sampled_from("oooecj"), max_size=12)):
        if step == "o":
            opened = open_session(
                organization_id=organization.id, survey_id=survey.id
            ).session
            open_ids.append(opened.id)
        elif open_ids:
            ids = {
                "organization_id": organization.id,
                "session_id": data.draw(st.sampled_from(open_ids)),
            }
            if step == "j" and Session.objects.get(id=ids["session_id"]).ended_at:
                ending.judge_whole_session(**ids)
            elif step == "c":
                ending.complete_session(**ids)
    assert today(organization).total.sessions == Session.objects.count()
    assert (
        today(organization).under_way == Session.objects.filter(is_final=False).count()
    )
    counted = Tally.objects.filter(figure=tally.SESSIONS).aggregate(n=Sum("number"))
    assert (counted["n"] or 0) == Session.objects.filter(is_final=True).count()


def test_rebuilding_finds_the_same(organization: Organization, survey: Survey) -> None:
    """And --check names what differs before."""
    day = date(2026, 11, 20)
    for verdict in ("bot", "human", "human"):
        finished(survey, verdict, day=day, reasons=["click.centred"])
    wanted = Wanted(organization.id, day, day)
    before = overview(wanted)
    call_command("rebuild_figures", check=True, stdout=StringIO())
    Tally.objects.filter(figure=tally.EVENTS).update(number=7)
    said = StringIO()
    with pytest.raises(CommandError, match="2 figures"):
        call_command("rebuild_figures", check=True, stdout=said)
    assert "7 kept, 20 counted" in said.getvalue()
    call_command("rebuild_figures", organization=organization.name, stdout=said)
    assert overview(wanted) == before


def test_rebuilding_for_nobody_is_said() -> None:
    """A name that is wrong changes nothing."""
    with pytest.raises(CommandError, match="no organization named 'nobody'"):
        call_command("rebuild_figures", organization="nobody")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="locks of PostgreSQL")
def test_sessions_go_on_ending_while_figures_are_counted(
    organization: Organization, survey: Survey
) -> None:
    """Who ends at the same time is counted once, by one or by the other."""

    def end_some() -> None:
        for _one in range(15):
            # As a judgement is: who counts sees all of it or nothing.
            with transaction.atomic():
                finished(survey, "human", reasons=["click.centred"])
        connection.close()

    threads = [threading.Thread(target=end_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        list(tallying.rebuild(organization_id=organization.id))
    for thread in threads:
        thread.join()
    seen = today(organization)
    assert (seen.total.sessions, seen.reasons) == (60, [("click.centred", 60)])


def test_changed_survey_is_told_from_chance(
    organization: Organization, survey: Survey
) -> None:
    """Half bots after none is a change; two of twenty after one is not."""
    calm = create_survey(organization_id=organization.id, name="Calm")
    day = date(2026, 11, 20)
    for number in range(20):
        finished(survey, "human", day=day)
        finished(survey, "bot" if number % 2 else "human", day=day + timedelta(days=1))
        finished(calm, "bot" if number < 1 else "human", day=day)
        finished(calm, "bot" if number < 2 else "human", day=day + timedelta(days=1))
    next_day = day + timedelta(days=1)
    (changed,) = changed_surveys(Wanted(organization.id, next_day, next_day))
    assert changed.survey == survey
    assert (changed.change.before, changed.change.now) == (0, 0.5)


@given(st.dates(date(1971, 1, 1), date(2199, 1, 1)))
def test_days_are_those_of_ids(day: date) -> None:
    """A session belongs to the day that its id names, from midnight to midnight."""
    first, after = first_id_of(day), first_id_of(day + timedelta(days=1))
    assert day_of(first) == day == day_of(UUID(int=after.int - 1))
