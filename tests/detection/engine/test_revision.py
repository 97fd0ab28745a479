"""What another policy would have said to a stored verdict."""

import pytest

from detection.engine import Action, Family, Policy
from detection.engine.registry import DETECTORS
from detection.engine.revision import StoredVerdict, action_under
from detection.engine.verdict import Kind

KEYS = next(one for one in DETECTORS if one.code == "keyboard.even_rhythm")
HAND = next(one for one in DETECTORS if one.family is Family.POINTER)


@pytest.mark.parametrize(
    ("kind", "action"),
    [("human", "allow"), ("suspicious", "challenge"), ("undecided", "monitor")],
)
def test_verdict_stays_and_the_action_is_the_policys(
    kind: Kind, action: Action
) -> None:
    """Nothing is weighed anew unless something falls away."""
    policy = Policy(suspicious_action="challenge")
    stored = StoredVerdict(kind, "review", fired=[("scroll.of_long_ago", 2.0)])
    assert action_under(policy, stored) == action


def test_behaviour_alone_blocks_where_it_may() -> None:
    """The second witness is looked for among what fired."""
    stored = StoredVerdict("bot", "review", fired=[(KEYS.code, 4.0)])
    assert action_under(Policy(), stored) == "review"
    assert action_under(Policy(behaviour_may_block=True), stored) == "block"


def test_agent_that_declares_itself_gets_its_own_action() -> None:
    """Although the note of it weighs nothing."""
    stored = StoredVerdict("human", "review", fired=[("network.declared_agent", 0.0)])
    assert action_under(Policy(declared_agent_action="block"), stored) == "block"
    off = Policy(declared_agent_action="block", families_off={Family.NETWORK})
    assert action_under(off, stored) == "allow"


def test_family_that_is_off_speaks_for_nobody() -> None:
    """Neither against a person nor for one."""
    against = StoredVerdict("bot", "block", fired=[(KEYS.code, 4.0)])
    without_keys = Policy(families_off={Family.KEYBOARD})
    assert action_under(without_keys, against) == "monitor"
    in_favour = StoredVerdict("human", "allow", [], clear=[(HAND.number, -2.0)])
    assert action_under(without_keys, in_favour) == "allow"
    without_hand = Policy(families_off={Family.POINTER})
    assert action_under(without_hand, in_favour) == "monitor"


def test_number_that_no_detector_has_is_passed_over() -> None:
    """A later release left it behind."""
    stored = StoredVerdict("human", "allow", [], clear=[(10_000, -2.0)])
    assert action_under(Policy(families_off={Family.KEYBOARD}), stored) == "allow"
