"""Every call of the API, from the URL conf, with what makes it succeed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.db import transaction

from accounts.api.permissions import Open
from accounts.roles import (
    OF_ROLE,
    OF_SESSION_TOKEN,
    Permission,
    Permissions,
    Role,
    key_permissions,
)
from tests.architecture.test_house import api_views
from tests.conftest import Caller, make_moves
from tests.experiments.world import DESIGN

from .world import IDS, PASSWORD, World, ended

# What is sent, for the calls that want something; ids stand for themselves. A call that
# takes a body and does not stand here fails as "not as good as it should be".
BODIES: Final[dict[str, Any]] = {
    "POST auth/token": {"username": "{owner}", "password": PASSWORD},
    "POST auth/token/refresh": {"refresh": "{refresh}"},
    "POST auth/token/revoke": {"refresh": "{refresh}"},
    "PATCH members/{membership_id}": {"role": "analyst"},
    "POST invitations": {"email": "new@survey.example", "role": "viewer"},
    "POST keys": {"kind": "secret", "scopes": ["surveys.read"]},
    "POST keys/{key_id}/rotate": {},
    "POST sessions": {"survey_id": "{survey_id}"},
    "POST sessions/{session_id}/data": make_moves(1),
    "POST sessions/{session_id}/answers": {
        "answers": [{"item": "q1", "type": "number", "value": 3}]
    },
    "POST respondents/export": {"session_id": "{session_id}"},
    "POST respondents/erase": {"session_id": "{session_id}"},
    "POST surveys": {"name": "Another"},
    "PATCH surveys/{survey_id}": {"name": "Renamed"},
    "POST feature-flags": {"name": "another", "definition": {"default": "on"}},
    "POST feature-flags/import": {
        "format": "bonafide",
        "document": {"format": "bonafide.flags/1"},
    },
    "PUT feature-flags/{flag_name}": {"definition": {"default": "on"}, "version": 1},
    "PATCH feature-flags/{flag_name}": {"definition": {"enabled": False}},
    "POST feature-flags/{flag_name}/override": {"user": "ada", "variant": "off"},
    "POST feature-flags/{flag_name}/restore": {},
    "POST feature-segments": {"name": "another", "definition": {}},
    "PUT feature-segments/{segment_name}": {"definition": {}, "version": 1},
    "POST /ofrep/v1/evaluate/flags": {"context": {"targetingKey": "ada"}},
    "POST /ofrep/v1/evaluate/flags/{flag_key}": {"context": {"targetingKey": "ada"}},
    "POST experiments": {"name": "another", "design": DESIGN},
    "POST experiments/plan": {"baseline": 0.5, "lift": 0.1},
    "PATCH experiments/{experiment_name}": {"hypothesis": "It is read."},
    "POST experiments/{experiment_name}/start": {},
    "POST experiments/{experiment_name}/stop": {},
    "POST experiments/{experiment_name}/track": {
        "unit": "{session_id}",
        "events": [{"name": "clicked"}],
    },
    "POST webhooks": {
        "url": "https://93.184.216.34/hook",
        "event_types": ["verdict.final"],
    },
    "PATCH webhooks/{webhook_id}": {"description": "Another"},
    "POST webhooks/{webhook_id}/rotate": {},
    "POST webhooks/{webhook_id}/replay": {"since": "2026-01-01T00:00:00Z"},
}
VARIANT: Final = "GET experiments/{experiment_name}/variant"
QUERIES: Final = {
    "GET sessions/report": "?session_id={session_id}",
    VARIANT: "?unit={session_id}",
}

GOOD: Final = "✓"
THEIR: Final = "their "
WITHOUT: Final = "key without it"
SECOND: Final = "another session's token"
ENDED: Final = ("nothing", "revoked key", "expired key", "signed out")
STRANGERS: Final = ("secret key", "publishable key", "session token", "owner")
PERMISSIONS: Final[dict[str, Permissions]] = {
    "secret key": key_permissions("secret", None),
    "publishable key": key_permissions("publishable", None),
    **{role.value: of_role for role, of_role in OF_ROLE.items()},
}


@dataclass(frozen=True)
class Call:
    """A method of an address, and what it needs."""

    method: str
    pattern: str
    needs: Permission | Open

    @property
    def name(self) -> str:
        """Return it as documents write it."""
        return f"{self.method} {self.pattern}"

    @property
    def names_something(self) -> bool:
        """Say whether it is about one thing, which can be another organization's."""
        said = f"{self.pattern}{QUERIES.get(self.name)}{BODIES.get(self.name)}"
        return any(f"{{{name}}}" in said for name in IDS)

    def is_allowed(self, who: str) -> bool:
        """Say whether the one table lets somebody do this, with their own things."""
        if self.needs is Open.MEMBERS:
            return who in list(Role)
        return self.needs in PERMISSIONS.get(who, OF_SESSION_TOKEN)

    def outcome_for(self, who: str) -> str:
        """Return what somebody gets who asks for things of ours."""
        if self.needs is Open.ANYONE:
            return GOOD
        if who in ENDED:
            return "401"
        if who == WITHOUT or not self.is_allowed(who.removeprefix(THEIR)):
            return "403"
        if self.name == VARIANT and not who.endswith("token"):
            # An experiment that one does not have shows the control, and is no error.
            return GOOD
        is_ours = not who.startswith(THEIR) and who != SECOND
        return GOOD if is_ours or not self.names_something else "404"

    def address(self, world: World) -> str:
        """Return where it is for the things of a world."""
        return (self.pattern + QUERIES.get(self.name, "")).format(**world.ids)

    def body(self, world: World) -> Any:
        """Return what is sent for the things of a world."""
        names = {
            **world.ids,
            "owner": f"owner-{world.organization.id}",
            "refresh": world.refresh,
        }
        return _filled(BODIES.get(self.name), names)


