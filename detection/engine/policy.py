"""From a verdict to what to do about it, as a survey's owner wants it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from .detectors.agents import DECLARED_AGENT, SPOOFED_AGENT
from .types import TECHNICAL_FAMILIES, Family
from .verdict import Verdict

Action = Literal["allow", "monitor", "review", "challenge", "block"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a survey does about verdicts.

    `behaviour_may_block` lets behaviour alone block a respondent; without it, a
    block needs the device or the network as a second witness. `declared_agent_action`
    is for agents that say what they are, whatever else was seen of them.
    """

    bot_action: Action = "block"
    suspicious_action: Action = "review"
    human_action: Action = "allow"
    undecided_action: Literal["allow", "monitor"] = "monitor"
    declared_agent_action: Action = "review"
    behaviour_may_block: bool = False
    behaviour_action: Literal["review", "challenge"] = "review"
    families_off: Collection[Family] = ()
    # Off for a while, everywhere or for some: nobody is blocked, whatever else is said.
    may_block: bool = True


DEFAULT_POLICY: Final = Policy()

# A window of a usual size or a missing graphics card is no witness: old laptops and
# virtual desktops have both (together 1.3).
WITNESS_WEIGHS: Final = 2.0


def recommended_action(verdict: Verdict, policy: Policy = DEFAULT_POLICY) -> Action:
    """Return what to do; nobody is blocked for having been seen too little.

    Nor for the network alone. What a policy does to agents that declare themselves is
    no judgement: they get it for what they say.
    """
    if declares_itself(verdict):
        return _softened(policy.declared_agent_action, policy)
    action = _wanted(verdict, policy)
    if action != "block":
        return action
    if verdict.families_fired <= {Family.NETWORK}:
        return policy.behaviour_action
    has_witness = verdict.weight_of(TECHNICAL_FAMILIES) >= WITNESS_WEIGHS
    if policy.behaviour_may_block or has_witness:
        return _softened(action, policy)
    return policy.behaviour_action


def _softened(action: Action, policy: Policy) -> Action:
    """Return what is done in place of blocking, while nobody is to be blocked."""
    return (
        policy.behaviour_action
        if action == "block" and not policy.may_block
        else action
    )


def declares_itself(verdict: Verdict) -> bool:
    """Say whether an agent named itself, and no check of its name failed."""
    fired = {reading.code for reading in verdict.reasons}.difference(verdict.shadowed)
    return DECLARED_AGENT in fired and SPOOFED_AGENT not in fired


def _wanted(verdict: Verdict, policy: Policy) -> Action:
    """Return what the policy says to a verdict's kind."""
    match verdict.kind:
        case "bot":
            return policy.bot_action
        case "suspicious":
            return policy.suspicious_action
        case "human":
            return policy.human_action
        case "undecided":
            return policy.undecided_action
