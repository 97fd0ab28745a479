"""How good the verdicts are, in numbers that others report too."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final

from ..types import Outcome
from .replay import SessionOutcome

# The two-sided 95 % point of the normal distribution.
Z: Final = 1.959964

# Ten bins, as calibration errors are reported.
CALIBRATION_BINS: Final = 10

BOT: Final = "bot"
HUMAN: Final = "human"


@dataclass(frozen=True, slots=True)
class Group:
    """The verdicts of one source, or of one subject of it."""

    source: str
    subject: str | None
    label: str
    sessions: int
    human: int
    suspicious: int
    bot: int
    undecided: int
    # Seconds into the session at which half of the decided verdicts had settled.
    settled_s: float | None

    @property
    def undecided_share(self) -> float:
        """Which share was left undecided."""
        return self.undecided / self.sessions


@dataclass(frozen=True, slots=True)
class DetectorRate:
    """How often a detector fires on people, of those it could judge."""

    code: str
    people: int
    fired_on_people: int
    false_positive_rate: float | None
    low: float | None
    high: float | None
    bots: int
    fired_on_bots: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything the report prints."""

    sources: Sequence[Group]
    subjects: Sequence[Group]
    total: Sequence[Group]
    # None when people or bots are missing.
    auc: float | None
    tpr_at_1_percent: float | None
    tpr_at_0_1_percent: float | None
    calibration_error: float | None
    detectors: Sequence[DetectorRate]


def evaluate(outcomes: Sequence[SessionOutcome]) -> Evaluation:
    """Sum the outcomes of labelled sessions up."""
    people = [one.bot_probability for one in outcomes if one.label == HUMAN]
    bots = [one.bot_probability for one in outcomes if one.label == BOT]
    return Evaluation(
        sources=_groups(outcomes, lambda one: (one.source, None, one.label)),
        subjects=_groups(outcomes, lambda one: (one.source, one.subject, one.label)),
        total=_groups(outcomes, lambda one: ("all", None, one.label)),
        auc=area_under_curve(people, bots),
        tpr_at_1_percent=true_positive_rate(people, bots, 0.01),
        tpr_at_0_1_percent=true_positive_rate(people, bots, 0.001),
        calibration_error=calibration_error(
            [(one.bot_probability, one.label == BOT) for one in outcomes]
        ),
        detectors=_detector_rates(outcomes),
    )


def area_under_curve(people: Sequence[float], bots: Sequence[float]) -> float | None:
    """Return the chance that a bot scores above a person; ties count half.

    Notes
    -----
    U / (n m) with U of Mann and Whitney.

    References
    ----------
    Hanley and McNeil (1982), The meaning and use of the area under a ROC curve.

    Examples
    --------
    >>> area_under_curve([0.1, 0.4], [0.4, 0.9])
    0.875
    """
    if not people or not bots:
        return None
    of_people, of_bots = Counter(people), Counter(bots)
    below = 0
    wins = 0.0
    for score in sorted({*of_people, *of_bots}):
        wins += of_bots[score] * (below + of_people[score] / 2)
        below += of_people[score]
    return wins / (len(people) * len(bots))


def true_positive_rate(
    people: Sequence[float], bots: Sequence[float], false_positive_rate: float
) -> float | None:
    """Return which share of bots scores above all but that share of people.

    Examples
    --------
    >>> true_positive_rate([0.1, 0.2, 0.8], [0.5, 0.9], 0.01)
    0.5
    """
    if not people or not bots:
        return None
    allowed = int(false_positive_rate * len(people))
    limit = sorted(people, reverse=True)[min(allowed, len(people) - 1)]
    return sum(score > limit for score in bots) / len(bots)


def calibration_error(scored: Iterable[tuple[float, bool]]) -> float | None:
    """Return how far probabilities are from what came true, on average.

    Notes
    -----
    Expected calibration error: over ten bins of equal width, the mean distance of
    the bin's mean probability from its share of bots, weighted by its size.

    References
    ----------
    Guo et al. (2017), On calibration of modern neural networks.

    Examples
    --------
    >>> calibration_error([(0.25, False), (0.25, True)])
    0.25
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for probability, is_bot in scored:
        place = max(0, ceil(probability * CALIBRATION_BINS) - 1)
        bins.setdefault(place, []).append((probability, is_bot))
    count = sum(len(members) for members in bins.values())
    if not count:
        return None
    distance = sum(
        abs(sum(one for one, _ in members) - sum(is_bot for _, is_bot in members))
        for members in bins.values()
    )
    return distance / count


def wilson(hits: int, count: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share, None when nothing was counted.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical
    inference.

    Examples
    --------
    >>> low, high = wilson(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.037)
    """
    if not count:
        return None
    share = hits / count
    middle = share + Z * Z / (2 * count)
    spread = Z * sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    scale = 1 + Z * Z / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


_Name = tuple[str, str | None, str]


def _groups(
    outcomes: Sequence[SessionOutcome], name: Callable[[SessionOutcome], _Name]
) -> Sequence[Group]:
    """Count verdicts by source or subject, in the alphabet's order."""
    members: dict[_Name, list[SessionOutcome]] = {}
    for outcome in outcomes:
        members.setdefault(name(outcome), []).append(outcome)
    ordered = sorted(members, key=lambda one: (one[0], one[1] or "", one[2]))
    return [_group(one, members[one]) for one in ordered]


def _group(name: _Name, outcomes: Sequence[SessionOutcome]) -> Group:
    """Count one group's verdicts."""
    kinds = Counter(one.kind for one in outcomes)
    settled = sorted(one.settled_ms for one in outcomes if one.settled_ms is not None)
    return Group(
        *name,
        sessions=len(outcomes),
        human=kinds["human"],
        suspicious=kinds["suspicious"],
        bot=kinds["bot"],
        undecided=kinds["undecided"],
        settled_s=settled[len(settled) // 2] / 1000 if settled else None,
    )


def _detector_rates(outcomes: Sequence[SessionOutcome]) -> Sequence[DetectorRate]:
    """Count for each detector how often it fires, on people and on bots."""
    codes = dict.fromkeys(code for one in outcomes for code in one.outcomes)
    counts: Mapping[str, Counter[tuple[str, Outcome]]] = {
        code: Counter(
            (one.label, one.outcomes[code]) for one in outcomes if code in one.outcomes
        )
        for code in codes
    }
    return [_rate(code, counts[code]) for code in codes]


def _rate(code: str, counts: Counter[tuple[str, Outcome]]) -> DetectorRate:
    """Return one detector's rates."""
    false = counts[HUMAN, Outcome.FIRED]
    people = false + counts[HUMAN, Outcome.CLEAR]
    interval = wilson(false, people)
    return DetectorRate(
        code,
        people=people,
        fired_on_people=false,
        false_positive_rate=false / people if people else None,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        bots=counts[BOT, Outcome.FIRED] + counts[BOT, Outcome.CLEAR],
        fired_on_bots=counts[BOT, Outcome.FIRED],
    )
