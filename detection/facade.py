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
from .selectors.requests import SeenRequest, facts_of
from .selectors.results import (
    batch_times_of,
    course_of,
    final_results_of,
    latest_result,
    result_of_batch,
)
from .services.results import batch_result, record_final_result

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
    "SeenRequest",
    "SessionState",
    "UnreadableStateError",
    "Verdict",
    "VerdictDocument",
    "batch_result",
    "batch_times_of",
    "course_of",
    "decode_events",
    "facts_of",
    "final_results_of",
    "judge",
    "latest_result",
    "recommended_action",
    "record_final_result",
    "result_of_batch",
    "verdict_document",
]
