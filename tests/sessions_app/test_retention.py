"""What is forgotten when its time is over, and what stays."""

from typing import Any

import pytest

from accounts.models import Organization
from common.errors import ConflictError
from detection.facade import DetectionResult
from sessions_app import tasks
from sessions_app.models import BehaviorData, Session, Tally
from sessions_app.services import ending, retention, tallying
from sessions_app.services.retention import Rule, keep_partitions
from tests.conftest import Caller, Visit, make_moves

from .past import Whose, days_ago, make_session, past_session, send, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids(organization: Organization, survey: Any) -> Whose:
    """Whose the sessions are."""
    return {"organization_id": organization.id, "survey_id": survey.id}


@pytest.fixture(autouse=True)
def _kept(settings: Any) -> None:
    """Batches for a month, results for two."""
    settings.BEHAVIOUR_KEPT_DAYS = 30
    settings.RESULTS_KEPT_DAYS = 60


def test_what_is_past_goes_and_the_rest_stays(ids: Whose) -> None:
    """Results outlive the batches that they came from."""
    old = past_session(days_ago(80), **ids)
    middle = past_session(days_ago(50), **ids)
    young = past_session(days_ago(10), **ids)
    keep_partitions()
    assert (stored(old), stored(middle), stored(young)) == ((0, 0), (0, 2), (2, 2))


def test_session_and_its_verdict_stay(ids: Whose) -> None:
    """But not what the engine remembers of its events."""
    old = past_session(days_ago(80), **ids)
    before = Session.objects.get(id=old)
    assert before.state
    keep_partitions()
    after = Session.objects.get(id=old)
    assert (after.verdict, after.event_count) == (before.verdict, 10)
    assert bytes(after.state) == b""


def test_second_round_finds_nothing(ids: Whose) -> None:
    """Nothing is left, nothing is made twice."""
    past_session(days_ago(80), **ids)
    assert keep_partitions()
    assert keep_partitions() == []


def test_dry_run_tells_and_changes_nothing(ids: Whose) -> None:
    """What it tells is what a round then does."""
    old = past_session(days_ago(80), **ids)
    told = keep_partitions(dry_run=True)
    assert stored(old) == (2, 2)
    done = keep_partitions()
    assert {(c.verb, c.part) for c in told} >= {(c.verb, c.part) for c in done}
    assert any(change.verb in {"erased", "dropped"} for change in done)


def test_organization_that_keeps_longer_keeps_its_own(
    ids: Whose, stranger: Organization
) -> None:
    """Another's rows of the same days go."""
    from sessions_app.facade import create_survey  # noqa: PLC0415 - used here alone

    theirs = create_survey(organization_id=stranger.id, name="Theirs")
    our_session = past_session(days_ago(40), **ids)
    their_session = past_session(
        days_ago(40), organization_id=stranger.id, survey_id=theirs.id
    )
    long = [Rule(BehaviorData, 30, {stranger.id: 50})]
    keep_partitions(chosen=long)
    assert (stored(our_session)[0], stored(their_session)[0]) == (0, 2)
    assert bytes(Session.objects.get(id=their_session).state)
    keep_partitions(chosen=[Rule(BehaviorData, 30, {stranger.id: 32})])
    assert stored(their_session)[0] == 0


def test_session_that_still_goes_on_is_left_alone(ids: Whose) -> None:
    """A clock said 1970 when it began; nothing of it may be counted twice."""
    session_id = make_session(days_ago(365 * 56), **ids)
    send(session_id, organization_id=ids["organization_id"])
    keep_partitions()
    assert stored(session_id) == (1, 1)
    assert bytes(Session.objects.get(id=session_id).state)


def test_session_of_next_year_is_stored_and_kept(ids: Whose) -> None:
    """A clock said so."""
    session_id = make_session(days_ago(-365), **ids)
    send(session_id, organization_id=ids["organization_id"])
    keep_partitions()
    assert stored(session_id) == (1, 1)


def test_batch_for_a_session_that_was_forgotten_is_refused(ids: Whose) -> None:
    """It ended long ago; a repeat is not stored a second time."""
    old = past_session(days_ago(80), **ids)
    keep_partitions()
    with pytest.raises(ConflictError) as refused:
        send(old, organization_id=ids["organization_id"])
    assert refused.value.code == "session_closed"
    assert stored(old) == (0, 0)


def test_report_of_a_forgotten_session_opens(ids: Whose, server: Caller) -> None:
    """With the verdict, and the word that events are gone."""
    old = past_session(days_ago(80), **ids)
    Session.objects.filter(id=old).update(verdict="bot", bot_probability=0.97)
    before = server.get(f"sessions/{old}/report").json()
    keep_partitions()
    after = server.get(f"sessions/{old}/report").json()
    assert (before["events_erased"], after["events_erased"]) == (False, True)
    assert (after["verdict"], after["bot_probability"]) == ("bot", 0.97)
    assert (after["bot_score"], after["event_count"]) == (97, 10)
    assert (after["timeline"], after["course"], after["reasons"]) == ([], [], [])
    assert set(after["checks"].values()) == {"unknown"}
    assert server.get(f"sessions/{old}/status").json()["verdict"] == "bot"


def test_session_without_events_is_not_called_forgotten(
    visit: Visit, server: Caller
) -> None:
    """Nothing came, so nothing is gone."""
    assert server.get(f"sessions/{visit.id}/report").json()["events_erased"] is False
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(3))
    assert server.get(f"sessions/{visit.id}/report").json()["events_erased"] is False


def test_forgotten_session_is_not_judged_anew(ids: Whose) -> None:
    """Nothing seen would look like nothing done."""
    old = past_session(days_ago(80), **ids)
    keep_partitions()
    with pytest.raises(ConflictError) as refused:
        ending.judge_whole_session(
            organization_id=ids["organization_id"], session_id=old
        )
    assert refused.value.code == "events_erased"
    assert DetectionResult.objects.count() == 0


def test_round_ends_in_time(ids: Whose, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is for the next one."""
    old = past_session(days_ago(80), **ids)
    monkeypatch.setattr(retention, "ROUND_LASTS_S", -1.0)
    keep_partitions()
    assert stored(old)[0] == 2
    monkeypatch.undo()
    keep_partitions()
    assert stored(old)[0] == 0


def test_sessions_go_in_small_numbers(
    ids: Whose, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all of them go."""
    monkeypatch.setattr(retention, "SESSIONS_AT_ONCE", 1)
    monkeypatch.setattr(retention, "STATES_AT_ONCE", 1)
    for _ in range(3):
        past_session(days_ago(80), batches=1, **ids)
    keep_partitions()
    assert not BehaviorData.objects.exists()
    assert not Session.objects.exclude(state=b"").exists()


def test_task_says_what_it_did(ids: Whose) -> None:
    """One line a change."""
    past_session(days_ago(80), **ids)
    said = tasks.keep_partitions.run()
    assert any(line.startswith(("erased ", "dropped ")) for line in said)


def test_figures_of_a_day_outlive_its_results(
    ids: Whose, organization: Organization
) -> None:
    """They are all that is left of it: counting again finds nothing, and says so."""
    old = past_session(days_ago(80), **ids)
    whose = {"organization_id": organization.id}
    ending.judge_whole_session(session_id=old, **whose)
    before = set(Tally.objects.values_list("figure", "number"))
    assert ("sessions", 1) in before
    keep_partitions()
    assert len(list(tallying.rebuild(**whose))) > 0
    assert set(Tally.objects.values_list("figure", "number")) == before
    assert not any(found for _day, found in tallying.differences(**whose))