def every() -> Iterator[Call]:
    """Yield each method of each address."""
    for address, view in api_views():
        place = re.sub("^ofrep/", "/ofrep/", address.removeprefix("api/v1/"))
        pattern = re.sub(r"<\w+:(\w+)>", r"{\1}", place)
        for method, needs in view.needs.items():
            yield Call(method, pattern, needs)


def callers_of(call: Call, world: World, theirs: World) -> dict[str, Caller]:
    """Return everybody who could make a call, about things of a world."""
    return {
        **ended(world.organization),
        WITHOUT: world.key_without(str(call.needs)),
        **world.callers,
        **strangers_of(theirs),
    }


def strangers_of(theirs: World) -> dict[str, Caller]:
    """Return callers of another organization."""
    return {f"{THEIR}{who}": theirs.callers[who] for who in STRANGERS}


def made(call: Call, caller: Caller, world: World) -> Any:
    """Make a call about things of a world, and take back what it did."""
    cache.clear()
    with transaction.atomic():
        answer = caller(call.method, call.address(world), call.body(world))
        transaction.set_rollback(True)
    return answer


def without_echo(call: Call, text: str, world: World) -> str:
    """Return an answer without what it repeats of its question: a key, a name."""
    if call.name == VARIANT:
        return text.replace(world.ids["experiment_name"], "")
    if not call.pattern.startswith("/ofrep/"):
        return text
    return text.replace(world.ids["flag_key"], "")


def words(call: Call, caller: Caller, world: World) -> str:
    """Make a call about things of a world; return the body of its answer."""
    answer = made(call, caller, world)
    return without_echo(call, answer.content.decode(), world)


def outcome(answer: Any) -> str:
    """Return in a word what somebody got."""
    return GOOD if answer.status_code in {200, 201, 204} else str(answer.status_code)


def _filled(body: Any, names: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {name: _filled(value, names) for name, value in body.items()}
    return body.format(**names) if isinstance(body, str) else body
