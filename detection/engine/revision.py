"""What another policy would have said to a verdict that is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .policy import Action, Policy, recommended_action
from .registry import BY_CODE, BY_NUMBER, DETECTORS
from .types import Outcome, Reading
from .verdict import Kind, weigh


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict as it is kept: what fired by code, what spoke for a person by number.

    `clear` is only asked for by policies that switch families off.
    """

    kind: Kind
    action: Action
    fired: Sequence[tuple[str, float]]
    clear: Sequence[tuple[int, float]] = ()


def action_under(policy: Policy, stored: StoredVerdict) -> Action:
    """Return what a policy would have recommended; nothing is judged anew.

    Without a family that is off the verdict stays the one that was given, whichever
    ruleset gave it. With one it is weighed anew, by the rules of now. What a policy of
    then did not ask stays unknown, as does what no detector asks any more.
    """
    fired = [
        Reading(code, Outcome.FIRED, weight)
        for code, weight in stored.fired
        if code in BY_CODE
    ]
    clear = [
        Reading(BY_NUMBER[number].code, Outcome.CLEAR, weight)
        for number, weight in stored.clear
        if number in BY_NUMBER
    ]
    readings = [*fired, *clear]
    on = [
        one for one in readings if BY_CODE[one.code].family not in policy.families_off
    ]
    verdict = weigh(on, DETECTORS)
    # Notes weigh nothing: without them the rest says what it said.
    if sum(one.weight != 0 for one in on) == sum(one.weight != 0 for one in readings):
        verdict = replace(verdict, kind=stored.kind)
    return recommended_action(verdict, policy)
