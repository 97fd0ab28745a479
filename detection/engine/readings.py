"""Short ways to say what was found, and the shape of a detector."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from .state import SessionFeatures
from .types import Family, Outcome, Reading


@dataclass(frozen=True, slots=True)
class Detector:
    """A question about a session, with its code and number for ever.

    `dispositive` means that a person cannot cause it: fired, it decides alone.
    `shadow` means that what it finds is kept and shown, and counts for nothing: it
    answers another question than automation, or people cause it too often.
    """

    code: str
    number: int
    family: Family
    ask: Callable[[SessionFeatures], Reading]
    dispositive: bool = False
    shadow: bool = False


def fired(code: str, weight: float, **evidence: float | str) -> Reading:
    """Say that automation shows; the evidence is rounded for people to read."""
    return Reading(code, Outcome.FIRED, weight, rounded(evidence))


def noted(code: str, **evidence: float | str) -> Reading:
    """Say that a shadow detector found something: it fired, and weighs nothing."""
    return Reading(code, Outcome.FIRED, 0.0, rounded(evidence))


def clear(code: str, weight: float = 0.0, **evidence: float | str) -> Reading:
    """Say that enough was seen and nothing shows; `weight` is at or below 0.

    Thirty of these come with each batch, and of a batch none of their evidence is
    kept: whoever keeps it rounds it.
    """
    return Reading(code, Outcome.CLEAR, weight, evidence)


@cache
def unknown(code: str) -> Reading:
    """Say that too little was seen, or that the question does not apply."""
    return Reading(code, Outcome.UNKNOWN)


def rounded(
    evidence: Mapping[str, float | int | str],
) -> dict[str, float | int | str]:
    """Round what is stored and shown to three digits behind the point."""
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in evidence.items()
    }
