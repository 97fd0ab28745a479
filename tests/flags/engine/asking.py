"""Short ways to say what a test asks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flags.engine import (
    Constraint,
    Context,
    Definitions,
    Evaluation,
    Flag,
    Override,
    Rule,
    Segment,
    Snapshot,
    compile_snapshot,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PEOPLE = [f"person-{number}" for number in range(2_000)]


def context(user: str | None = None, now: datetime = NOON, **fields: Any) -> Context:
    """Return a context with a targeting key."""
    attributes = fields if user is None else {"targetingKey": user, **fields}
    return Context(attributes, now)


def snapshot(*flags: Flag, **others: Any) -> Snapshot:
    """Return a snapshot in which nothing is wrong."""
    compiled = compile_snapshot(Definitions(flags=flags, **others))
    assert compiled.issues == ()
    return compiled


def ask(
    flag: Flag,
    asked: Context,
    *,
    segments: tuple[Segment, ...] = (),
    overrides: tuple[Override, ...] = (),
) -> Evaluation:
    """Return what one flag says."""
    compiled = snapshot(flag, segments=segments, overrides=overrides)
    return compiled.evaluate(flag.name, asked)


def holds(field: Any, operator: Any, **wanted: Any) -> bool:
    """Say whether a field satisfies a constraint."""
    constraint = Constraint(attribute="field", operator=operator, **wanted)
    flag = Flag(name="f", rules=(Rule(id="r", serve="on", constraints=(constraint,)),))
    fields: dict[str, Any] = {} if field is None else {"field": field}
    return ask(flag, context(**fields)).value is True


def served(flag: Flag, variant: str, people: Iterable[str] = PEOPLE) -> set[str]:
    """Return who gets a variant."""
    compiled = snapshot(flag)
    return {
        person
        for person in people
        if compiled.evaluate(flag.name, context(person)).variant == variant
    }
