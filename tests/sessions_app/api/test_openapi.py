"""The OpenAPI document says what the API does."""

import json
from typing import Any

import pytest

from detection.engine.events import AnyEvent
from tests.conftest import Caller, Visit, make_moves

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> Any:
    """Return the document as JSON."""
    answer = Caller().get(
        "/api/schema", headers={"Accept": "application/vnd.oai.openapi+json"}
    )
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_every_event_type_is_described(document: Any) -> None:
    """From the very types that decode them."""
    event = document["components"]["schemas"]["Event"]
    assert len(event["oneOf"]) == len(AnyEvent.__args__)
    for reference in event["discriminator"]["mapping"].values():
        name = reference.rsplit("/", 1)[1]
        assert "t" in document["components"]["schemas"][name]["properties"]


def test_references_lead_somewhere(document: Any) -> None:
    """No dangling `$ref`."""
    known = {
        f"#/components/{kind}/{name}"
        for kind, members in document["components"].items()
        for name in members
    }

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    assert references(document) <= known


def test_every_operation_has_summary_and_problems(document: Any) -> None:
    """And examples where a body is sent."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), f"{method} {path}"
            assert {"400", "401", "404", "429"} <= set(operation["responses"])


def test_every_answer_tells_its_headers(document: Any) -> None:
    """The request's id always, limits where something was counted."""
    for operations in document["paths"].values():
        for operation in operations.values():
            responses = operation["responses"]
            assert all("X-Request-ID" in one["headers"] for one in responses.values())
            assert "Retry-After" in responses["429"]["headers"]
            assert "RateLimit-Remaining" in responses["404"]["headers"]


def test_whatever_creates_takes_a_key(document: Any) -> None:
    """And nothing else does."""
    creating, keyed = set(), set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            names = {one["name"] for one in operation.get("parameters", ())}
            if "201" in operation["responses"]:
                creating.add((method, path))
            if "Idempotency-Key" in names:
                keyed.add((method, path))
                assert "422" in operation["responses"]
                replayed = operation["responses"]["201"]["headers"]
                assert "Idempotency-Replayed" in replayed
    assert len(creating) >= 5
    assert creating == keyed


def test_answers_have_the_documented_fields(
    document: Any, server: Caller, visit: Visit
) -> None:
    """No more and no less."""
    schemas = document["components"]["schemas"]
    recorded = server.post(f"sessions/{visit.id}/data", make_moves(0)).json()
    status = server.get(f"sessions/{visit.id}/status").json()
    report = server.get(f"sessions/{visit.id}/report").json()
    assert set(recorded) == set(schemas["RecordedOut"]["properties"])
    assert set(status) == set(schemas["StatusOut"]["properties"])
    assert set(report) == set(schemas["ReportOut"]["properties"])
    assert set(report["timeline"][0]) == set(schemas["TimelineOut"]["properties"])


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
def test_documentation_pages_answer(path: str) -> None:
    """From our own files."""
    answer = Caller().get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert b"cdn" not in answer.content.lower()


@pytest.mark.parametrize(
    "path",
    [
        "nope",
        "sessions/../surveys",
        "sessions/17/status",
        "sessions/{0192f0c2-7d1e-7a10-9c55-0b1c2d3e4f50}/status",
        "sessions/99999999999999999999999999999999999999/status",
        "sessions/0192F0C2-7D1E-7A10-9C55-0B1C2D3E4F50/status",
        "sessions/00000000-0000-0000-0000-000000000000/status",
        "sessions/f47ac10b-58cc-4372-a567-0e02b2c3d479/report",
    ],
)
def test_strange_addresses_are_404_problems(server: Caller, path: str) -> None:
    """Nothing there looks like nothing there, in one shape."""
    answer = server.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
