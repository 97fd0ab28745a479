"""Trying a flag out: who would get what, and why, before anybody does."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone

from .engine import ORGANIZATION, TARGETING_KEY, Context, Evaluation
from .serving import database
from .serving.content import INSTALLATION
from .serving.state import Served, serve_base, serve_own

# Enough to see one in a hundred, and evaluated within a few milliseconds.
MADE_UP: Final = 1_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What one context gets, and what made-up people with its attributes get."""

    evaluation: Evaluation
    shares: Mapping[str, int]


def preview(
    *,
    organization_id: UUID | None,
    name: str,
    user: str = "",
    attributes: Mapping[str, str] | None = None,
) -> Preview:
    """Evaluate a flag as it is stored now, not as this process serves it."""
    flags = _stored(organization_id)
    about: dict[str, object] = dict(attributes or {})
    if organization_id is not None:
        about[ORGANIZATION] = str(organization_id)
    now = timezone.now()
    whole = {**about, TARGETING_KEY: user} if user else about
    shares: Counter[str] = Counter()
    for number in range(MADE_UP):
        someone = Context({**about, TARGETING_KEY: f"made-up-{number}"}, now, "draw")
        shares[flags.snapshot.evaluate(name, someone).variant] += 1
    found = flags.snapshot.evaluate(name, Context(whole, now, "draw"))
    return Preview(found, dict(shares.most_common()))


def _stored(organization_id: UUID | None) -> Served:
    base = serve_base(database.content_of(INSTALLATION))
    if organization_id is None:
        return base
    return serve_own(organization_id, database.content_of(organization_id), base)
