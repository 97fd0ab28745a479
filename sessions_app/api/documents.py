"""What each kind of caller gets to see of a session."""

from typing import Any

from accounts.facade import Principal
from detection.facade import DetectionResult, course_of, latest_result, verdict_document

from .. import selectors
from ..models import Session
from ..services.intake import Recorded
from .serializers import SessionOut


def recorded_document(
    recorded: Recorded, *, seq: int, principal: Principal
) -> dict[str, Any]:
    """Return the answer to a batch."""
    session = recorded.session
    return {
        **_seen_by(principal, session, recorded.result),
        "accepted": True,
        "seq": seq,
        "gaps": session.gaps,
    }


def status_document(session: Session, *, principal: Principal) -> dict[str, Any]:
    """Return a session's state, and its verdict as far as the caller may know."""
    result = latest_result(
        organization_id=session.organization_id, session_id=session.id
    )
    return {
        **_seen_by(principal, session, result),
        "gaps": session.gaps,
        "is_final": session.is_final,
    }


def report_document(session: Session) -> dict[str, Any]:
    """Return everything that is known of a session, for its owner's server."""
    ids = {"organization_id": session.organization_id, "session_id": session.id}
    result = latest_result(**ids)
    return {
        **verdict_document(result, session_id=session.id, status=session.status),
        "session": SessionOut(session).data,
        "missing_seqs": selectors.missing_seqs(**ids),
        "timeline": [
            {
                "seq": batch.seq,
                "received_at": batch.created_at,
                "event_count": batch.event_count,
                "unknown_count": batch.unknown_count,
                "first_ms": batch.first_ms,
                "last_ms": batch.last_ms,
                "behind_ms": batch.behind_ms,
            }
            for batch in selectors.batches(**ids)
        ],
        "course": [
            {
                "seq": step.seq,
                "verdict": step.verdict,
                "bot_probability": round(step.bot_probability, 4),
                "event_count": step.event_count,
            }
            for step in course_of(
                organization_id=session.organization_id, session_id=session.id
            )
        ],
        "answered_items": [
            answer.item for answer in selectors.answers(**ids).only("item")
        ],
    }


def _seen_by(
    principal: Principal, session: Session, result: DetectionResult | None
) -> dict[str, Any]:
    """Hide from a browser why, unless the survey's policy lifts that."""
    policy = session.survey
    if not principal.is_browser or policy.show_reasons:
        return dict(
            verdict_document(result, session_id=session.id, status=session.status)
        )
    document = {"session_id": session.id, "status": session.status}
    if policy.share_action:
        document["recommended_action"] = session.recommended_action
    return document
