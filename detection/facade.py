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
)
from .engine.events import AnyEvent
from .models import ACTIONS, VERDICTS, DetectionResult
from .names import CHECKS, EVIDENCE, FAMILIES
from .selectors.requests import SeenRequest, facts_of
from .selectors.results import course_of, latest_result, result_of_batch
from .services.results import batch_result, record_final_result

__all__ = [
    "ACTIONS",
    "CHECKS",
    "DETECTORS",
    "EVIDENCE",
    "FAMILIES",
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
    "SeenRequest",
    "SessionState",
    "UnreadableStateError",
    "Verdict",
    "VerdictDocument",
    "batch_result",
    "course_of",
    "decode_events",
    "facts_of",
    "judge",
    "latest_result",
    "recommended_action",
    "record_final_result",
    "result_of_batch",
    "verdict_document",
]
