"""From readings to a verdict: human, suspicious, bot, or not enough seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp
from typing import Final, Literal

from .modes import AS_CODED, Modes, in_shadow
from .readings import Detector
from .registry import BY_CODE, DETECTORS
from .state import SessionFeatures
from .types import Family, Outcome, Reading

Kind = Literal["human", "suspicious", "bot", "undecided"]

# Log odds before anything is seen: about one session in four. Panels report 30 to
# 40 % fraud of all kinds (research, finding 5); automation is a part of it.
PRIOR: Final = -1.0

# A family's second witness saw the same events as the first: it counts half, the
# third a quarter. Noisy-or does the same (research C3).
REPEATED: Final = 0.5

# Signs of a hand can be imitated; together they weigh as one strong detector.
MOST_HUMANITY: Final = 4.0

# Beside a strong detector, natural movement elsewhere counts half: humanizers copy
# one thing well and leave the rest. A weak hint takes away in proportion.
HUMANITY_WHEN_FIRED: Final = 0.5
STRONG: Final = 2.0

# One weak hint is no suspicion: a missing header weighs 1.2 and belongs to people
# behind a privacy proxy as well, a virtual desktop's window and graphics 1.05.
SUSPICION_NEEDS: Final = 1.5

# Headers can be forged by anyone and are changed by proxies, addresses are shared: what
# the network says alone is never a suspicion, whatever it says (research N1 to N8).
MOST_NETWORK_ALONE: Final = 1.4

# An artefact no person can cause puts the probability here at least (research C3).
DISPOSITIVE_LOG_ODDS: Final = 2.95

# Nine in ten: one strong detector, or two ordinary families.
BOT_FROM: Final = 0.9
# More likely than not.
SUSPICIOUS_FROM: Final = 0.5
# Without signs of a hand worth this much, nobody is called human.
HUMAN_NEEDS: Final = 1.0

# Never certain: scores end at 1 and 99, probabilities short of 0 and 1.
MOST_LOG_ODDS: Final = 9.0


@dataclass(frozen=True)
class Verdict:
    """What is thought of a session, and why.

    `bot_score` runs from 1 to 99, high means automation. `confidence` says how much
    was seen and how clearly it speaks, 0 when undecided.
    """

    kind: Kind
    bot_probability: float
    bot_score: int
    confidence: float
    readings: Sequence[Reading]
    families: Mapping[str, Family]
    # Whose readings are recorded and decide nothing, by order of a flag.
    shadowed: Collection[str] = ()

    @cached_property
    def reasons(self) -> Sequence[Reading]:
        """The readings that fired, the heaviest first."""
        fired = [one for one in self.readings if one.outcome is Outcome.FIRED]
        return sorted(fired, key=lambda one: (-one.weight, one.code))

    def weight_of(self, families: Collection[Family]) -> float:
        """Return how much the fired readings of some families weigh together."""
        return sum(r.weight for r in self.reasons if self.families[r.code] in families)

    @property
    def families_fired(self) -> frozenset[Family]:
        """The kinds of evidence that fired; what is only noted is none."""
        return frozenset(
            self.families[one.code] for one in self.reasons if one.weight > 0
        )


def judge(
    features: SessionFeatures,
    *,
    off: Collection[Family] = (),
    detectors: Sequence[Detector] = DETECTORS,
    modes: Modes = AS_CODED,
) -> Verdict:
    """Ask every detector of the families that are on, and weigh what they say.

    `modes` names the detectors that a flag changes: what is off is not asked, what is
    in shadow is recorded and weighs nothing.
    """
    if not modes:
        readings = [one.ask(features) for one in detectors if one.family not in off]
        return weigh(readings, detectors)
    asked = [d for d in detectors if d.family not in off and modes.get(d.code) != "off"]
    shadowed = frozenset(code for code, mode in modes.items() if mode == "shadow")
    readings = [
        in_shadow(reading) if reading.code in shadowed else reading
        for reading in (one.ask(features) for one in asked)
    ]
    return replace(weigh(readings, detectors), shadowed=shadowed)


def weigh(readings: Sequence[Reading], detectors: Sequence[Detector]) -> Verdict:
    """Return the verdict that readings amount to; stored ones give the same again."""
    # Each verdict would count the same hundred names anew.
    is_usual = detectors is DETECTORS
    known = BY_CODE if is_usual else {one.code: one for one in detectors}
    against: dict[Family, list[float]] = {}
    natural: dict[Family, list[float]] = {}
    is_proven = False
    for reading in readings:
        detector = known[reading.code]
        if reading.outcome is Outcome.FIRED and reading.weight > 0:
            against.setdefault(detector.family, []).append(reading.weight)
            is_proven = is_proven or detector.dispositive
        elif reading.weight < 0:
            natural.setdefault(detector.family, []).append(-reading.weight)
    guilt = sum(_together(weights) for weights in against.values())
    if against.keys() <= {Family.NETWORK}:
        guilt, is_proven = min(guilt, MOST_NETWORK_ALONE), False
    humanity = sum(
        _together(weights)
        for family, weights in natural.items()
        if family not in against
    )
    humanity = min(humanity, MOST_HUMANITY)
    humanity *= 1 - (1 - HUMANITY_WHEN_FIRED) * min(1.0, guilt / STRONG)
    odds = PRIOR + guilt - humanity
    if is_proven:
        odds = max(odds, DISPOSITIVE_LOG_ODDS)
    families = FAMILIES if is_usual else _families_of(known)
    return _verdict(odds, guilt, humanity, readings, families)


def _families_of(detectors: Mapping[str, Detector]) -> Mapping[str, Family]:
    return {code: one.family for code, one in detectors.items()}


FAMILIES: Final = _families_of(BY_CODE)


def _together(weights: list[float]) -> float:
    """Add a family's weights, each next one counting half of the one before."""
    ordered = sorted(weights, reverse=True)
    return sum(weight * REPEATED**place for place, weight in enumerate(ordered))


def _verdict(
    odds: float,
    guilt: float,
    humanity: float,
    readings: Sequence[Reading],
    families: Mapping[str, Family],
) -> Verdict:
    """Name what the odds say."""
    odds = max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, odds))
    probability = 1 / (1 + exp(-odds))
    kind = _kind(probability, guilt, humanity)
    seen = 1 - exp(-(guilt + humanity) / 2)
    decided = 0.0 if kind == "undecided" else abs(2 * probability - 1)
    return Verdict(
        kind,
        probability,
        score_of(probability),
        seen * decided,
        readings,
        families,
    )


def score_of(probability: float) -> int:
    """Return a probability as a score from 1 to 99; high means automation."""
    return max(1, min(99, round(100 * probability)))


def _kind(probability: float, guilt: float, humanity: float) -> Kind:
    """Return the word for a probability, given what was seen for it and against."""
    if probability >= BOT_FROM:
        return "bot"
    if probability >= SUSPICIOUS_FROM:
        return "suspicious" if guilt >= SUSPICION_NEEDS else "undecided"
    return "human" if humanity >= HUMAN_NEEDS else "undecided"
