"""A verdict as everyone sees it: the same shape in every answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict
from uuid import UUID

from . import names, texts
from .engine.registry import BY_CODE, BY_NUMBER
from .engine.verdict import score_of
from .models import DetectionResult


class Reason(TypedDict):
    """One detector that fired."""

    code: str
    number: int
    family: str
    weight: float
    message: str
    evidence: Mapping[str, float | int | str]


class Check(TypedDict):
    """One detector, whatever it found: what it asks, and what came out."""

    code: str
    number: int
    family: str
    state: str
    is_noted: bool
    question: str
    message: str
    weight: float | None
    evidence: Mapping[str, float | int | str]


class VerdictDocument(TypedDict):
    """The latest word on a session."""

    session_id: UUID
    status: str
    verdict: str
    bot_probability: float | None
    bot_score: int | None
    recommended_action: str
    confidence: float
    reasons: Sequence[Reason]
    checks: Mapping[str, str]
    event_count: int
    processing_time_ms: float | None
    ruleset: str | None


@dataclass(frozen=True, slots=True)
class LastWord:
    """What stays known of a verdict when the row with its reasons is gone."""

    verdict: str
    bot_probability: float | None
    recommended_action: str
    event_count: int


NOTHING_SEEN: Final = LastWord("undecided", None, "monitor", 0)


def verdict_document(
    result: DetectionResult | None,
    *,
    session_id: UUID,
    status: str,
    last_word: LastWord = NOTHING_SEEN,
) -> VerdictDocument:
    """Return a result's document, its sentences in the language of the moment.

    Without a result it is `last_word`, with no reasons and all checks unknown.
    """
    if result is None:
        return _without_reasons(last_word, session_id, status)
    return {
        "session_id": session_id,
        "status": status,
        "verdict": result.verdict,
        "bot_probability": round(result.bot_probability, 4),
        "bot_score": score_of(result.bot_probability),
        "recommended_action": result.recommended_action,
        "confidence": round(result.confidence, 3),
        "reasons": [_reason(*fired) for fired in result.fired],
        "checks": _checks(result),
        "event_count": result.event_count,
        "processing_time_ms": round(result.processing_time_ms, 3),
        "ruleset": result.ruleset,
    }


def checks_document(result: DetectionResult | None) -> list[Check]:
    """Return every detector with its outcome; those that fired first, by weight.

    Weight and evidence of what is clear are kept with the final result only. What an
    earlier ruleset asked and ours does not is there if it fired.
    """
    fired = {code: rest for code, *rest in (result.fired if result else [])}
    clear = {number: rest for number, *rest in (result.clear if result else [])}
    codes = [*fired, *(code for code in BY_CODE if code not in fired)]
    checks = [_check(code, fired, clear) for code in codes]
    order = {"fired": 0, "clear": 1, "unknown": 2}
    return sorted(checks, key=lambda one: (order[one["state"]], -(one["weight"] or 0)))


def _check(
    code: str, fired: Mapping[str, list[Any]], clear: Mapping[int, list[Any]]
) -> Check:
    detector = BY_CODE.get(code)
    number = detector.number if detector else 0
    state, rest = "unknown", []
    if code in fired:
        state, rest = "fired", fired[code]
    elif number in clear:
        state, rest = "clear", clear[number]
    weight, evidence = rest if len(rest) > 1 else (None, {})
    return {
        "code": code,
        "number": number,
        "family": str(detector.family) if detector else code.partition(".")[0],
        "state": state,
        "is_noted": state == "fired" and not weight,
        "question": str(names.CHECKS.get(code, code)),
        "message": str(texts.sentence_of(code)),
        "weight": weight,
        "evidence": evidence,
    }


def _without_reasons(word: LastWord, session_id: UUID, status: str) -> VerdictDocument:
    share = word.bot_probability
    return {
        "session_id": session_id,
        "status": status,
        "verdict": word.verdict,
        "bot_probability": None if share is None else round(share, 4),
        "bot_score": None if share is None else score_of(share),
        "recommended_action": word.recommended_action,
        "confidence": 0.0,
        "reasons": [],
        "checks": dict.fromkeys(BY_CODE, "unknown"),
        "event_count": word.event_count,
        "processing_time_ms": None,
        "ruleset": None,
    }


def _reason(code: str, weight: float, evidence: dict[str, Any]) -> Reason:
    detector = BY_CODE.get(code)
    return {
        "code": code,
        "number": detector.number if detector else 0,
        "family": str(detector.family) if detector else code.partition(".")[0],
        "weight": weight,
        "message": str(texts.sentence_of(code)),
        "evidence": evidence,
    }


def _checks(result: DetectionResult) -> dict[str, str]:
    checks = dict.fromkeys(BY_CODE, "unknown")
    for number, *_rest in result.clear:
        if detector := BY_NUMBER.get(number):
            checks[detector.code] = "clear"
    checks.update((code, "fired") for code, *_rest in result.fired)
    return checks
