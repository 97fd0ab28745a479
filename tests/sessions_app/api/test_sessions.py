"""Opening, reading and ending sessions over HTTP."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import ApiKey
from sessions_app.facade import Survey
from sessions_app.models import Respondent, Session
from tests.conftest import Caller, Visit, make_moves, open_visit

pytestmark = pytest.mark.django_db


def test_page_opens_a_session(site: Caller, survey: Survey) -> None:
    """A publishable key gets an id and a token."""
    answer = site.post("sessions", {"survey_id": str(survey.id)})
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "token", "status", "variants", "payloads"}
    assert answer.json()["token"].startswith("bf_st_")


def test_respondent_is_kept_as_a_digest(server: Caller, survey: Survey) -> None:
    """The platform's own id is nowhere in the database."""
    for _ in range(2):
        server.post(
            "sessions", {"survey_id": str(survey.id), "respondent_id": "panel-4711"}
        )
    respondent = Respondent.objects.get()
    assert "4711" not in respondent.digest
    assert Session.objects.filter(respondent=respondent).count() == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/survey_id"),
        ({"survey_id": "17"}, "/survey_id"),
        ({"survey_id": None}, "/survey_id"),
        ({"surveyid": "x"}, "/surveyid"),
        ({"metadata": []}, "/metadata"),
        ({"metadata": {"a": {"b": {"c": {"d": {"e": {}}}}}}}, "/metadata"),
        ({"metadata": {"a": "x" * 9_000}}, "/metadata"),
        ({"tags": ["x" * 65]}, "/tags/0"),
        ({"tags": [[]]}, "/tags/0"),
        ({"respondent_id": "x" * 201}, "/respondent_id"),
    ],
)
def test_wrong_field_is_named(
    server: Caller, survey: Survey, body: dict[str, Any], pointer: str
) -> None:
    """A refusal points at the field."""
    full = {"survey_id": str(survey.id)} | body if "survey_id" not in body else body
    if pointer == "/survey_id" and not body:
        full = {}
    answer = server.post("sessions", full)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert pointer in [e["pointer"] for e in answer.json()["errors"]]
    assert Session.objects.count() == 0


def test_survey_of_another_organization_is_not_found(
    strange_server: Caller, survey: Survey
) -> None:
    """Theirs and nobody's look the same."""
    answer = strange_server.post("sessions", {"survey_id": str(survey.id)})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("credential", ["", "nonsense", "bf_sk_live_" + "x" * 46])
def test_without_a_key_is_401(credential: str, survey: Survey) -> None:
    """Nobody gets in without showing something valid."""
    answer = Caller(credential).post("sessions", {"survey_id": str(survey.id)})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["status"] == 401


def test_revoked_key_is_401(server: Caller, survey: Survey) -> None:
    """A key ends at once."""
    ApiKey.objects.update(revoked_at=timezone.now())
    assert server.get("surveys").status_code == 401


@pytest.mark.parametrize("origin", ["", "https://evil.example", "null"])
def test_publishable_key_is_bound_to_its_origins(
    site: Caller, survey: Survey, origin: str
) -> None:
    """A key copied to another site opens nothing there."""
    answer = Caller(site.credential, origin).post(
        "sessions", {"survey_id": str(survey.id)}
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "origin_not_allowed"


def test_page_cannot_read_lists(site: Caller) -> None:
    """A publishable key opens sessions and nothing else."""
    assert site.get("sessions").status_code == 403
    assert site.get("surveys").status_code == 403


def test_preflight_is_answered_for_registered_origins(site: Caller) -> None:
    """A browser may ask from an origin that some key names, and from no other."""
    ask = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    known = Caller(origin=site.origin)("OPTIONS", "sessions", headers=ask)
    assert known["Access-Control-Allow-Origin"] == site.origin
    assert "authorization" in known["Access-Control-Allow-Headers"]
    other = Caller(origin="https://evil.example")("OPTIONS", "sessions", headers=ask)
    assert "Access-Control-Allow-Origin" not in other


def test_token_opens_its_own_session_alone(
    site: Caller, survey: Survey, visit: Visit
) -> None:
    """For the holder of a token no other session exists."""
    other = open_visit(site, survey)
    assert visit.browser.get(f"sessions/{other.id}/status").status_code == 404
    answer = visit.browser.post(f"sessions/{other.id}/data", make_moves(0))
    assert answer.status_code == 404
    assert visit.browser.get(f"sessions/{visit.id}/report").status_code == 403


def test_browser_never_learns_why(visit: Visit) -> None:
    """Without `show_reasons` a token sees state, seq and gaps."""
    answer = visit.browser.post(f"sessions/{visit.id}/data", make_moves(0)).json()
    assert set(answer) == {"session_id", "status", "accepted", "seq", "gaps"}
    status = visit.browser.get(f"sessions/{visit.id}/status").json()
    assert set(status) == {"session_id", "status", "gaps", "is_final"}


def test_policy_shares_the_action(survey: Survey, visit: Visit) -> None:
    """`share_action` tells the browser what follows, and still not why."""
    Survey.objects.update(share_action=True)
    status = visit.browser.get(f"sessions/{visit.id}/status").json()
    assert status["recommended_action"] == "monitor"
    assert "verdict" not in status


def test_policy_shows_reasons(visit: Visit) -> None:
    """`show_reasons` lifts the curtain, for demonstrations."""
    Survey.objects.update(show_reasons=True)
    status = visit.browser.get(f"sessions/{visit.id}/status").json()
    assert status["verdict"] == "undecided"
    assert status["reasons"] == []


def test_server_sees_the_whole_verdict(server: Caller, visit: Visit) -> None:
    """The documented shape, in status and report."""
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    status = server.get(f"sessions/{visit.id}/status").json()
    assert {"verdict", "bot_probability", "bot_score", "recommended_action"} <= set(
        status
    )
    assert {"confidence", "reasons", "checks", "event_count", "ruleset"} <= set(status)
    assert status["event_count"] == 5
    report = server.get(f"sessions/{visit.id}/report").json()
    assert report["timeline"][0]["event_count"] == 5
    assert report["course"][0]["seq"] == 0
    by_query = server.get("sessions/report", headers={}).json()
    assert by_query["status"] == 400
    same = server.get(f"/api/v1/sessions/report?session_id={visit.id}").json()
    assert same["session_id"] == visit.id


@pytest.mark.parametrize("path", ["status", "report"])
def test_another_organizations_session_is_not_found(
    strange_server: Caller, visit: Visit, path: str
) -> None:
    """Not forbidden: not there."""
    assert strange_server.get(f"sessions/{visit.id}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["data", "answers", "complete"])
def test_another_organization_cannot_write(
    strange_server: Caller, visit: Visit, path: str
) -> None:
    """Nor can they add to it."""
    body = {
        "data": make_moves(0),
        "answers": {"answers": [{"item": "a", "type": "text", "value": "b"}]},
        "complete": None,
    }[path]
    answer = strange_server.post(f"sessions/{visit.id}/{path}", body)
    assert answer.status_code == 404
    assert Session.objects.get().status == "active"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "sessions"),
        ("GET", "sessions/{id}/data"),
        ("PUT", "sessions/{id}/answers"),
        ("GET", "sessions/{id}/complete"),
        ("POST", "sessions/{id}/status"),
        ("POST", "sessions/{id}/report"),
        ("DELETE", "surveys"),
    ],
)
def test_wrong_method_is_405(
    server: Caller, visit: Visit, method: str, path: str
) -> None:
    """What an address does not do, it says."""
    answer = server(method, path.format(id=visit.id))
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert answer["Allow"]


