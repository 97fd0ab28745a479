"""The door to detection: the engine's public names, and where results are kept."""

from .documents import (
    Check,
    LastWord,
    Reason,
    VerdictDocument,
    checks_document,
    verdict_document,
)
from .engine import (
    DETECTORS,
    RULESET,
    Action,
    BrokenEventError,
    Family,
    Policy,
    RequestFacts,
    SessionFeatures,
    SessionState,
    UnreadableStateError,
    Verdict,
    decode_events,
    judge,
    recommended_action,
)
from .engine.events import AnyEvent, Device, Network, Track
from .engine.verdict import BOT_FROM, SUSPICIOUS_FROM
from .models import ACTIONS, VERDICTS, DetectionResult
from .names import CHECKS, EVIDENCE, FAMILIES
from .selectors.modes import BLOCKING, WHOLE_SESSION, flags_version, modes_of
from .selectors.requests import SeenRequest, facts_of
from .selectors.results import (
    batch_times_of,
    course_of,
    final_results_of,
    latest_result,
    result_of_batch,
)
from .selectors.revisions import actions_under
from .services.results import batch_result, record_final_result
from .texts import VERDICTS as MEANINGS

__all__ = [
    "ACTIONS",
    "BLOCKING",
    "BOT_FROM",
    "CHECKS",
    "DETECTORS",
    "EVIDENCE",
    "FAMILIES",
    "MEANINGS",
    "RULESET",
    "SUSPICIOUS_FROM",
    "VERDICTS",
    "WHOLE_SESSION",
    "Action",
    "AnyEvent",
    "BrokenEventError",
    "Check",
    "DetectionResult",
    "Device",
    "Family",
    "LastWord",
    "Network",
    "Policy",
    "Reason",
    "RequestFacts",
    "SeenRequest",
    "SessionFeatures",
    "SessionState",
    "Track",
    "UnreadableStateError",
    "Verdict",
    "VerdictDocument",
    "actions_under",
    "batch_result",
    "batch_times_of",
    "checks_document",
    "course_of",
    "decode_events",
    "facts_of",
    "final_results_of",
    "flags_version",
    "judge",
    "latest_result",
    "modes_of",
    "recommended_action",
    "record_final_result",
    "result_of_batch",
    "verdict_document",
]
