"""Who acts at this moment: what the audit writes beside whatever changes.

An actor is the thread's, like the scope (`common.tenancy.scope`): entered where it
becomes known, left with the request, the task or the command. No service takes it as an
argument, so none can forget to pass it on (docs/decisions/0009).
"""

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from common.addresses import client_address

from .principals import Principal, PrincipalKind


class ActorKind(StrEnum):
    """What kind of somebody acts."""

    USER = "user"
    SECRET_KEY = "secret"  # noqa: S105 - a kind of key, not a key
    PUBLISHABLE_KEY = "publishable"
    SESSION_TOKEN = "session"  # noqa: S105 - likewise
    COMMAND = "command"
    TASK = "task"
    # Nobody is known: a visitor, or code that runs by itself.
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where; `name` is a command's or a task's.

    The address is forgotten with the request: only its class is ever written down.
    """

    kind: ActorKind = ActorKind.NOBODY
    organization_id: UUID | None = None
    user_id: UUID | None = None
    key_id: UUID | None = None
    address: str = field(default="", repr=False)
    name: str = ""

    @property
    def address_class(self) -> str:
        """Return what kind of address it is; nothing where there is none."""
        return address_class(self.address) if self.address else ""


NOBODY: Final = Actor()
_actor: Final[ContextVar[Actor]] = ContextVar("actor", default=NOBODY)

_KINDS: Final = {
    PrincipalKind.SECRET_KEY: ActorKind.SECRET_KEY,
    PrincipalKind.PUBLISHABLE_KEY: ActorKind.PUBLISHABLE_KEY,
    PrincipalKind.SESSION_TOKEN: ActorKind.SESSION_TOKEN,
    PrincipalKind.USER: ActorKind.USER,
}

Classifier = Callable[[str], str | None]
_classifiers: Final[list[Classifier]] = []


def current() -> Actor:
    """Return who acts."""
    return _actor.get()


def enter(actor: Actor) -> None:
    """Act as somebody until the end of the request: for authentication."""
    _actor.set(actor)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Act as somebody within a block: for pages, tasks and commands."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def visitor(request: HttpRequest) -> Actor:
    """Return whoever sends a request, before it is known who that is."""
    return Actor(address=client_address(request))


def of_principal(principal: Principal, request: HttpRequest) -> Actor:
    """Return the actor that a principal is."""
    return Actor(
        _KINDS[principal.kind],
        principal.organization_id,
        principal.user_id,
        principal.key_id,
        client_address(request),
    )


def of_user(user_id: UUID, organization_id: UUID | None, request: HttpRequest) -> Actor:
    """Return the actor that somebody in the console is."""
    address = client_address(request)
    return Actor(ActorKind.USER, organization_id, user_id, address=address)


def of_program(kind: ActorKind, name: str) -> Actor:
    """Return the actor that a command or a task is."""
    return Actor(kind, name=name)


def classify_by(classifier: Classifier) -> None:
    """Let an app above tell an address's class; None is "not in any list"."""
    _classifiers.append(classifier)


def address_class(address: str) -> str:
    """Return what kind of address it is; the address itself is kept nowhere."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.is_loopback:
        return "loopback"
    if found.is_private or found.is_link_local:
        return "private"
    listed = (classifier(address) for classifier in _classifiers)
    return next((name for name in listed if name), "public")
