"""Whether our numbers are those of others."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

# A number, several, or None for what cannot be computed.
Number: TypeAlias = float | Sequence[float] | None
# What we answer: by the name of the reference, by the name that it has there. Of
# several numbers each is right: libraries differ in what a word means.
Answers: TypeAlias = dict[str, dict[str, Number]]

# GrowthBook's engine; where it stands alone, and where 50 digits stand beside it.
GROWTHBOOK: Final = "gbstats_main_8f1db44"
# Others integrate chances to this; of 1e-78 they have 1e-91 (`bayes_13`; 50 digits and
# a normal approximation both give 1e-78).
CHANCE: Final = 1e-7
ALMOST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Compared:
    """One number of a case."""

    what: str
    by: str
    expected: Any
    ours: Any
    same: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case; `outcome` is agrees, differs or refuses."""

    id: str
    family: str
    outcome: str
    compared: list[Compared] = field(default_factory=list)
    error: str = ""


def compare(case: dict[str, Any], answers: Answers) -> Result:
    """Return whether a case's answers agree with all that others say about it."""
    rtol = (case.get("agreement") or {}).get("rtol_suggested") or 1e-9
    compared = [
        Compared(what, by, expected, ours, _same(expected, ours, what, rtol))
        for by, numbers in answers.items()
        for what, ours in numbers.items()
        for expected in _expected(case, by, what)
    ]
    refused = any(one.ours is None and not one.same for one in compared)
    wrong = any(not one.same for one in compared)
    outcome = "refuses" if refused else "differs" if wrong else "agrees"
    return Result(case["id"], case["family"], outcome, compared)


def _expected(case: dict[str, Any], by: str, what: str) -> Iterator[Any]:
    """Yield what a reference says, if it says anything."""
    found: Any = case["expected"].get(by)
    for name in what.split("."):
        if not isinstance(found, Mapping) or failed(found) or name not in found:
            return
        found = found[name]
    if found is not None and not isinstance(found, Mapping):
        yield found


def failed(found: Mapping[str, Any]) -> bool:
    """Say whether a library gave no inference: then it has no number to match."""
    return bool(found.get("error_message") or found.get("exception"))


def _same(expected: Any, ours: Any, what: str, rtol: float) -> bool:
    """Say whether two numbers are the same, or rows of them."""
    if isinstance(expected, list) and isinstance(ours, Sequence):
        pairs = zip(expected, ours, strict=False)
        matching = all(_same(one, other, what, rtol) for one, other in pairs)
        return len(expected) == len(ours) and matching
    if ours is None:
        return False
    if isinstance(ours, Sequence):
        return any(_same(expected, one, what, rtol) for one in ours)
    if isinstance(expected, str | bool):
        return bool(float(expected) == ours)
    absolute = CHANCE if what == "chance_treatment_higher" else ALMOST * abs(expected)
    return math.isclose(ours, expected, rel_tol=rtol, abs_tol=absolute)
