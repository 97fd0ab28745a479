"""Numbers that are known beforehand."""

import pytest

from detection.engine.evaluation.metrics import (
    area_under_curve,
    calibration_error,
    evaluate,
    true_positive_rate,
    wilson,
)
from detection.engine.evaluation.replay import SessionOutcome
from detection.engine.evaluation.report import lines
from detection.engine.types import Outcome
from detection.engine.verdict import Kind


def outcome(
    label: str,
    kind: Kind,
    probability: float,
    *,
    subject: str = "s",
    reading: Outcome = Outcome.CLEAR,
) -> SessionOutcome:
    """Return what was said of a session."""
    return SessionOutcome(
        source=f"made_{label}",
        subject=subject,
        session="a",
        label=label,
        kind=kind,
        bot_probability=probability,
        bot_score=round(100 * probability),
        reasons=[],
        outcomes={"pointer.straight": reading, "scroll.jumps": Outcome.UNKNOWN},
        event_count=3,
        settled_ms=None if kind == "undecided" else 2_000,
    )


OUTCOMES = [
    outcome("human", "human", 0.1),
    outcome("human", "undecided", 0.3, subject="t", reading=Outcome.UNKNOWN),
    outcome("human", "suspicious", 0.6, reading=Outcome.FIRED),
    outcome("bot", "bot", 0.9, reading=Outcome.FIRED),
    outcome("bot", "human", 0.2),
]


def test_a_perfect_order_has_an_area_of_one() -> None:
    """And a perfectly wrong one of none, and ties of a half."""
    assert area_under_curve([0.1, 0.2], [0.8, 0.9]) == 1
    assert area_under_curve([0.8], [0.1]) == 0
    assert area_under_curve([0.5, 0.5], [0.5]) == 0.5


def test_without_people_or_bots_there_is_no_area() -> None:
    """One side alone cannot be told apart."""
    assert area_under_curve([], [0.1]) is None
    assert true_positive_rate([0.1], [], 0.01) is None


def test_the_rate_allows_that_share_of_people() -> None:
    """One person in ten may score higher than the limit at 10 %."""
    people = [n / 100 for n in range(1, 11)]
    assert true_positive_rate(people, [0.095, 0.5], 0.1) == 1
    assert true_positive_rate(people, [0.095, 0.5], 0.01) == 0.5


def test_calibration_is_the_distance_from_what_came_true() -> None:
    """A half said of coins is exact; certainty about a coin is half wrong."""
    assert calibration_error([(0.5, True), (0.5, False)]) == 0
    assert calibration_error([(1, True), (1, False)]) == 0.5
    assert calibration_error([]) is None


def test_intervals_are_wilsons() -> None:
    """As tables print them: 5 of 50."""
    interval = wilson(5, 50)
    assert interval == pytest.approx((0.0435, 0.2136), abs=1e-4)
    assert wilson(0, 0) is None


def test_verdicts_are_counted_by_source_and_subject() -> None:
    """Each group has its four numbers and its share of undecided."""
    result = evaluate(OUTCOMES)
    people = result.sources[1]
    assert (people.human, people.suspicious, people.bot, people.undecided) == (
        1,
        1,
        0,
        1,
    )
    assert people.undecided_share == pytest.approx(1 / 3)
    assert [(one.source, one.subject) for one in result.subjects] == [
        ("made_bot", "s"),
        ("made_human", "s"),
        ("made_human", "t"),
    ]
    assert result.total[0].settled_s == 2


def test_detectors_are_rated_where_they_could_judge() -> None:
    """A session that was unknown to a detector does not count for it."""
    straight, jumps = evaluate(OUTCOMES).detectors
    assert (straight.people, straight.fired_on_people) == (2, 1)
    assert straight.false_positive_rate == 0.5
    assert (straight.bots, straight.fired_on_bots) == (2, 1)
    assert (jumps.people, jumps.false_positive_rate) == (0, None)


def test_the_report_names_who_was_judged_wrong() -> None:
    """Sources, numbers, wrong subjects and detectors follow each other."""
    text = "\n".join(lines(evaluate(OUTCOMES)))
    assert "made_human/s" in text
    assert "made_human/t" not in text
    assert "pointer.straight" in text
    assert "scroll.jumps" not in text


def test_a_report_of_people_alone_leaves_out_what_needs_bots() -> None:
    """No area, nobody wrong, and no error."""
    text = "\n".join(lines(evaluate(OUTCOMES[:1])))
    assert "AUC                     -" in text
    assert "judged wrong" not in text
