"""Whom questions about requests must not hurt, and what the network may do alone."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from detection.engine import (
    DETECTORS,
    Family,
    Outcome,
    Policy,
    Reading,
    judge,
    recommended_action,
    weigh,
)
from detection.engine.policy import Action
from detection.engine.verdict import MOST_NETWORK_ALONE, SUSPICION_NEEDS

from .streams import human_pointing, human_typing
from .visitors import PEOPLE, VIRTUAL_DESKTOP, Visitor

NETWORK = [one for one in DETECTORS if one.family is Family.NETWORK]
OTHERS = [one for one in DETECTORS if one.family is not Family.NETWORK]
# Each bound is what such a detector may honestly weigh at most.
WEIGHTS = st.floats(0, 9)
NETWORK_READINGS = st.lists(
    st.sampled_from(NETWORK), unique_by=lambda one: one.code
).flatmap(
    lambda chosen: st.tuples(*(WEIGHTS for _ in chosen)).map(
        lambda weights: [
            Reading(one.code, Outcome.FIRED, weight)
            for one, weight in zip(chosen, weights, strict=True)
        ]
    )
)
STRICTEST = Policy(
    bot_action="block",
    suspicious_action="block",
    behaviour_may_block=True,
    declared_agent_action="review",
)

each_visitor = pytest.mark.parametrize("visitor", PEOPLE.values(), ids=list(PEOPLE))


@pytest.mark.parametrize("code", [one.code for one in NETWORK])
@each_visitor
def test_nobody_is_noticed_without_a_reason(visitor: Visitor, code: str) -> None:
    """Each detector leaves each person alone, but for what is honestly so."""
    detector = next(one for one in NETWORK if one.code == code)
    is_fired = detector.ask(visitor.state().features()).outcome is Outcome.FIRED
    assert is_fired == (code in visitor.seen)


@each_visitor
def test_requests_of_people_are_no_suspicion(visitor: Visitor) -> None:
    """Before anything was done the verdict is open, whoever comes along which way."""
    verdict = judge(visitor.state().features())
    assert verdict.kind == "undecided"
    assert recommended_action(verdict, STRICTEST) == "monitor"


@each_visitor
def test_people_with_hands_are_human(visitor: Visitor) -> None:
    """What requests look like does not undo what a hand does."""
    state = visitor.state()
    state.absorb(1, [*human_pointing(10), *human_typing(60, seed=3)])
    assert judge(state.features()).kind == "human"


def test_a_virtual_desktop_waits_for_a_hand() -> None:
    """Its graphics are evidence of the device, so the network counts: no proof yet."""
    state = VIRTUAL_DESKTOP.state()
    verdict = judge(state.features())
    fired = {one.code for one in verdict.reasons}
    assert VIRTUAL_DESKTOP.seen < fired
    assert verdict.kind == "suspicious"
    state.absorb(1, [*human_pointing(10), *human_typing(60, seed=3)])
    assert judge(state.features()).kind == "human"


@given(NETWORK_READINGS)
def test_the_network_alone_is_never_suspicious(readings: list[Reading]) -> None:
    """Whatever fires, however heavy, dispositive or not."""
    verdict = weigh(readings, DETECTORS)
    assert verdict.kind == "undecided"
    declared = {"network.declared_agent", "network.spoofed_agent"}
    if not declared & {reading.code for reading in readings}:
        assert recommended_action(verdict, STRICTEST) == "monitor"


@given(NETWORK_READINGS, st.sampled_from(get_args(Action)))
def test_the_network_alone_never_blocks(
    readings: list[Reading], action: Action
) -> None:
    """Not even where everything else may; declaring oneself has a policy of its own."""
    strict = replace(STRICTEST, undecided_action="allow", declared_agent_action=action)
    verdict = weigh(readings, DETECTORS)
    fired = {reading.code for reading in readings}
    if "network.declared_agent" in fired and "network.spoofed_agent" not in fired:
        assert recommended_action(verdict, strict) == action
    else:
        assert recommended_action(verdict, strict) == "allow"


def test_a_verdict_from_elsewhere_does_not_block_for_the_network() -> None:
    """The action looks for itself who the witnesses are."""
    readings = [Reading("network.library_agent", Outcome.FIRED, 9.0)]
    forced = replace(weigh(readings, DETECTORS), kind="bot")
    assert recommended_action(forced, STRICTEST) == "review"


@given(NETWORK_READINGS, st.sampled_from(OTHERS), st.floats(0.1, 5))
def test_beside_other_evidence_the_network_adds(
    readings: list[Reading], other: object, weight: float
) -> None:
    """Something else fired: then all of it counts, as that of any family."""
    witness = next(one for one in OTHERS if one is other)
    beside = [Reading(witness.code, Outcome.FIRED, weight)]
    together = weigh([*readings, *beside], DETECTORS)
    assert together.bot_probability >= weigh(beside, DETECTORS).bot_probability
    assert together.bot_probability >= weigh(readings, DETECTORS).bot_probability


def pairs() -> Sequence[tuple[str, str]]:
    """Return every two detectors of the network."""
    return list(combinations([one.code for one in NETWORK], 2))


@pytest.mark.parametrize(("one", "other"), pairs())
def test_no_two_detectors_of_the_network_convict(one: str, other: str) -> None:
    """The cap holds below what a suspicion needs."""
    readings = [Reading(code, Outcome.FIRED, 5.0) for code in (one, other)]
    verdict = weigh(readings, DETECTORS)
    assert verdict.kind == "undecided"
    assert MOST_NETWORK_ALONE < SUSPICION_NEEDS


def test_a_proof_of_the_network_counts_beside_a_witness() -> None:
    """A browser without a window that also has the size of one is a bot."""
    headless = Reading("network.headless_agent", Outcome.FIRED, 4.5)
    size = Reading("device.default_size", Outcome.FIRED, 0.5)
    assert weigh([headless], DETECTORS).kind == "undecided"
    assert weigh([headless, size], DETECTORS).kind == "bot"


def test_a_noted_reading_is_no_second_witness() -> None:
    """Who pastes behind a proxy is judged by the network alone, so not at all."""
    forged = Reading("network.headless_agent", Outcome.FIRED, 5.0)
    noted = Reading("clipboard.pasted_answers", Outcome.FIRED, 0.0)
    alone, beside = weigh([forged], DETECTORS), weigh([forged, noted], DETECTORS)
    assert (beside.kind, beside.bot_score) == (alone.kind, alone.bot_score)
    assert beside.kind == "undecided"
    assert recommended_action(replace(beside, kind="bot")) != "block"
