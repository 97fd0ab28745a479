"""Export and erasure by the API: who may, whom, and what is refused."""

from typing import Any

import pytest

from accounts.facade import create_key
from accounts.models import AuditRow, Organization
from accounts.services.keys import KeyTerms
from sessions_app.facade import Survey
from sessions_app.models import Erasure, Respondent, Session
from tests.conftest import Caller, make_moves

pytestmark = pytest.mark.django_db


def key_for(organization: Organization, *scopes: str) -> Caller:
    """Return a server with a key of these scopes."""
    _key, text = create_key(
        organization_id=organization.id,
        kind="secret",
        terms=KeyTerms(scopes=list(scopes)),
    )
    return Caller(text)


@pytest.fixture
def office(organization: Organization) -> Caller:
    """A server that may export and erase."""
    return key_for(organization, "respondents.export", "respondents.erase")


def opened(server: Caller, survey: Survey, respondent: str | None = "r-1") -> str:
    """Open a session; return its id."""
    body = {"survey_id": str(survey.id), "respondent_id": respondent}
    return str(server.post("sessions", body).json()["id"])


@pytest.mark.parametrize("path", ["respondents/export", "respondents/erase"])
def test_key_without_scopes_may_not(server: Caller, survey: Survey, path: str) -> None:
    """A key that may everything else must be made for this."""
    opened(server, survey)
    answer = server.post(path, {"respondent_id": "r-1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert Session.objects.count() == 1


def test_exporting_is_not_erasing(
    organization: Organization, server: Caller, survey: Survey
) -> None:
    """Each is a scope of its own."""
    opened(server, survey)
    reader = key_for(organization, "respondents.export")
    assert (
        reader.post("respondents/export", {"respondent_id": "r-1"}).status_code == 200
    )
    assert reader.post("respondents/erase", {"respondent_id": "r-1"}).status_code == 403


@pytest.mark.parametrize("path", ["respondents/export", "respondents/erase"])
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"respondent_id": ""},
        {"respondent_id": "r-1", "session_id": "0192e0c0-0000-7000-8000-000000000000"},
        {"respondent_id": "x" * 201},
        {"session_id": "not an id"},
        {"respondent_id": None},
        {"respondent_id": ["r-1"]},
        {"respondent_id": "r-\x00"},
        {"whoever": "r-1"},
        [],
        "r-1",
        None,
    ],
)
def test_bad_name_is_refused(office: Caller, path: str, body: Any) -> None:
    """With an answer that says what is wrong; nothing happens."""
    answer = office.post(path, body)
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"]
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("path", ["respondents/export", "respondents/erase"])
def test_unknown_is_not_found(office: Caller, path: str) -> None:
    """As is whoever another organization knows."""
    answer = office.post(path, {"respondent_id": "nobody"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_another_organization_finds_nobody(
    stranger: Organization, server: Caller, survey: Survey
) -> None:
    """By either name."""
    session_id = opened(server, survey)
    theirs = key_for(stranger, "respondents.export", "respondents.erase")
    for body in ({"respondent_id": "r-1"}, {"session_id": session_id}):
        assert theirs.post("respondents/export", body).status_code == 404
        assert theirs.post("respondents/erase", body).status_code == 404
    assert Session.objects.count() == 1


def test_all_sessions_of_a_respondent_go(
    office: Caller, server: Caller, survey: Survey
) -> None:
    """One of them stands for all; others' stay."""
    first, _second = opened(server, survey), opened(server, survey)
    other = opened(server, survey, "r-2")
    answer = office.post("respondents/erase", {"session_id": first})
    assert answer.json()["sessions"] == 2
    assert [str(one.id) for one in Session.objects.all()] == [other]
    assert Respondent.objects.count() == 1


def test_session_without_respondent_goes_alone(
    office: Caller, server: Caller, survey: Survey
) -> None:
    """Nobody knows whose others are."""
    alone, other = opened(server, survey, None), opened(server, survey, None)
    assert office.post("respondents/erase", {"session_id": alone}).status_code == 200
    assert [str(one.id) for one in Session.objects.all()] == [other]


def test_second_time_is_the_same_receipt(
    office: Caller, server: Caller, survey: Survey
) -> None:
    """Whoever comes back afterwards is somebody new."""
    opened(server, survey)
    first = office.post("respondents/erase", {"respondent_id": "r-1"})
    again = office.post("respondents/erase", {"respondent_id": "r-1"})
    assert (again.status_code, again.json()) == (200, first.json())
    opened(server, survey)
    third = office.post("respondents/erase", {"respondent_id": "r-1"})
    assert third.json()["id"] != first.json()["id"]
    assert Erasure.objects.count() == 2


def test_receipts_are_read(office: Caller, server: Caller, survey: Survey) -> None:
    """All of them, the newest first, and one by its id."""
    for name in ("r-1", "r-2"):
        opened(server, survey, name)
        office.post("respondents/erase", {"respondent_id": name})
    page = office.get("respondents/erasures").json()
    assert [one["sessions"] for one in page["results"]] == [1, 1]
    newest = page["results"][0]
    assert office.get(f"respondents/erasures/{newest['id']}").json() == newest
    assert office.get("respondents/erasures?limit=0").status_code == 400


def test_receipt_of_another_organization_is_not_found(
    stranger: Organization, office: Caller, server: Caller, survey: Survey
) -> None:
    """In the same words as one that nobody has."""
    opened(server, survey)
    made = office.post("respondents/erase", {"respondent_id": "r-1"}).json()
    theirs = key_for(stranger, "respondents.erase")
    assert theirs.get(f"respondents/erasures/{made['id']}").status_code == 404
    assert theirs.get("respondents/erasures").json()["results"] == []


def test_audit_names_nobody(office: Caller, server: Caller, survey: Survey) -> None:
    """It keeps that it was done, by which key, and how much."""
    opened(server, survey)
    office.post("respondents/export", {"respondent_id": "r-1"})
    office.post("respondents/erase", {"respondent_id": "r-1"})
    entries = AuditRow.objects.filter(verb__startswith="respondent.").order_by("id")
    exported, erased = entries
    assert exported.difference == {"sessions": [None, 1]}
    assert erased.target_id == str(Erasure.objects.get().id)
    assert erased.difference["sessions"] == [None, 1]
    assert "r-1" not in f"{exported.__dict__} {erased.__dict__}"


def test_without_consent_nobody_looks_at_the_device(
    site: Caller, survey: Survey
) -> None:
    """What somebody did is judged; who their browser is, is not stored."""
    answers = {}
    for given in (True, False):
        body = {"survey_id": str(survey.id), "consent": {"given": given}}
        visit = site.post("sessions", body).json()
        device = {"type": "device", "t": 1, "webdriver": True}
        batch = make_moves(0)
        batch["events"].append(device | {"t": batch["events"][-1]["t"]})
        browser = Caller(visit["token"], site.origin)
        sent = browser.post(f"sessions/{visit['id']}/data", batch)
        assert sent.status_code == 200, sent.content
        again = browser.post(f"sessions/{visit['id']}/data", batch)
        assert again.status_code == 200
        answers[given] = Session.objects.get(id=visit["id"])
    assert answers[True].event_count == 6
    assert answers[False].event_count == 5
    assert answers[True].verdict == "bot"
    assert answers[False].verdict != "bot"


@pytest.mark.parametrize(
    "consent", [{}, {"given": "perhaps"}, {"given": True, "version": "x" * 65}, [], 1]
)
def test_bad_consent_is_refused(server: Caller, survey: Survey, consent: Any) -> None:
    """A session is not opened by chance without it."""
    body = {"survey_id": str(survey.id), "consent": consent}
    assert server.post("sessions", body).status_code == 400
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({"Sec-GPC": "1"}, [True]), ({"Sec-GPC": "0"}, [False]), ({}, [False])],
)
def test_gpc_is_recorded_and_judges_nobody(
    site: Caller, survey: Survey, headers: dict[str, str], expected: list[bool]
) -> None:
    """Whoever asks for privacy is judged as everybody is."""
    body = {"survey_id": str(survey.id)}
    visit = site.post("sessions", body, headers=headers).json()
    browser = Caller(visit["token"], site.origin)
    path = f"sessions/{visit['id']}/data"
    assert browser.post(path, make_moves(0), headers=headers).status_code == 200
    session = Session.objects.get()
    assert [session.gpc] == expected
    assert session.bot_probability is not None


def test_server_knows_no_gpc(server: Caller, survey: Survey) -> None:
    """Its own headers say nothing of a respondent."""
    opened(server, survey)
    assert Session.objects.get().gpc is None
