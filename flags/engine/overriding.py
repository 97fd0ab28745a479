"""Steps for the overrides of a flag: users first, then organizations."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from .definitions import ORGANIZATION, OVERRIDE, TARGETING_KEY, Override
from .evaluation import Context, Evaluation
from .outcomes import Outcomes
from .reading import text
from .steps import Step

# The organization that has to ask, when it ends, and what is served.
_Candidate: TypeAlias = tuple[str | None, datetime | None, Evaluation]
_Table: TypeAlias = dict[str, list[_Candidate]]


def override_steps(
    overrides: Sequence[Override],
    outcomes: Outcomes,
    known_as: Callable[[str], str] | None = None,
) -> list[Step]:
    """Return the steps; none for what nobody has.

    `known_as` turns a user of a context into what overrides call users, a digest; None
    if they call them by name.
    """
    users: _Table = {}
    organizations: _Table = {}
    # The narrower one first: for a user of one organization before everywhere.
    for one in sorted(overrides, key=lambda o: o.organization is None):
        scope = "organization" if one.user is None else "user"
        served = outcomes.of(one.variant, "TARGETING_MATCH", OVERRIDE + scope)
        candidate = (one.organization, one.expires, served)
        if one.user is not None:
            users.setdefault(one.user, []).append(candidate)
        elif one.organization is not None:
            organizations.setdefault(one.organization, []).append(candidate)
    steps = ((TARGETING_KEY, users, known_as), (ORGANIZATION, organizations, None))
    return [_step(field, table, named) for field, table, named in steps if table]


def _step(
    field: str,
    table: Mapping[str, Sequence[_Candidate]],
    known_as: Callable[[str], str] | None,
) -> Step:
    """Return the override that is meant for the value of a field."""

    def overridden(context: Context) -> Evaluation | None:
        who = text(context.attributes.get(field))
        if who is None:
            return None
        candidates = table.get(who if known_as is None else known_as(who))
        if candidates is None:
            return None
        asking = text(context.attributes.get(ORGANIZATION))
        for organization, expires, served in candidates:
            meant = organization is None or organization == asking
            if meant and (expires is None or context.now < expires):
                return served
        return None

    return overridden
