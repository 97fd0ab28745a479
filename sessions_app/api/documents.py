"""What each kind of caller gets to see of a session."""

from typing import Any

from accounts.facade import Principal
from detection.facade import (
    DetectionResult,
    LastWord,
    VerdictDocument,
    course_of,
    latest_result,
    verdict_document,
)

from .. import selectors
from ..models import Session
from ..services.intake import Recorded
from ..services.opening import Opened
from .serializers import SessionOut


def opened_document(opened: Opened) -> dict[str, Any]:
    """Return the answer to a session that opened."""
    session = opened.session
    return {
        "id": session.id,
        "token": opened.token,
        "status": session.status,
        "variants": {one.experiment: one.variant for one in opened.variants},
        "payloads": {one.experiment: dict(one.payload) for one in opened.variants},
    }


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
    timeline = selectors.batches(**ids)
    return {
        **_verdict(session, latest_result(**ids)),
        "session": SessionOut(session).data,
        # The events were there, and their time is over: docs/retention.md.
        "events_erased": len(timeline) < session.batch_count,
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
            for batch in timeline
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
        return dict(_verdict(session, result))
    document = {"session_id": session.id, "status": session.status}
    if policy.share_action:
        document["recommended_action"] = session.recommended_action
    return document


def _verdict(session: Session, result: DetectionResult | None) -> VerdictDocument:
    """Return the verdict with its reasons, or what the session knows without them."""
    word = LastWord(
        verdict=session.verdict,
        bot_probability=session.bot_probability,
        recommended_action=session.recommended_action,
        event_count=session.event_count,
    )
    return verdict_document(
        result, session_id=session.id, status=session.status, last_word=word
    )
