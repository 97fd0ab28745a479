"""What to do: ship, roll back, keep running, or mistrust all of it.

The rule that fired has a code, so that a page can say which, and what would change it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

Advice: TypeAlias = Literal[
    "ship", "roll_back", "keep_running", "no_difference", "broken", "not_started"
]
Stand: TypeAlias = Literal["better", "worse", "unclear"]

_ORDER: Final = ("ship", "roll_back", "keep_running", "no_difference")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one metric of one treatment stands."""

    metric: str
    role: str
    # Of a guardrail, `better` is "not worse than is bearable".
    stand: Stand


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, about which treatment, by which rule.

    `rule` is one of ``sample_ratio``, ``goal_worse``, ``guardrail_worse``,
    ``goal_won``, ``guardrail_unproven``, ``too_few_days``, ``no_goal_yet``,
    ``plan_ended``, ``no_units``. `days_left` is None where nobody can say.
    """

    advice: Advice
    rule: str
    variant: str = ""
    metric: str = ""
    days_left: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """How far an experiment is."""

    days: int
    min_days: int
    is_over: bool
    days_left: int | None
    has_units: bool


def decide(
    alarms: Sequence[str],
    standings: Sequence[tuple[str, Sequence[Standing]]],
    course: Course,
) -> Verdict:
    """Return one verdict of an experiment; `standings` are by treatment."""
    if alarms:
        return Verdict("broken", alarms[0])
    if not course.has_units:
        return Verdict("not_started", "no_units", days_left=course.days_left)
    found = [_of_treatment(name, stands, course) for name, stands in standings]
    shipped = [one for one in found if one.advice == "ship"]
    if shipped:
        return shipped[0]
    # All treatments are lost, or the first that is not says what goes on.
    going = [one for one in found if one.advice != "roll_back"]
    return min(going or found, key=lambda one: _ORDER.index(one.advice))


def _of_treatment(name: str, standings: Sequence[Standing], course: Course) -> Verdict:
    """Return the verdict of one treatment."""
    goals = [one for one in standings if one.role == "goal"]
    guards = [one for one in standings if one.role == "guardrail"]
    for rule, group in (("goal_worse", goals), ("guardrail_worse", guards)):
        lost = next((one for one in group if one.stand == "worse"), None)
        if lost is not None:
            return Verdict("roll_back", rule, name, lost.metric)
    won = next((one for one in goals if one.stand == "better"), None)
    unproven = next((one for one in guards if one.stand != "better"), None)
    if won is None:
        return _waiting(Verdict("keep_running", "no_goal_yet", name), course)
    if unproven is not None:
        about = Verdict("keep_running", "guardrail_unproven", name, unproven.metric)
        return _waiting(about, course)
    if course.days < course.min_days:
        left = course.min_days - course.days
        return Verdict("keep_running", "too_few_days", name, won.metric, left)
    return Verdict("ship", "goal_won", name, won.metric)


def _waiting(verdict: Verdict, course: Course) -> Verdict:
    """Return that one has to wait; at the end of the plan, that it was in vain."""
    if not course.is_over:
        return replace(verdict, days_left=course.days_left)
    rule = "plan_ended" if verdict.rule == "no_goal_yet" else verdict.rule
    return replace(verdict, advice="no_difference", rule=rule)
