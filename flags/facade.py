"""The door to flags: declare one beside the code that asks, and ask.

>>> from flags.facade import Kind, declare, is_on
>>> WELCOME = declare("doctest.welcome", "Say hello.", kind=Kind.OPERATIONS)
"""

import secrets
from typing import Any

from django.utils import timezone

from .engine import ORGANIZATION, TARGETING_KEY, Context, Evaluation
from .models import Kind
from .registry import Declared, declare, declared
from .selectors import overrides_of
from .services.audiences import Audience, audience_of
from .services.overrides import forget_user
from .serving.process import (
    count as count_found,
    count_served,
    facts,
    pin,
    pinned,
    served,
    unpin,
)
from .serving.state import Served

__all__ = [
    "Audience",
    "Context",
    "Declared",
    "Evaluation",
    "Kind",
    "Served",
    "audience_of",
    "context_of",
    "count_found",
    "declare",
    "declared",
    "evaluate",
    "facts",
    "forget_user",
    "is_on",
    "overrides_of",
    "pin",
    "pinned",
    "served",
    "unpin",
    "value_of",
]


def context_of(
    organization_id: object = None, user: str = "", **attributes: object
) -> Context:
    """Return the context of a question about now."""
    known = dict(attributes)
    if organization_id is not None:
        known[ORGANIZATION] = str(organization_id)
    if user:
        known[TARGETING_KEY] = user
    return Context(known, timezone.now(), secrets.token_hex(8))


def evaluate(
    name: str, *, organization_id: Any = None, user: str = "", **attributes: object
) -> Evaluation:
    """Return what a flag says, with its variant, reason and the rule that decided.

    `user` is what a rollout sticks to; `attributes` are what rules ask about. Never
    raises: what goes wrong is in `error`.
    """
    context = context_of(organization_id, user, **attributes)
    found = served(organization_id).snapshot.evaluate(name, context)
    if found.error != "FLAG_NOT_FOUND":
        count_found(found, organization_id)
    return found


def value_of(
    flag: Declared, *, organization_id: Any = None, user: str = "", **attributes: object
) -> Any:
    """Return the value of a declared flag: what is safe if it cannot be evaluated."""
    ours = served(organization_id)
    if ours.is_known and flag.name not in ours.touched:
        # As the code declares it: nobody stored or overrode it.
        count_served(organization_id, flag.name, flag.default)
        return flag.values[flag.default]
    found = evaluate(
        flag.name, organization_id=organization_id, user=user, **attributes
    )
    if found.value is not None:
        return found.value
    return flag.values[flag.safe if found.error else flag.default]


def is_on(flag: Declared, **about: Any) -> bool:
    """Say whether a declared boolean flag is on; `about` as for `value_of`."""
    return bool(value_of(flag, **about))
