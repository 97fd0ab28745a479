"""Webhook endpoints over HTTP; names lead where the tests say."""

from typing import Any, Final

import pytest

from accounts.models import Organization
from integrations import sending
from integrations.models import WebhookDelivery, WebhookEndpoint
from integrations.services import endpoints
from tests.conftest import Caller

pytestmark = pytest.mark.django_db

BODY: Final = {"url": "https://survey.example/hook", "event_types": ["verdict.final"]}


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """One name is public, one leads inside, the rest nowhere."""
    leads = {
        "survey.example": ["93.184.216.34"],
        "inside.example": ["93.184.216.34", "10.0.0.1"],
    }

    def resolve(host: str, _port: int) -> list[str]:
        literal = host.replace(".", "").isdigit() or ":" in host
        return leads.get(host, [host] if literal else [])

    monkeypatch.setattr(sending, "resolve", resolve)


def make(server: Caller, **fields: Any) -> Any:
    """Make an endpoint."""
    return server.post("webhooks", {**BODY, **fields})


def test_endpoint_is_made_and_its_secret_answered_once(server: Caller) -> None:
    """No cache keeps it, and no other answer has it."""
    answer = make(server, description="Production")
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    made = answer.json()
    assert made.pop("secret").startswith("whsec_")
    assert (made["state"], made["event_types"]) == ("enabled", ["verdict.final"])
    assert server.get(f"webhooks/{made['id']}").json() == made
    assert server.get("webhooks").json()["results"] == [made]


def test_same_key_makes_one_endpoint(server: Caller) -> None:
    """The secret as well is answered again."""
    key = {"Idempotency-Key": "an-endpoint-made-once"}
    first, second = (server.post("webhooks", BODY, headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert WebhookEndpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://survey.example/", "https only"),
        ("https://user:word@survey.example/", "user or a password"),
        ("https://survey.example:22/", "this port"),
        ("https://nowhere.example/", "leads nowhere"),
        ("https://inside.example/", "not public"),
        ("https://127.0.0.1/", "not public"),
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("https://[::1]/", "not public"),
        ("https://[::ffff:10.0.0.1]/", "not public"),
        ("https://2130706433/", "no host"),
        ("https://0x7f.1/", "no host"),
        ("https://survey.example/\u202e", "visible ASCII"),
        ("survey.example", "visible ASCII"),
    ],
)
def test_place_that_nothing_is_sent_to_is_refused(
    server: Caller, url: str, reason: str
) -> None:
    """At once, and with what to do about it; when changed as well."""
    made = make(server).json()
    for answer in (
        make(server, url=url),
        server.patch(f"webhooks/{made['id']}", {"url": url}),
    ):
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/url"
        assert reason in error["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": 5},
        {"url": None},
        {"url": "https://survey.example/" + "a" * 500},
        {"event_types": []},
        {"event_types": ["test.ping"]},
        {"event_types": ["no.such"]},
        {"event_types": "verdict.final"},
        {"event_types": ["verdict.final"] * 3},
        {"description": "two\nlines"},
        {"description": "a" * 201},
        {"id": "0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f"},
        {"secrets": []},
        {"secret": "whsec_mine"},
        {"organization_id": "0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f"},
        {"failures": 0},
        {"disabled_at": None},
        {"enabled": True},
    ],
)
def test_what_cannot_be_set_is_refused(server: Caller, wrong: dict[str, Any]) -> None:
    """Nothing is made of it."""
    assert make(server, **wrong).status_code == 400
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b'"x"', b"{", b'{"url": NaN}', b"\xff", b'{"url":"\\ud800"}'],
)
def test_bodies_that_are_none_are_refused(server: Caller, raw: bytes) -> None:
    """Each with 400, on each address that takes one."""
    made = make(server).json()["id"]
    for path in ("webhooks", f"webhooks/{made}/replay"):
        assert server("POST", path, raw=raw).status_code == 400


def test_changing_keeps_the_secret_and_changes_what_is_sent(server: Caller) -> None:
    """Events stand in their one order."""
    made = make(server).json()["id"]
    events = ["verdict.final", "session.completed"]
    changed = server.patch(f"webhooks/{made}", {"event_types": events}).json()
    assert changed["event_types"] == ["session.completed", "verdict.final"]
    assert changed["url"] == BODY["url"]
    assert "secret" not in changed


