"""How a policy would have decided the last week, on the page where it is set."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from detection.models import DetectionResult
from sessions_app import previews
from sessions_app.engine.moves import Move, moves_between
from sessions_app.facade import Survey, create_survey
from sessions_app.models import Session, Status
from sessions_app.services.opening import open_session

pytestmark = pytest.mark.django_db

Judged = Callable[..., Session]
NOTHING_ENDED = "No session of this survey ended in the last seven days."


@pytest.fixture
def staff(db: None) -> Client:
    """Sign in as someone who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator"))
    return client


@pytest.fixture
def judged(survey: Survey) -> Judged:
    """End a session with a final result: `judged("bot", "block")`."""

    def made(
        verdict: str,
        action: str,
        *,
        of: Survey = survey,
        fired: Sequence[object] = (),
        clear: Sequence[object] = (),
        days_ago: float = 0.0,
    ) -> Session:
        session = open_session(
            organization_id=of.organization_id, survey_id=of.id
        ).session
        Session.objects.filter(id=session.id).update(
            status=Status.COMPLETED,
            ended_at=timezone.now() - timedelta(days=days_ago),
            is_final=True,
            recommended_action=action,
        )
        DetectionResult.objects.create(
            organization_id=of.organization_id,
            session_id=session.id,
            ruleset="2026.12",
            verdict=verdict,
            bot_probability=0.5,
            confidence=0.5,
            recommended_action=action,
            fired=list(fired),
            clear=list(clear),
            event_count=1,
            processing_time_ms=1,
        )
        return session

    return made


def address(survey: Survey) -> str:
    """Return where a survey is changed."""
    return reverse("admin:sessions_app_survey_change", args=[survey.id])


def typed(**changed: Any) -> dict[str, Any]:
    """Return the form as a browser sends it with the button."""
    usual = {
        "name": "Commuting",
        "bot_action": "block",
        "suspicious_action": "review",
        "declared_agent_action": "review",
        "_preview": "1",
    }
    return {**usual, **changed}


def seen(answer: Any) -> dict[str, tuple[int, int, int]]:
    """Return the figures of each action that has any."""
    rows = answer.context["preview"]["rows"]
    figures = {row["name"]: (row["then"], row["now"], row["moved"]) for row in rows}
    return {name: of for name, of in figures.items() if any(of)}


def test_saved_policy_is_compared_with_what_was_said(
    staff: Client, survey: Survey, judged: Judged
) -> None:
    """A session that was judged before a change of the policy differs."""
    judged("suspicious", "challenge")
    judged("human", "allow")
    answer = staff.get(address(survey))
    assert seen(answer) == {
        "Allow": (1, 1, 0),
        "Review": (0, 1, 0),
        "Challenge": (1, 0, 1),
    }
    text = answer.content.decode()
    assert "1 session would get “Review” in place of “Challenge”." in text
    assert "<caption>" in text


def test_typed_policy_is_shown_and_not_saved(
    staff: Client, survey: Survey, judged: Judged
) -> None:
    """What was typed stands in the form again; the survey is as it was."""
    for _ in range(2):
        judged("suspicious", "review")
    answer = staff.post(address(survey), typed(name="Typed", suspicious_action="allow"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert seen(answer) == {"Allow": (0, 2, 0), "Review": (2, 0, 2)}
    assert "2 sessions would get “Allow” in place of “Review”." in text
    assert 'value="Typed"' in text
    assert "more likely automated than not: Allow." in text
    assert "Nothing is saved yet." in text
    assert "Please correct" not in text
    survey.refresh_from_db()
    assert (survey.name, survey.suspicious_action) == ("Commuting", "review")


def test_preview_leaves_no_trace(staff: Client, survey: Survey) -> None:
    """Not a single row is written."""
    with CaptureQueriesContext(connection) as asked:
        staff.post(address(survey), typed(bot_action="monitor"))
    writes = ("INSERT", "UPDATE", "DELETE")
    assert not [q["sql"] for q in asked if q["sql"].startswith(writes)]


def test_family_that_is_switched_off_takes_its_witness_away(
    staff: Client, survey: Survey, judged: Judged
) -> None:
    """A bot that only its keys gave away becomes one nobody suspects."""
    judged(
        "bot",
        "block",
        fired=[["keyboard.even_rhythm", 4.0, {"cv": 0.01}]],
        clear=[[1, -1.5, {}]],
    )
    answer = staff.post(address(survey), typed(families_off=["keyboard"]))
    assert seen(answer) == {"Monitor": (0, 1, 0), "Block": (1, 0, 1)}


def test_form_with_a_mistake_has_no_preview(
    staff: Client, survey: Survey, judged: Judged
) -> None:
    """The mistake is marked, as when it is saved."""
    judged("human", "allow")
    answer = staff.post(address(survey), typed(bot_action="exile"))
    text = answer.content.decode()
    assert "There is something to correct in the form first." in text
    assert "exile is not one of the available choices." in text


def test_survey_without_sessions_says_so(staff: Client, survey: Survey) -> None:
    """In place of a table of noughts."""
    assert NOTHING_ENDED in staff.get(address(survey)).content.decode()


def test_older_and_others_sessions_are_left_out(
    staff: Client, survey: Survey, organization: Organization, judged: Judged
) -> None:
    """Seven days of this survey are looked at."""
    judged("bot", "allow", days_ago=7.01)
    judged("bot", "allow", of=create_survey(organization_id=organization.id, name="x"))
    open_session(organization_id=organization.id, survey_id=survey.id)
    assert NOTHING_ENDED in staff.get(address(survey)).content.decode()


def test_new_survey_has_no_preview(staff: Client) -> None:
    """Nothing has happened in it."""
    text = staff.get(reverse("admin:sessions_app_survey_add")).content.decode()
    assert "_preview" not in text
    assert NOTHING_ENDED not in text


def test_newest_are_read_and_the_page_says_so(
    staff: Client, survey: Survey, judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large survey's page is as quick as another's."""
    monkeypatch.setattr(previews, "MOST_SESSIONS", 2)
    judged("bot", "allow")
    for _ in range(2):
        judged("human", "allow")
    answer = staff.get(address(survey))
    assert seen(answer) == {"Allow": (2, 2, 0)}
    assert "There were more" in answer.content.decode()


def test_number_of_queries_is_that_of_one_session(
    staff: Client, survey: Survey, judged: Judged
) -> None:
    """However many there were."""
    judged("human", "allow")
    staff.get(address(survey))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            staff.get(address(survey))
        counts.append(len(asked))
        for _ in range(5):
            judged("bot", "block")
    assert counts[0] == counts[1]


def test_who_may_not_see_surveys_sees_no_preview(survey: Survey) -> None:
    """Staff without that permission, by either way."""
    client = Client()
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert client.get(address(survey)).status_code == 403
    assert client.post(address(survey), typed()).status_code == 403


def test_blocks_are_told_first() -> None:
    """Then what concerns most sessions."""
    pairs = [("allow", "monitor")] * 3 + [("block", "review"), ("review", "allow")]
    found = moves_between(pairs, ["allow", "block"])
    assert found.moves == [
        Move("block", "review", 1),
        Move("allow", "monitor", 3),
        Move("review", "allow", 1),
    ]
    assert (found.total.then, found.total.moved) == (5, 5)
