"""What receivers are told: ids and verdicts, nothing of a person."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from detection.facade import DetectionResult, verdict_document
from sessions_app.facade import Session

from .models import Event

# The specification's limit; ours have a few hundred bytes.
MOST_BYTES: Final = 20_000
# Of the verdict's document: reasons and checks are asked for by whoever wants them.
TOLD: Final = (
    "verdict",
    "bot_probability",
    "bot_score",
    "recommended_action",
    "confidence",
    "event_count",
    "ruleset",
)


def session_data(session: Session) -> dict[str, Any]:
    """Return which session it is, and where it stands."""
    return {
        "session_id": str(session.id),
        "survey_id": str(session.survey_id),
        "status": session.status,
    }


def verdict_data(session: Session, result: DetectionResult) -> dict[str, Any]:
    """Return the same, with the last word on it."""
    said: Any = verdict_document(result, session_id=session.id, status=session.status)
    return {**session_data(session), **{name: said[name] for name in TOLD}}


def payload_of(event: Event, *, moment: datetime, data: dict[str, Any]) -> str:
    """Return the text that is signed and sent.

    Raises
    ------
    ValueError
        It is longer than receivers have to accept.
    """
    timestamp = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    payload = {"type": event.value, "timestamp": timestamp, "data": data}
    text = json.dumps(payload, separators=(",", ":"))
    if len(text.encode()) > MOST_BYTES:
        msg = f"A webhook's payload has at most {MOST_BYTES} bytes"
        raise ValueError(msg)
    return text