def test_completing_twice_changes_nothing(server: Caller, visit: Visit) -> None:
    """The second answer is as good as the first."""
    assert visit.browser.post(f"sessions/{visit.id}/complete").status_code == 200
    ended = Session.objects.get().ended_at
    again = visit.browser.post(f"sessions/{visit.id}/complete")
    assert again.status_code == 200
    assert again.json()["status"] == "completed"
    assert Session.objects.get().ended_at == ended


def test_list_filters(server: Caller, site: Caller, survey: Survey) -> None:
    """Each filter narrows the list, and nonsense is refused."""
    for tag, person in (("a", "anna"), ("b", "bert")):
        server.post(
            "sessions",
            {"survey_id": str(survey.id), "tags": [tag], "respondent_id": person},
        )

    def count(query: str) -> int:
        return len(server.get(f"/api/v1/sessions?{query}").json()["results"])

    assert count("") == 2
    assert count("tag=a") == 1
    assert count("respondent_id=bert") == 1
    assert count("respondent_id=carl") == 0
    assert count(f"survey_id={survey.id}") == 2
    assert count("status=completed") == 0
    assert count("verdict=undecided&status=active") == 2
    assert count("started_after=2999-01-01T00:00:00Z") == 0
    assert count("started_before=2999-01-01T00:00:00Z") == 2
    for wrong in ("status=gone", "verdict=maybe", "started_after=noon", "stutus=x"):
        assert server.get(f"/api/v1/sessions?{wrong}").status_code == 400


def test_list_pages_by_cursor(server: Caller, site: Caller, survey: Survey) -> None:
    """Pages follow one another, newest first, and lose none."""
    ids = [open_visit(site, survey).id for _ in range(5)]
    first = server.get("/api/v1/sessions?limit=3").json()
    second = server.get(first["next"].replace("http://testserver", "")).json()
    got = [row["id"] for row in first["results"] + second["results"]]
    assert got == ids[::-1]
    assert second["next"] is None
    assert server.get("/api/v1/sessions?cursor=nonsense").status_code == 404


def test_list_takes_a_fixed_number_of_queries(
    server: Caller, site: Caller, survey: Survey, django_assert_num_queries: Any
) -> None:
    """More sessions do not mean more queries."""
    open_visit(site, survey)
    # That a key is used is written down once a minute.
    server.get("sessions")
    with django_assert_num_queries(3):
        server.get("sessions")
    for _ in range(10):
        open_visit(site, survey)
    with django_assert_num_queries(3):
        server.get("sessions")


def test_polling_a_status_costs_changes_only(server: Caller, visit: Visit) -> None:
    """The same answer again is 304, a new one is not."""
    address = f"sessions/{visit.id}/status"
    known = {"If-None-Match": server.get(address)["ETag"]}
    assert server.get(address, headers=known).status_code == 304
    visit.browser.post(f"sessions/{visit.id}/data", make_moves(0))
    assert server.get(address, headers=known).status_code == 200
