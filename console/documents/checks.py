"""Checks by their families, and what was not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.formats import number
from detection.facade import FAMILIES, Check

from .. import texts
from .words import Fact, Text, evidence


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One check: its state in a word, its question, and what it measured."""

    code: str
    number: int
    state: str
    state_name: Text
    text: str
    weight: str
    evidence: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class ShownFamily:
    """The checks that read the same events."""

    id: str
    name: Text
    found: Sequence[ShownCheck]
    not_found: Sequence[ShownCheck]
    not_known: Sequence[ShownCheck]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A family without any answer, and why."""

    name: Text
    why: Text


def shown_check(check: Check) -> ShownCheck:
    """Return a check in words: what it saw if it fired, else what it asks."""
    state = "noted" if check["is_noted"] else check["state"]
    has_fired = check["state"] == "fired"
    weight = check["weight"]
    return ShownCheck(
        code=check["code"],
        number=check["number"],
        state=state,
        state_name=texts.STATES[state],
        text=check["message"] if has_fired else check["question"],
        weight=number(weight, 2) if weight else "",
        evidence=evidence(check["evidence"]),
    )


def reasons_of(checks: Sequence[Check], most: int) -> Sequence[ShownCheck]:
    """Return the heaviest checks that fired."""
    fired = [one for one in checks if one["state"] == "fired"]
    return [shown_check(one) for one in fired[:most]]


def families_of(checks: Sequence[Check]) -> Sequence[ShownFamily]:
    """Return the families that have an answer; the heaviest evidence comes first."""
    families = []
    for family in _by_weight(checks):
        states: dict[str, list[ShownCheck]] = {"fired": [], "clear": [], "unknown": []}
        for one in checks:
            if one["family"] == family:
                states[one["state"]].append(shown_check(one))
        if states["fired"] or states["clear"]:
            families.append(
                ShownFamily(
                    id=family,
                    name=FAMILIES.get(family, family),
                    found=states["fired"],
                    not_found=states["clear"],
                    not_known=states["unknown"],
                )
            )
    return families


def unseen_of(
    families: Sequence[ShownFamily],
    *,
    off: Sequence[str],
    counts: Mapping[str, int],
    is_whole: bool,
) -> Sequence[Unseen]:
    """Return the families that say nothing, each with the reason.

    `families` are those that do, `counts` holds the number of events a lane, `off`
    the families that are switched off; `is_whole` says that the counts are of the
    whole session.
    """
    known = {one.id for one in families}
    return [
        Unseen(name, _why(family, off, counts, is_whole=is_whole))
        for family, name in FAMILIES.items()
        if family not in known
    ]


def _why(
    family: str, off: Sequence[str], counts: Mapping[str, int], *, is_whole: bool
) -> Text:
    if family in off:
        return texts.SWITCHED_OFF
    count = counts.get(texts.LANE_OF_FAMILY.get(family, ""), 0)
    if count:
        return str(texts.TOO_LITTLE) % {"count": number(count)}
    return texts.NOTHING_CAME[family] if is_whole else texts.ELSEWHERE


def _by_weight(checks: Sequence[Check]) -> Sequence[str]:
    """Return families by the weight that fired in them, then in their usual order."""
    weights = dict.fromkeys(FAMILIES, 0.0)
    for one in checks:
        if one["state"] == "fired":
            weights.setdefault(one["family"], 0.0)
            weights[one["family"]] += one["weight"] or 0.001
    return sorted(weights, key=lambda family: -weights[family])
