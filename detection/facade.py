"""The door to detection: the engine's public names, and where results are kept."""

from .documents import Reason, VerdictDocument, verdict_document
from .engine import (
    DETECTORS,
    RULESET,
    Action,
    BrokenEventError,
    Family,
    Policy,
    RequestFacts,
    SessionState,
    UnreadableStateError,
    Verdict,
    decode_events,
    judge,
    recommended_action,
    request_facts,
)
from .engine.events import AnyEvent
from .models import ACTIONS, VERDICTS, DetectionResult
from .selectors import course_of, latest_result, result_of_batch
from .services import record_batch_result, record_final_result

__all__ = [
    "ACTIONS",
    "DETECTORS",
    "RULESET",
    "VERDICTS",
    "Action",
    "AnyEvent",
    "BrokenEventError",
    "DetectionResult",
    "Family",
    "Policy",
    "Reason",
    "RequestFacts",
    "SessionState",
    "UnreadableStateError",
    "Verdict",
    "VerdictDocument",
    "course_of",
    "decode_events",
    "judge",
    "latest_result",
    "recommended_action",
    "record_batch_result",
    "record_final_result",
    "request_facts",
    "result_of_batch",
    "verdict_document",
]
