"""Unmodified clients of OpenFeature against a running server, by its own scenarios."""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

from accounts.facade import create_key
from accounts.models import Organization
from flags.services.flags import change_flag, create_flag
from tests.conftest import ORIGIN

from .scenarios import FOLDER, Scenario, definitions, scenarios

NODE: Final = Path(__file__).parent / "node"
LONGEST_S: Final = 60
# Scenarios of clients alone: a provider that is not ready, or broken, and the like.
OF_CLIENTS: Final = 24
# Each miss is the client's own: why stands beside it.
MISSES: Final = {
    "python": {
        # `isinstance(True, int)` holds in Python, and the provider checks no more.
        "Type mismatch error": 1,
    },
    "node": {
        # 0.1.3, the only one of its registry, knows no answer without a value
        # (OFREP 0.3.0, codeDefaultFlag) and calls it GENERAL.
        "DISABLED reason": 5,
    },
}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER.exists(), reason="no scenarios here"),
]
needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (NODE / "node_modules").exists(),
    reason="Node's clients are not installed: `make test` brings them.",
)


@pytest.fixture
def key(organization: Organization) -> str:
    """A server's key, and the specification's flags."""
    for name, definition in definitions():
        create_flag(organization_id=organization.id, name=name, definition=definition)
    return create_key(organization_id=organization.id, kind="secret")[1]


def asked() -> list[Scenario]:
    """Return the scenarios that are about a server."""
    every = scenarios()
    ours = [one for one in every if not one.beyond]
    assert len(every) - len(ours) == OF_CLIENTS
    return ours


def misses(ours: list[Scenario], details: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the scenarios whose answers are not what they should be."""
    found = {}
    for scenario, detail in zip(ours, details, strict=True):
        wrong = {
            name: (detail.get(name), wanted)
            for name, wanted in scenario.expected.items()
            if not _is_met(name, detail.get(name), wanted)
        }
        if wrong:
            found[scenario.name] = wrong
    return found


def kinds_of(found: Mapping[str, Any]) -> Counter[str]:
    """Return how many examples of each scenario are missed."""
    return Counter(name.split(" {")[0] for name in found)


def _is_met(name: str, got: Any, wanted: Any) -> bool:
    if name == "metadata":
        return bool(wanted.items() <= (got or {}).items())
    return bool(got == wanted and (name != "value" or type(got) is type(wanted)))


def test_the_python_client(live_server: Any, key: str) -> None:
    """openfeature-provider-ofrep, as PyPI has it."""
    provider = OFREPProvider(
        live_server.url, headers_factory=lambda: {"Authorization": f"Bearer {key}"}
    )
    api.set_provider(provider)
    client = api.get_client()
    ask = {
        "Boolean": client.get_boolean_details,
        "String": client.get_string_details,
        "Integer": client.get_integer_details,
        "Float": client.get_float_details,
        "Object": client.get_object_details,
    }
    ours, details = asked(), []
    for one in ours:
        attributes = {k: v for k, v in one.context.items() if v is not None}
        context = EvaluationContext("somebody", attributes)
        found: Any = ask[one.type](one.flag, one.fallback, context)  # type: ignore[operator] # one of five
        details.append(
            {
                "value": found.value,
                "reason": str(found.reason),
                "variant": found.variant,
                "error": found.error_code and found.error_code.value,
                "flag": found.flag_key,
                "metadata": found.flag_metadata,
            }
        )
    api.clear_providers()
    found_misses = misses(ours, details)
    assert kinds_of(found_misses) == MISSES["python"], found_misses


@needs_node
def test_the_node_client(live_server: Any, key: str) -> None:
    """@openfeature/ofrep-provider, as npm has it."""
    ours = asked()
    questions = [one.question for one in ours]
    sent = {"baseUrl": live_server.url, "key": key, "questions": questions}
    answered = _node("server.mjs", sent)
    details = [
        {
            "value": _as_json(one.type, each["value"]),
            "reason": each.get("reason"),
            "variant": each.get("variant"),
            "error": each.get("errorCode"),
            "flag": each["flagKey"],
            "metadata": each.get("flagMetadata"),
        }
        for one, each in zip(ours, answered, strict=True)
    ]
    found = misses(ours, details)
    assert kinds_of(found) == MISSES["node"], found


@needs_node
def test_the_browsers_client(live_server: Any, organization: Organization) -> None:
    """@openfeature/ofrep-web-provider: asks for all, polls for changes, gets 304."""
    rule = {
        "id": "plan",
        "serve": "on",
        "constraints": [{"attribute": "plan", "operator": "IN", "values": ["gold"]}],
    }
    create_flag(
        organization_id=organization.id,
        name="page",
        definition={
            "default": "off",
            "off": "off",
            "rules": [rule],
            "visible_to_clients": True,
        },
    )
    hidden = {"default": "on"}
    create_flag(organization_id=organization.id, name="hidden", definition=hidden)
    _key, text = create_key(
        organization_id=organization.id, kind="publishable", origins=[ORIGIN]
    )
    told = _node(
        "web.mjs",
        {
            "baseUrl": live_server.url,
            "key": text,
            "origin": ORIGIN,
            "flag": "page",
            "steps": [
                {"targetingKey": "ada", "plan": "free"},
                {"targetingKey": "ada", "plan": "gold"},
            ],
        },
    )
    assert [one["value"] for one in told["seen"]] == [False, True]
    assert [one["reason"] for one in told["seen"]] == ["DEFAULT", "TARGETING_MATCH"]
    assert "rule" not in told["seen"][1]["flagMetadata"]
    wire = told["wire"]
    assert wire[0]["status"] == 200
    unchanged = next(one for one in wire if one["status"] == 304)
    assert unchanged["asked"] == unchanged["tag"] == wire[0]["tag"]
    assert wire[-1]["status"] in {200, 304}
    assert len({one["tag"] for one in wire if one["status"] == 200}) == 2


def test_a_change_is_heard_by_the_next_question(
    live_server: Any, organization: Organization, key: str
) -> None:
    """The server client keeps nothing."""
    provider = OFREPProvider(
        live_server.url, headers_factory=lambda: {"X-API-Key": key}
    )
    api.set_provider(provider)
    client = api.get_client()
    detail = client.get_boolean_details("boolean-flag", default_value=False)
    assert detail.value is True, detail
    change_flag(
        organization_id=organization.id,
        name="boolean-flag",
        changes={"enabled": False, "off": "off"},
    )
    detail = client.get_boolean_details("boolean-flag", default_value=True)
    api.clear_providers()
    assert (detail.value, str(detail.reason)) == (False, "DISABLED")


def _node(program: str, sent: dict[str, Any]) -> Any:
    done = subprocess.run(
        ["node", NODE / program],
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _as_json(kind: str, value: Any) -> Any:
    """Return a value as the scenario says it: JavaScript has one kind of number."""
    return float(value) if kind == "Float" else value
