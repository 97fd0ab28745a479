"""Every write of results."""

from uuid import UUID

from ..engine import RULESET, Outcome, Reading, Verdict
from ..engine.readings import rounded
from ..engine.registry import BY_CODE
from ..models import DetectionResult


def batch_result(
    *,
    organization_id: UUID,
    session_id: UUID,
    seq: int,
    verdict: Verdict,
    action: str,
    event_count: int,
    processing_time_ms: float,
    flags_version: int | None = None,
) -> DetectionResult:
    """Return what to keep of a batch: reasons in full, what was clear by number.

    Whoever stores the batch stores this with it: the two are one write.
    """
    return DetectionResult(
        **_columns(verdict, action),
        organization_id=organization_id,
        session_id=session_id,
        seq=seq,
        clear=[[BY_CODE[r.code].number] for r in _clear(verdict)],
        event_count=event_count,
        processing_time_ms=processing_time_ms,
        flags_version=flags_version,
    )


def record_final_result(
    *,
    organization_id: UUID,
    session_id: UUID,
    verdict: Verdict,
    action: str,
    event_count: int,
    processing_time_ms: float,
    flags_version: int | None = None,
) -> tuple[DetectionResult, bool]:
    """Keep what was said about the whole session, once a ruleset.

    Returns the result, and whether this call made it: a worker that is tried again
    finds the row that it left.
    """
    return DetectionResult.objects.get_or_create(
        organization_id=organization_id,
        session_id=session_id,
        ruleset=RULESET,
        seq=None,
        defaults={
            **_columns(verdict, action),
            "clear": [_full(BY_CODE[r.code].number, r) for r in _clear(verdict)],
            "event_count": event_count,
            "processing_time_ms": processing_time_ms,
            "flags_version": flags_version,
        },
    )


def _columns(verdict: Verdict, action: str) -> dict[str, object]:
    return {
        "ruleset": RULESET,
        "verdict": str(verdict.kind),
        "bot_probability": verdict.bot_probability,
        "confidence": verdict.confidence,
        "recommended_action": action,
        "fired": [_full(r.code, r) for r in verdict.reasons],
    }


def _clear(verdict: Verdict) -> list[Reading]:
    return [r for r in verdict.readings if r.outcome is Outcome.CLEAR]


def _full(name: str | int, reading: Reading) -> list[object]:
    return [name, round(reading.weight, 3), rounded(reading.evidence)]
