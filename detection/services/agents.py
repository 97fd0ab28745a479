"""Every write of agents' keys."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.facade import record_act
from common.errors import ConflictError, InvalidInputError, NotFoundError

from ..engine.requests.agents import SIGNATURE_AGENT, signing_host
from ..identity import UnusableKeyError, public_jwk
from ..models import AgentKey

# Directories hold the key in force and the next one.
MOST_KEYS: Final = 50


@dataclass(frozen=True, slots=True)
class ReadKeys:
    """The keys of a directory that can be used, and why others cannot."""

    usable: Sequence[AgentKey]
    refused: Sequence[str]


def read_directory(*, agent: str, text: str) -> ReadKeys:
    """Return an agent's keys from its directory, a JSON Web Key Set; nothing is stored.

    Raises
    ------
    InvalidInputError
        The agent is no host name, or the text is no such directory.
    """
    host = signing_host({SIGNATURE_AGENT: f'"https://{agent.strip()}"'})
    if host is None:
        raise InvalidInputError(_("An agent is a host name such as agent.example."))
    usable: list[AgentKey] = []
    refused: list[str] = []
    for number, given in enumerate(_entries(text), start=1):
        try:
            usable.append(_key(host, given))
        except UnusableKeyError as error:
            refused.append(f"key {number} {error}")
    return ReadKeys(usable, refused)


@transaction.atomic
def store_keys(*, keys: Sequence[AgentKey]) -> int:
    """Put keys in the place of those that their agent had; return how many there are.

    Raises
    ------
    InvalidInputError
        There are none.
    ConflictError
        ``key_taken``: one of them belongs to another agent.
    """
    if not keys:
        raise InvalidInputError(_("There is no key that can be used."))
    AgentKey.objects.filter(agent=keys[0].agent).delete()
    try:
        with transaction.atomic():
            stored = AgentKey.objects.bulk_create(keys)
    except IntegrityError:
        reason = _("One of these keys belongs to another agent, or stands twice.")
        raise ConflictError(reason, code="key_taken") from None
    after = {"agent": keys[0].agent, "count": len(stored)}
    record_act("agent_keys.stored", after=after)
    return len(stored)


@transaction.atomic
def remove_keys(*, agent: str) -> int:
    """Forget an agent's keys; return how many there were.

    Raises
    ------
    NotFoundError
        There are none.
    """
    removed, _rows = AgentKey.objects.filter(agent=agent.strip().lower()).delete()
    if not removed:
        raise NotFoundError(_("No keys of this agent are loaded."))
    before = {"agent": agent.strip().lower(), "count": removed}
    record_act("agent_keys.removed", before=before)
    return removed


def _entries(text: str) -> Sequence[Mapping[str, Any]]:
    """Return the keys of a JSON Web Key Set."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidInputError(_("This is no JSON.")) from None
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        reason = _('This is no JSON Web Key Set: {"keys": [...]}.')
        raise InvalidInputError(reason)
    if len(keys) > MOST_KEYS:
        raise InvalidInputError(_("This many keys are no directory of an agent."))
    return keys


def _key(agent: str, given: Mapping[str, Any]) -> AgentKey:
    """Return a key as it is stored."""
    jwk = public_jwk(given)
    return AgentKey(
        agent=agent,
        thumbprint=jwk.thumbprint,
        members=dict(jwk.members),
        not_before=_moment(given.get("nbf")),
        not_after=_moment(given.get("exp")),
    )


def _moment(seconds: object) -> datetime | None:
    """Read a time of a key, in seconds since 1970; None where none is given."""
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        message = "has a time that is no number"
        raise UnusableKeyError(message)
    try:
        return datetime.fromtimestamp(float(seconds), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        message = "has a time out of reach"
        raise UnusableKeyError(message) from error
