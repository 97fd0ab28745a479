"""The comparison measures those who do the work, and reports what it measured."""

import pytest

from benchmarks import flags
from benchmarks.flagging import evaluators
from benchmarks.flagging.measuring import CALLS, EVERY_CALL, measure
from benchmarks.flagging.task import EVERY, Evaluator, check


def test_ours_does_the_work() -> None:
    """Half of those who satisfy the conditions, and no stranger."""
    check(evaluators.ours())


@pytest.mark.parametrize("answer", [True, False])
def test_who_does_not_do_the_work_is_refused(*, answer: bool) -> None:
    """It would be fast."""
    lazy = Evaluator(
        "lazy", lambda p: p, lambda _asked, _name: answer, lambda _a: EVERY
    )
    with pytest.raises(ValueError, match="through"):
        check(lazy)


def test_who_evaluates_fewer_flags_is_refused() -> None:
    """The last column would be about something else."""
    lazy = Evaluator("lazy", lambda p: p, None, lambda _asked: EVERY[:-1])
    with pytest.raises(ValueError, match="other flags"):
        check(lazy)


def test_everyone_is_measured_in_each_round() -> None:
    """Who only evaluates all at once has one figure a round."""
    entered: list[str] = []
    at_once = Evaluator(
        name="at once",
        ask=lambda person: person,
        one=None,
        every=lambda _asked: EVERY,
        enter=lambda: entered.append("at once"),
    )
    figures = measure([evaluators.ours(), at_once], rounds=2, seconds=0.001)
    assert set(figures["Bonafide"]) == set(CALLS)
    assert [len(found) for found in figures["at once"].values()] == [2]
    assert entered == ["at once"] * 2
    assert all(one > 0 for found in figures["Bonafide"].values() for one in found)


def test_goals_are_said_to_be_met_or_missed() -> None:
    """Against the fastest of the others, not the first."""
    everyone = [
        Evaluator(name, lambda p: p, None, lambda _asked: EVERY)
        for name in ("an empty function", "Bonafide", "slow", "fast")
    ]
    figures = {
        "an empty function": {"static": [0.1], "targeted": [0.1]},
        "Bonafide": {"static": [1.0, 2.0, 9.0], "targeted": [1.0]},
        "slow": {"static": [100.0], "targeted": [8.0]},
        "fast": {"static": [1.0], EVERY_CALL: [2.0]},
    }
    said = "\n".join(flags.notes(everyone, figures))
    assert (
        "static: 0.5 times as fast as the fastest of the others (goal 1: missed)"
        in said
    )
    assert "targeted: 8.0 times" in said
    assert "(goal 3, and the stretch of 5: met)" in said
    asked = {one.name: (0, 2) for one in everyone}
    rows = flags.rows(everyone, figures, asked)
    assert rows[2] == ["Bonafide", "2.00", "1.00", "", "", "0", "2"]
    assert rows[3][1] == "100"
