"""Tell whether a session was automated: events in, a verdict with its reasons out.

Pure: no clock, no chance, no files, no network. The folder can be copied out of the
repository and still runs, given msgspec.

>>> state = SessionState.new()
>>> state.absorb(0, decode_events(b'[{"type": "device", "t": 0}]').events)
>>> judge(state.features()).kind
'undecided'
"""

from typing import Final

from .events import AnyEvent, BrokenEventError, Decoded, decode_events
from .headers import Arrival, RequestFacts, request_facts
from .modality import Modality
from .policy import DEFAULT_POLICY, Action, Policy, recommended_action
from .readings import Detector
from .registry import DETECTORS
from .state import (
    LARGEST_STATE,
    STATE_VERSION,
    SessionFeatures,
    SessionState,
    UnreadableStateError,
)
from .types import TECHNICAL_FAMILIES, Family, Outcome, Reading
from .verdict import Kind, Verdict, judge, weigh

# A release of the detectors with their constants. Raise it when any of them changes.
RULESET: Final = "2026.12"

__all__ = [
    "DEFAULT_POLICY",
    "DETECTORS",
    "LARGEST_STATE",
    "RULESET",
    "STATE_VERSION",
    "TECHNICAL_FAMILIES",
    "Action",
    "AnyEvent",
    "Arrival",
    "BrokenEventError",
    "Decoded",
    "Detector",
    "Family",
    "Kind",
    "Modality",
    "Outcome",
    "Policy",
    "Reading",
    "RequestFacts",
    "SessionFeatures",
    "SessionState",
    "UnreadableStateError",
    "Verdict",
    "decode_events",
    "judge",
    "recommended_action",
    "request_facts",
    "weigh",
]
