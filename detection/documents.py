"""A verdict as everyone sees it: the same shape in every answer."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict
from uuid import UUID

from . import texts
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


def verdict_document(
    result: DetectionResult | None, *, session_id: UUID, status: str
) -> VerdictDocument:
    """Return a result's document, its sentences in the language of the moment."""
    if result is None:
        return _nothing_seen(session_id, status)
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


def _nothing_seen(session_id: UUID, status: str) -> VerdictDocument:
    return {
        "session_id": session_id,
        "status": status,
        "verdict": "undecided",
        "bot_probability": None,
        "bot_score": None,
        "recommended_action": "monitor",
        "confidence": 0.0,
        "reasons": [],
        "checks": dict.fromkeys(BY_CODE, "unknown"),
        "event_count": 0,
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
