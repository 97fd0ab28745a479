"""What a session learns from its requests, over HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pytest
from django.apps import apps
from structlog.testing import capture_logs

from detection.facade import SessionState
from detection.identity import SignedRequest
from detection.models import NetworkList
from sessions_app.facade import Session, Survey
from sessions_app.services.ending import judge_whole_session
from tests.conftest import Caller, Visit, make_moves, open_visit
from tests.detection.lists import AGENT, OTHER, PRIVATE, load, load_keys, signed

pytestmark = pytest.mark.django_db

ADDRESS: Final = "192.0.2.77"
BROWSER: Final = {
    "User-Agent": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
        " (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
    ),
    "Accept-Language": "de",
}
AGENT_NAME: Final = {"User-Agent": "Mozilla/5.0 (compatible; ChatGPT-User/1.0)"}


@pytest.fixture
def _behind_a_proxy(settings: Any) -> None:
    """Believe one proxy, which ends TLS."""
    settings.TRUSTED_PROXIES = 1
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def send(
    visit: Visit, headers: Mapping[str, str], count: int = 3, *, first: int = 0
) -> None:
    """Send batches with some headers."""
    for seq in range(first, first + count):
        answer = visit.browser.post(
            f"sessions/{visit.id}/data", make_moves(seq), headers=headers
        )
        assert answer.status_code == 200, answer.content


def report(server: Caller, visit: Visit) -> Any:
    """Return what the survey's owner reads."""
    return server.get(f"sessions/{visit.id}/report").json()


def came_from(address: str, proto: str = "https") -> dict[str, str]:
    """Return the headers that a proxy adds."""
    return {**BROWSER, "X-Forwarded-For": address, "X-Forwarded-Proto": proto}


def change(server: Caller, survey: Survey, **policy: object) -> None:
    """Change a survey's policy."""
    assert server.patch(f"surveys/{survey.id}", policy).status_code == 200


@pytest.mark.usefixtures("_behind_a_proxy")
def test_class_of_the_address_is_told(server: Caller, visit: Visit) -> None:
    """With how many requests came from there."""
    load("tor", "192.0.2.0/24")
    send(visit, came_from(ADDRESS))
    answer = report(server, visit)
    reasons = {one["code"]: one for one in answer["reasons"]}
    assert reasons["network.tor"]["evidence"] == {"requests": 3}
    assert answer["checks"]["network.datacenter"] == "unknown"
    assert answer["verdict"] == "undecided"


@pytest.mark.usefixtures("_behind_a_proxy")
def test_address_is_kept_nowhere(visit: Visit, server: Caller) -> None:
    """Neither in a table nor in a line of the log."""
    load("tor", "192.0.2.0/24")
    with capture_logs() as logs:
        send(visit, came_from(ADDRESS))
        server.post(f"sessions/{visit.id}/complete")
    classes = SessionState.from_bytes(bytes(Session.objects.get(id=visit.id).state))
    assert classes.features().totals.network.address_classes["tor"] == 3
    texts = [*logs_and_rows(logs)]
    packed = bytes(map(int, ADDRESS.split(".")))
    for trace in (ADDRESS, str(int.from_bytes(packed)), packed.decode("latin-1")):
        assert not [text for text in texts if trace in text]


def logs_and_rows(logs: Sequence[object]) -> Iterator[str]:
    """Yield all that is kept of a request: the log, and every column of every table."""
    yield repr(logs)
    for name in ("common", "accounts", "detection", "sessions_app"):
        for model in apps.get_app_config(name).get_models():
            if model is NetworkList:
                continue
            for row in model._default_manager.values_list():
                for value in row:
                    is_bytes = isinstance(value, bytes | memoryview)
                    yield bytes(value).decode("latin-1") if is_bytes else str(value)


def test_forwarded_address_is_not_believed_without_a_proxy(
    server: Caller, visit: Visit
) -> None:
    """Anyone could write it; a signal built upon it fired on everyone (N8)."""
    load("tor", "192.0.2.0/24")
    send(visit, came_from(ADDRESS))
    assert report(server, visit)["checks"]["network.tor"] == "clear"


@pytest.mark.usefixtures("_behind_a_proxy")
def test_only_the_entry_of_our_proxy_counts(server: Caller, visit: Visit) -> None:
    """What stands before it was written by the caller."""
    load("tor", "192.0.2.0/24")
    send(visit, came_from(f"{ADDRESS}, 198.51.100.1"))
    assert report(server, visit)["checks"]["network.tor"] == "clear"


@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize(
    ("proto", "check"), [("https", "fired"), ("http", "unknown"), ("", "unknown")]
)
def test_headers_are_missed_over_tls_alone(
    server: Caller, visit: Visit, proto: str, check: str
) -> None:
    """Browsers leave them out in the clear."""
    send(visit, came_from(ADDRESS, proto))
    checks = report(server, visit)["checks"]
    assert checks["network.no_fetch_metadata"] == check
    assert checks["network.no_hints"] == check


def test_this_machine_is_trusted_without_tls(server: Caller, visit: Visit) -> None:
    """Browsers name the purpose of a request to localhost, but no brands."""
    send(visit, {**BROWSER, "Host": "localhost:8000"})
    checks = report(server, visit)["checks"]
    assert checks["network.no_fetch_metadata"] == "fired"
    assert checks["network.no_hints"] == "unknown"


