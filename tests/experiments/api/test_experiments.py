"""Experiments over HTTP: from a draft to a sentence."""

import subprocess
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.facade import create_key
from accounts.models import Organization
from accounts.services.keys import KeyTerms
from experiments.models import Experiment, ExperimentEvent, ExperimentParticipation
from experiments.services.experiments import stop_experiment
from experiments.services.refreshing import refresh
from sessions_app.facade import Survey
from sessions_app.services.ending import judge_whole_session
from tests.conftest import Caller, Visit, make_moves
from tests.experiments.world import DESIGN, run

pytestmark = pytest.mark.django_db

SCOPES = [
    *("experiments.take_part", "experiments.read", "experiments.edit"),
    *("sessions.open", "sessions.send", "sessions.read"),
]


@pytest.fixture
def editor(organization: Organization) -> Caller:
    """A server that may do everything with experiments."""
    _key, text = create_key(
        organization_id=organization.id, kind="secret", terms=KeyTerms(scopes=SCOPES)
    )
    return Caller(text)


def make(editor: Caller, **changes: Any) -> Any:
    """Make a draft."""
    return editor.post("experiments", {"name": "wording", "design": DESIGN | changes})


def shown(caller: Caller, unit: str, **asked: Any) -> dict[str, Any]:
    """Ask which variant somebody sees."""
    words = "&".join(f"{k}={v}" for k, v in {"unit": unit, **asked}.items())
    answer = caller.get(f"experiments/wording/variant?{words}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_draft_runs_and_stops(editor: Caller) -> None:
    """Only on; and what is done again changes nothing."""
    made = make(editor)
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made["ETag"]) == ("draft", '"1"')
    assert made.json()["design"]["share"] == 1.0
    for path, state in (("start", "running"), ("stop", "stopped")):
        for _again in range(2):
            answer = editor.post(f"experiments/wording/{path}", {})
            assert (answer.status_code, answer.json()["state"]) == (200, state)
    over = editor.post("experiments/wording/start", {})
    assert (over.status_code, over.json()["code"]) == (409, "experiment_over")
    assert editor("DELETE", "experiments/wording").status_code == 204
    assert editor.get("experiments").json()["results"] == []
    archived = editor.get("experiments?state=archived").json()["results"]
    assert [one["name"] for one in archived] == ["wording"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"variants": [{"name": "control"}]}, "/variants"),
        ({"variants": [{"name": "a"}, {"name": "a"}]}, "/variants/1/name"),
        (
            {"variants": [{"name": "a"}, {"name": "b", "weight": -1}]},
            "/variants/1/weight",
        ),
        ({"metrics": [{"name": "m", "event": "no name"}]}, "/metrics/0/event"),
        ({"metrics": [{"name": "m", "kind": "ratio", "event": "e"}]}, "/metrics/0/per"),
        (
            {"metrics": [{"name": "m", "event": "e", "role": "guardrail"}]},
            "/metrics/0/margin",
        ),
        ({"share": 2}, "/share"),
        ({"planned_units": 0}, "/planned_units"),
        (
            {"audience": [{"attribute": "a", "operator": "NUM_GT", "values": ["x"]}]},
            "/audience/0",
        ),
        ({"colour": "blue"}, ""),
        ({"variants": "control"}, ""),
    ],
)
def test_design_with_a_fault_names_its_place(
    editor: Caller, changes: dict[str, Any], pointer: str
) -> None:
    """And nothing is stored."""
    answer = make(editor, **changes)
    assert answer.status_code == 400, answer.content
    told = answer.json()["errors"][0]
    assert told["pointer"].startswith(pointer), told
    assert told["detail"]
    assert not Experiment.objects.exists()


def test_name_is_taken_once(editor: Caller) -> None:
    """And `plan` is an address."""
    make(editor)
    assert make(editor).json()["code"] == "name_taken"
    body = {"name": "plan", "design": DESIGN}
    assert editor.post("experiments", body).status_code == 400


def test_change_is_based_on_a_version(editor: Caller) -> None:
    """Whoever comes second is told."""
    make(editor)
    for status in (200, 412):
        answer = editor.patch(
            "experiments/wording", {"hypothesis": "x"}, headers={"If-Match": '"1"'}
        )
        assert answer.status_code == status


def test_weights_begin_a_phase_and_a_share_does_not(editor: Caller) -> None:
    """Who was in an arm stays, whatever the weights are now."""
    make(editor, share=0.5)
    editor.post("experiments/wording/start", {})
    before = {f"r{n}": shown(editor, f"r{n}") for n in range(40)}
    grown = editor.patch("experiments/wording", {"design": {"share": 1.0}})
    assert grown.json()["phase"] == 1
    variants = [{"name": "control", "weight": 1}, {"name": "short", "weight": 9}]
    changed = editor.patch(
        "experiments/wording", {"design": {"variants": variants}, "reason": "Faster."}
    )
    assert changed.json()["phase"] == 2
    for unit, was in before.items():
        now = shown(editor, unit)
        assert now["takes_part"]
        if was["takes_part"]:
            assert (now["variant"], now["why"]) == (was["variant"], "kept")
    phases = set(ExperimentParticipation.objects.values_list("phase", flat=True))
    assert phases == {1, 2}


