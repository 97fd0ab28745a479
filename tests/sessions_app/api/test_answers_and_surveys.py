"""Answers and surveys over HTTP."""

from typing import Any

import pytest

from accounts.models import Organization
from accounts.services.keys import KeyTerms, create_key
from sessions_app.facade import Survey
from sessions_app.models import Answer
from tests.conftest import Caller, Visit

pytestmark = pytest.mark.django_db


def test_answers_are_stored(server: Caller, visit: Visit) -> None:
    """A later answer to an item takes the earlier one's place."""
    first: list[dict[str, Any]] = [
        {"item": "q1", "type": "single", "value": 2, "answered_ms": 5210},
        {"item": "q2", "type": "text", "value": "On most days 🚲."},
    ]
    answer = server.post(f"sessions/{visit.id}/answers", {"answers": first})
    assert answer.json() == {"stored": 2}
    server.post(f"sessions/{visit.id}/answers", {"answers": [{**first[0], "value": 3}]})
    assert {one.item: one.value for one in Answer.objects.all()} == {
        "q1": 3,
        "q2": "On most days 🚲.",
    }


def test_item_named_twice_keeps_the_last(server: Caller, visit: Visit) -> None:
    """One request may hold an item twice."""
    twice = [{"item": "q1", "type": "single", "value": n} for n in (1, 2)]
    answer = server.post(f"sessions/{visit.id}/answers", {"answers": twice})
    assert answer.json() == {"stored": 1}
    assert Answer.objects.get().value == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/answers"),
        ({"answers": []}, "/answers"),
        ({"answers": [{"item": "", "type": "text", "value": 1}]}, "/answers/0/item"),
        ({"answers": [{"item": "a", "type": "?", "value": 1}]}, "/answers/0/type"),
        ({"answers": [{"item": "a", "type": "text"}]}, "/answers/0/value"),
        (
            {"answers": [{"item": "a", "type": "text", "value": 1, "shown_ms": -1}]},
            "/answers/0/shown_ms",
        ),
        (
            {"answers": [{"item": "a", "type": "text", "value": "x" * 9_000}]},
            "/answers/0/value",
        ),
        ({"answers": [7]}, "/answers/0"),
        ({"answers": {"item": "a"}}, "/answers"),
    ],
)
def test_wrong_answers_are_named(
    server: Caller, visit: Visit, body: dict[str, Any], pointer: str
) -> None:
    """Nothing of a wrong set is stored."""
    answer = server.post(f"sessions/{visit.id}/answers", body)
    assert answer.status_code == 400
    assert pointer in [e["pointer"] for e in answer.json()["errors"]]
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    "raw", [b'{"a":1,"a":2}', b'"\\u0000"', b'{"x":"\\u0000"}', b"{"]
)
def test_json_to_the_letter(server: Caller, visit: Visit, raw: bytes) -> None:
    """Duplicate names, NUL and stumps are refused, not repaired."""
    answer = server.post(f"sessions/{visit.id}/answers", raw=raw)
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed_body"


def test_browser_cannot_answer(visit: Visit) -> None:
    """Answers come from the platform's server alone."""
    answer = visit.browser.post(f"sessions/{visit.id}/answers", {"answers": []})
    assert answer.status_code == 403


def test_survey_is_created_read_and_changed(server: Caller) -> None:
    """A survey with its policy, round trip."""
    made = server.post("surveys", {"name": "Panel 7", "bot_action": "challenge"})
    assert made.status_code == 201
    address = f"surveys/{made.json()['id']}"
    changed = server.patch(address, {"families_off": ["device", "network"]})
    assert changed.json()["families_off"] == ["device", "network"]
    assert server.get(address).json() == changed.json()
    assert changed.json()["bot_action"] == "challenge"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"name": "ok", "bot_action": "shoot"}, "/bot_action"),
        ({"name": "ok", "families_off": ["telepathy"]}, "/families_off/0"),
        ({"name": "ok", "show_reasons": "perhaps"}, "/show_reasons"),
    ],
)
def test_wrong_survey_is_named(
    server: Caller, body: dict[str, Any], pointer: str
) -> None:
    """A refusal points at the field."""
    answer = server.post("surveys", body)
    assert answer.status_code == 400
    assert pointer in [e["pointer"] for e in answer.json()["errors"]]


def test_name_is_taken_once(server: Caller, survey: Survey) -> None:
    """Two surveys of a name would be told apart by nobody."""
    answer = server.post("surveys", {"name": survey.name})
    assert answer.status_code == 409
    assert answer.json()["code"] == "name_taken"


def test_strangers_see_no_survey(strange_server: Caller, survey: Survey) -> None:
    """Not forbidden: not there."""
    assert strange_server.get(f"surveys/{survey.id}").status_code == 404
    assert strange_server.patch(f"surveys/{survey.id}", {}).status_code == 404
    assert strange_server.get("surveys").json()["results"] == []


def test_fields_of_the_server_cannot_be_set(server: Caller, survey: Survey) -> None:
    """Sending an id or an owner changes neither."""
    answer = server.patch(
        f"surveys/{survey.id}", {"id": "x", "organization": "y", "name": "New"}
    )
    assert answer.status_code in {200, 400}
    assert Survey.objects.get(id=survey.id).organization_id == survey.organization_id


def test_survey_cannot_take_anothers_name(server: Caller, survey: Survey) -> None:
    """Renaming meets the same rule as creating."""
    other = server.post("surveys", {"name": "Other"}).json()
    answer = server.patch(f"surveys/{other['id']}", {"name": survey.name})
    assert answer.status_code == 409
    assert Survey.objects.get(id=other["id"]).name == "Other"


def test_policy_needs_its_own_scope(organization: Organization) -> None:
    """Who may edit surveys names them; what follows from a verdict is apart."""
    _key, text = create_key(
        organization_id=organization.id,
        kind="secret",
        terms=KeyTerms(scopes=["surveys.edit"]),
    )
    editor = Caller(text)
    made = editor.post("surveys", {"name": "Commuting"})
    assert made.status_code == 201
    address = f"surveys/{made.json()['id']}"
    assert editor.patch(address, {"name": "Commuters"}).status_code == 200
    for refused in (
        editor.patch(address, {"bot_action": "allow"}),
        editor.post("surveys", {"name": "Another", "show_reasons": True}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    survey = Survey.objects.get()
    assert (survey.name, survey.bot_action) == ("Commuters", "block")