def test_disabled_endpoint_is_sent_nothing(server: Caller) -> None:
    """A test is refused with what to do; enabling it again is enough."""
    made = make(server).json()["id"]
    off = server.patch(f"webhooks/{made}", {"enabled": False}).json()
    assert (off["state"], off["disabled_reason"]) == ("disabled", "by_hand")
    refused = server.post(f"webhooks/{made}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "endpoint_disabled")
    on = server.patch(f"webhooks/{made}", {"enabled": True}).json()
    assert (on["state"], on["disabled_reason"]) == ("enabled", "")
    assert server.post(f"webhooks/{made}/test").status_code == 201


def test_rotation_answers_the_new_secret_alone(server: Caller) -> None:
    """The old one is in force for the overlap."""
    made = make(server).json()
    answer = server.post(f"webhooks/{made['id']}/rotate", {"overlap_s": 60})
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["secret"] != made["secret"]
    endpoint = WebhookEndpoint.objects.get()
    assert [each["until"] is None for each in endpoint.secrets] == [True, False]
    now = server.post(f"webhooks/{made['id']}/rotate", {"overlap_s": 0})
    endpoint = WebhookEndpoint.objects.get()
    assert [each["key"] for each in endpoint.secrets] == [now.json()["secret"]]


@pytest.mark.parametrize("overlap", [-1, 30 * 86_400 + 1, "1", 1.5, True])
def test_overlap_has_bounds(server: Caller, overlap: object) -> None:
    """A month at most."""
    made = make(server).json()["id"]
    answer = server.post(f"webhooks/{made}/rotate", {"overlap_s": overlap})
    assert answer.status_code == 400


def test_test_stands_among_the_deliveries(server: Caller) -> None:
    """Narrowed by state and event; whoever sends it does so later."""
    made = make(server).json()["id"]
    sent = server.post(f"webhooks/{made}/test").json()
    assert (sent["type"], sent["state"], sent["attempts"]) == (
        "test.ping",
        "waiting",
        0,
    )
    assert sent["message_id"].startswith("msg_")
    path = f"webhooks/{made}/deliveries"
    for query, count in (
        ("", 1),
        ("?state=waiting&type=test.ping", 1),
        ("?state=failed", 0),
        ("?type=verdict.final", 0),
    ):
        assert len(server.get(path + query).json()["results"]) == count
    for query in ("?state=lost", "?type=x", "?limit=no", "?strange=1"):
        assert server.get(path + query).status_code == 400


def test_delivery_is_sent_again(server: Caller) -> None:
    """From the beginning of its schedule."""
    made = make(server).json()["id"]
    sent = server.post(f"webhooks/{made}/test").json()["id"]
    WebhookDelivery.objects.update(state="exhausted", attempts=10)
    assert (
        server.get(f"webhooks/{made}/deliveries").json()["results"][0]["next_at"]
        is None
    )
    again = server.post(f"webhooks/{made}/deliveries/{sent}/replay")
    assert again.status_code == 201
    assert (again.json()["state"], again.json()["attempts"]) == ("waiting", 0)


def test_period_is_sent_again(server: Caller) -> None:
    """Up to now, if nothing else is said."""
    made = make(server).json()["id"]
    server.post(f"webhooks/{made}/test")
    WebhookDelivery.objects.update(state="failed")
    path = f"webhooks/{made}/replay"
    for wrong in (
        {},
        {"since": "soon"},
        {"since": "9999-01-01T00:00:00Z"},
        {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
    ):
        assert server.post(path, wrong).status_code == 400, wrong
    answer = server.post(path, {"since": "2026-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()) == (201, {"replayed": 1})


def test_too_many_endpoints_are_refused(
    server: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is told of every session."""
    monkeypatch.setattr(endpoints, "MOST_ENDPOINTS", 2)
    assert [make(server).status_code for _ in range(3)] == [201, 201, 409]


def test_removed_endpoint_is_gone(server: Caller, strange_server: Caller) -> None:
    """For its owner; a stranger never saw it."""
    made = make(server).json()["id"]
    assert strange_server("DELETE", f"webhooks/{made}").status_code == 404
    assert server("DELETE", f"webhooks/{made}").status_code == 204
    assert server.get(f"webhooks/{made}").status_code == 404
    assert server("DELETE", f"webhooks/{made}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "webhooks"), ("POST", "webhooks/{}"), ("GET", "webhooks/{}/test")],
)
def test_wrong_methods_are_told(server: Caller, method: str, path: str) -> None:
    """405, and what there is."""
    made = make(server).json()["id"]
    assert server(method, path.format(made), {}).status_code == 405


def test_lists_ask_a_fixed_number_of_questions(
    server: Caller, organization: Organization, django_assert_max_num_queries: Any
) -> None:
    """However many rows there are."""
    made = [make(server).json()["id"] for _ in range(4)]
    for _ in range(4):
        server.post(f"webhooks/{made[0]}/test")
    for path in ("webhooks", f"webhooks/{made[0]}/deliveries"):
        with django_assert_max_num_queries(6):
            assert len(server.get(path).json()["results"]) == 4