@pytest.mark.parametrize("field", ["unit", "looking", "alpha"])
def test_running_experiment_keeps_what_its_units_hang_on(
    editor: Caller, field: str
) -> None:
    """Another one would need other units."""
    make(editor)
    editor.post("experiments/wording/start", {})
    value = {"unit": "session", "looking": "always_valid", "alpha": 0.1}[field]
    answer = editor.patch("experiments/wording", {"design": {field: value}})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_changeable")


def test_experiment_without_a_goal_does_not_start(editor: Caller) -> None:
    """Nothing would decide it."""
    make(editor, metrics=[])
    answer = editor.post("experiments/wording/start", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_goal")


def test_missing_experiment_shows_the_control_and_says_why(editor: Caller) -> None:
    """A survey goes on; so it does before the start, and after the end."""
    assert shown(editor, "r1") == {
        "experiment": "wording",
        "variant": "control",
        "payload": {},
        "why": "unknown_experiment",
        "takes_part": False,
    }
    make(editor)
    assert shown(editor, "r1")["why"] == "not_running"
    editor.post("experiments/wording/start", {})
    assert shown(editor, "r1")["why"] == "assigned"
    editor.post("experiments/wording/stop", {})
    stopped = shown(editor, "r1")
    assert (stopped["variant"], stopped["why"]) == ("control", "not_running")


def test_answer_is_kept_and_counted(editor: Caller, organization: Organization) -> None:
    """An exposure each time it is asked; none if it is not seen."""
    run(organization.id)
    first = shown(editor, "r1", expose="false")
    assert not ExperimentParticipation.objects.exists()
    assert {shown(editor, "r1")["variant"] for _ in range(3)} == {first["variant"]}
    assert ExperimentParticipation.objects.get().exposures == 3


def test_forced_variant_is_in_no_result(
    editor: Caller, organization: Organization
) -> None:
    """For a look; and a draft can be looked at as well."""
    make(editor)
    assert shown(editor, "r1", force="short")["variant"] == "short"
    editor.post("experiments/wording/start", {})
    assert shown(editor, "r1", force="short")["why"] == "forced"
    assert ExperimentParticipation.objects.get().left_out == "forced"


def test_audience_is_asked_as_flags_ask(
    editor: Caller, organization: Organization
) -> None:
    """With the attributes of the question."""
    gold = {"attribute": "plan", "operator": "IN", "values": ["gold"]}
    run(organization.id, audience=[gold])
    assert shown(editor, "r1")["why"] == "outside_audience"
    assert shown(editor, "r1", attributes='{"plan":"gold"}')["why"] == "assigned"


def test_first_anonymous_unit_holds(editor: Caller, organization: Organization) -> None:
    """Signing in on a second device makes nobody a second person."""
    run(organization.id)
    first = shown(editor, "phone-1")["variant"]
    known = shown(editor, "ada", anonymous="phone-1")
    assert (known["variant"], known["why"]) == (first, "kept")
    again = shown(editor, "ada", anonymous="laptop-7")
    assert (again["variant"], again["why"]) == (first, "kept")
    assert ExperimentParticipation.objects.count() == 1


def test_events_are_counted_once(editor: Caller, organization: Organization) -> None:
    """By their key, or by name and moment."""
    run(organization.id)
    at = timezone.now().isoformat()
    events = [
        {"name": "paid", "value": 3, "key": "order-1"},
        {"name": "clicked", "at": at},
    ]
    for added, repeated in ((2, 0), (0, 2)):
        answer = editor.post(
            "experiments/wording/track", {"unit": "r1", "events": events}
        )
        assert answer.json() == {"added": added, "repeated": repeated}
    assert ExperimentEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"name": "completed"}, "name"),
        ({"name": "no name"}, "name"),
        ({"name": "paid", "value": 1e300}, "value"),
        ({"name": "paid", "at": "2020-01-01T00:00:00Z"}, "at"),
        ({"name": "paid", "at": "2100-01-01T00:00:00Z"}, "at"),
    ],
)
def test_event_that_cannot_be_is_refused_with_its_place(
    editor: Caller, organization: Organization, event: dict[str, Any], field: str
) -> None:
    """And the good one beside it is not stored either."""
    run(organization.id)
    body = {"unit": "r1", "events": [{"name": "fine"}, event]}
    answer = editor.post("experiments/wording/track", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/events/1/{field}"
    assert not ExperimentEvent.objects.exists()


def test_session_sees_its_variants_and_tells_what_came_of_it(
    site: Caller, survey: Survey, organization: Organization
) -> None:
    """From opening to the last word, once however often it is judged."""
    run(organization.id)
    opened = site.post(
        "sessions", {"survey_id": str(survey.id), "respondent_id": "r-1"}
    ).json()
    assert opened["variants"]["wording"] in {"control", "short"}
    assert opened["payloads"]["wording"]["text"] in {"old", "new"}
    visit = Visit(opened["id"], Caller(opened["token"], site.origin))
    clicks = [{"type": "track", "t": 120 + n, "name": "clicked"} for n in range(2)]
    batch = make_moves(0)
    batch["events"] += [*clicks, {"type": "track", "t": 130, "name": "completed"}]
    sent = visit.browser.post(f"sessions/{visit.id}/data", batch)
    assert sent.status_code == 200, sent.content
    assert visit.browser.post(f"sessions/{visit.id}/complete").status_code == 200
    for _again in range(2):
        judge_whole_session(organization_id=organization.id, session_id=UUID(visit.id))
    part = ExperimentParticipation.objects.get()
    events = ExperimentEvent.objects.filter(unit=part.unit)
    assert "completed" in events.values_list("name", flat=True)
    assert events.filter(name="completed").count() == 1
    assert events.filter(name="clicked").count() == 2


def test_session_that_ends_after_the_experiment_is_counted(
    visit: Visit, organization: Organization
) -> None:
    """Who saw a variant before the end tells what came of it."""
    run(organization.id)
    visit.browser.get("experiments/wording/variant")
    stop_experiment(organization_id=organization.id, name="wording")
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    visit.browser.post(f"sessions/{visit.id}/complete")
    judge_whole_session(organization_id=organization.id, session_id=UUID(visit.id))
    assert ExperimentEvent.objects.filter(name="completed").count() == 1


def test_token_is_about_its_own_session(
    visit: Visit, organization: Organization
) -> None:
    """It asks and tells without a name."""
    run(organization.id)
    answer = visit.browser.get("experiments/wording/variant")
    assert answer.json()["takes_part"] is True
    told = visit.browser.post(
        "experiments/wording/track", {"events": [{"name": "clicked"}]}
    )
    assert told.json() == {"added": 1, "repeated": 0}
    part, event = ExperimentParticipation.objects.get(), ExperimentEvent.objects.get()
    assert part.unit == event.unit
    other = visit.browser.get("experiments/wording/variant?unit=r-2")
    assert other.status_code == 404
    forced = visit.browser.get("experiments/wording/variant?force=short")
    assert forced.status_code == 403


def test_results_say_what_to_do(editor: Caller, organization: Organization) -> None:
    """With a sentence, and with the moments they come from."""
    row = run(organization.id, planned_units=400)
    Experiment.objects.update(started_at=timezone.now() - timedelta(days=9))
    for number in range(200):
        variant = shown(editor, f"r{number}")["variant"]
        if variant == "short" or number % 3 == 0:
            ExperimentEvent.objects.create(
                organization_id=organization.id,
                experiment=row,
                unit=ExperimentParticipation.objects.latest("created_at").unit,
                name="completed",
                at=timezone.now(),
                key=str(number),
            )
    ExperimentParticipation.objects.update(
        first_at=timezone.now() - timedelta(days=8, hours=1)
    )
    early = timezone.now() - timedelta(days=8)
    ExperimentEvent.objects.update(at=early, received_at=early)
    refresh(organization_id=organization.id, experiment_id=row.id)
    found = editor.get("experiments/wording/results").json()
    assert found["verdict"]["advice"] in {"ship", "keep_running"}
    assert "short" in found["verdict"]["sentence"]
    [goal, guard, paid] = found["metrics"]
    assert [one["variant"] for one in goal["arms"]] == ["control", "short"]
    assert sum(one["n"] for one in goal["arms"]) == 200
    assert goal["effects"][0]["stand"] == "better"
    assert goal["effects"][0]["lift"]["point"] > 1
    assert guard["effects"][0]["why"] == "no_variation"
    assert paid["effects"][0]["difference"]["point"] is None
    assert found["health"]["alarms"] == []
    table = editor.get("experiments/wording/results?as_csv=true")
    assert table["Content-Type"].startswith("text/csv")
    assert table.content.decode().count("\n") > 20


def test_results_before_anybody_came(editor: Caller) -> None:
    """Neither of a draft, nor of what just started, is anything made up."""
    make(editor)
    for path in ("", "start"):
        if path:
            editor.post(f"experiments/wording/{path}", {})
        found = editor.get("experiments/wording/results").json()
        assert found["verdict"]["rule"] == "no_units"
        assert found["verdict"]["sentence"] == "Nobody took part yet."


def test_numbers_are_loaded_by_who_needs_them() -> None:
    """A process that starts loads neither numpy nor scipy: they take half a second."""
    program = (
        "import sys, django; django.setup();"
        " from django.urls import get_resolver; get_resolver().url_patterns;"
        " sys.exit(bool({'numpy', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