def test_server_speaks_for_nobodys_browser(server: Caller, survey: Survey) -> None:
    """The survey platform's own requests come from a data centre, by a library."""
    load("datacenter", "127.0.0.0/8")
    opened = server.post("sessions", {"survey_id": str(survey.id)}).json()
    visit = Visit(opened["id"], server)
    send(visit, {"User-Agent": "python-requests/2.32"})
    checks = report(server, visit)["checks"]
    network = [checks[code] for code in checks if code.startswith("network.")]
    assert set(network) == {"unknown"}


@pytest.mark.parametrize("action", ["allow", "monitor", "review", "challenge", "block"])
def test_declared_agent_gets_what_the_survey_says(
    server: Caller, site: Caller, survey: Survey, action: str
) -> None:
    """It is named among the reasons, and judged like anyone else."""
    change(server, survey, declared_agent_action=action)
    visit = open_visit(site, survey)
    send(visit, AGENT_NAME)
    answer = report(server, visit)
    assert answer["recommended_action"] == action
    declared = [
        one for one in answer["reasons"] if one["code"] == "network.declared_agent"
    ]
    assert declared[0]["evidence"] == {"names": "ChatGPT-User"}
    assert answer["verdict"] == "undecided"


def test_final_verdict_keeps_to_the_policy(
    server: Caller, visit: Visit, survey: Survey
) -> None:
    """Headers are not stored with the batches, and yet not forgotten."""
    change(server, survey, declared_agent_action="challenge")
    send(visit, AGENT_NAME)
    server.post(f"sessions/{visit.id}/complete")
    session = Session.objects.get(id=visit.id)
    result, _made = judge_whole_session(
        organization_id=session.organization_id, session_id=session.id
    )
    assert result.recommended_action == "challenge"


def test_agents_are_reviewed_by_default(server: Caller, visit: Visit) -> None:
    """Someone looks; nobody is blocked for being honest."""
    send(visit, AGENT_NAME)
    assert report(server, visit)["recommended_action"] == "review"


def test_blocking_policy_ends_an_agents_session(
    server: Caller, site: Caller, survey: Survey
) -> None:
    """Where the survey's owner wants both."""
    change(server, survey, declared_agent_action="block", blocking_ends_session=True)
    visit = open_visit(site, survey)
    send(visit, AGENT_NAME, 1)
    assert Session.objects.get(id=visit.id).status == "blocked"


def signature(visit: Visit, key: Any = PRIVATE, **options: Any) -> dict[str, str]:
    """Return the headers of an agent that signs its requests to us."""
    url = f"http://testserver/api/v1/sessions/{visit.id}/data"
    return {**BROWSER, **signed(SignedRequest("POST", url, {}), key, **options).headers}


def test_signature_is_verified(server: Caller, visit: Visit) -> None:
    """Against the keys that the operator loaded."""
    load_keys(PRIVATE)
    send(visit, signature(visit))
    answer = report(server, visit)
    (reason,) = [one for one in answer["reasons"] if one["code"].endswith("d_agent")]
    assert reason["evidence"] == {"signers": AGENT, "identity": "verified"}
    assert answer["recommended_action"] == "review"
    assert answer["checks"]["network.spoofed_agent"] == "clear"


def test_signature_without_a_key_is_a_declaration(server: Caller, visit: Visit) -> None:
    """Nothing is fetched to check it."""
    send(visit, signature(visit))
    answer = report(server, visit)
    (reason,) = [one for one in answer["reasons"] if one["code"].endswith("d_agent")]
    assert reason["evidence"] == {"signers": AGENT, "identity": "signed"}


def test_forged_signature_loses_the_agents_policy(
    server: Caller, visit: Visit, survey: Survey
) -> None:
    """Who is not the agent is judged as anyone else."""
    change(server, survey, declared_agent_action="allow")
    load_keys(PRIVATE)
    send(visit, signature(visit, OTHER, keyid=next(iter(_names()))))
    answer = report(server, visit)
    assert answer["checks"]["network.spoofed_agent"] == "fired"
    assert answer["recommended_action"] == "monitor"


def _names() -> list[str]:
    """Return the fingerprints of the keys that are loaded."""
    model = apps.get_model("detection", "AgentKey")
    return list(model._default_manager.values_list("thumbprint", flat=True))


def test_policy_for_agents_is_part_of_a_survey(server: Caller) -> None:
    """Created, read, changed; and refused when it is none."""
    made = server.post("surveys", {"name": "New"}).json()
    assert made["declared_agent_action"] == "review"
    address = f"surveys/{made['id']}"
    changed = server.patch(address, {"declared_agent_action": "block"})
    assert changed.json() == server.get(address).json()
    assert changed.json()["declared_agent_action"] == "block"
    wrong = server.patch(address, {"declared_agent_action": "greet"})
    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["pointer"] == "/declared_agent_action"


def test_older_release_may_still_create_surveys(survey: Survey) -> None:
    """It runs while the column is there already, and does not name it."""
    from django.db import connection  # noqa: PLC0415 - used here alone

    columns = (
        "id, created_at, organization_id, name, bot_action, suspicious_action,"
        " behaviour_may_block, blocking_ends_session, share_action, show_reasons,"
        " families_off"
    )
    with connection.cursor() as cursor:
        new = columns.replace("id,", "%s,", 1).replace(" name", " 'Older'")
        cursor.execute(
            f"INSERT INTO sessions_app_survey ({columns})"  # noqa: S608 - our own text
            f" SELECT {new} FROM sessions_app_survey",
            ["0192f0c12b5a7c3e8f103a5b7c9d1e2f"],
        )
    assert Survey.objects.get(name="Older").declared_agent_action == "review"
