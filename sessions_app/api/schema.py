"""The OpenAPI document's parts that no serializer of ours produces."""

from typing import Any, Final

import msgspec
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from detection.facade import ACTIONS, VERDICTS, AnyEvent

from ..engine.batch import LAST_SEQ
from ..models import Status
from .parsers import MOST_EVENTS
from .serializers import SessionOut, SurveySerializer

PAGING: Final = ("cursor", "limit")
_COMPONENTS: Final = "#/components/schemas/{name}"
_EVENT: Final = "Event"


class ReasonOut(serializers.Serializer[Any]):
    """One detector that fired."""

    code = serializers.CharField()
    number = serializers.IntegerField()
    family = serializers.CharField()
    weight = serializers.FloatField()
    message = serializers.CharField()
    evidence = serializers.DictField()


class VerdictOut(serializers.Serializer[Any]):
    """The latest word on a session. A browser sees less, as the survey says."""

    session_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    verdict = serializers.ChoiceField(choices=VERDICTS, required=False)
    bot_probability = serializers.FloatField(allow_null=True, required=False)
    bot_score = serializers.IntegerField(allow_null=True, required=False)
    recommended_action = serializers.ChoiceField(choices=ACTIONS, required=False)
    confidence = serializers.FloatField(required=False)
    reasons = ReasonOut(many=True, required=False)
    checks = serializers.DictField(
        child=serializers.ChoiceField(choices=["fired", "clear", "unknown"]),
        required=False,
    )
    event_count = serializers.IntegerField(required=False)
    processing_time_ms = serializers.FloatField(allow_null=True, required=False)
    ruleset = serializers.CharField(allow_null=True, required=False)


class RecordedOut(VerdictOut):
    """The answer to a batch."""

    accepted = serializers.BooleanField()
    seq = serializers.IntegerField()
    gaps = serializers.IntegerField(help_text="Batches that have not come yet.")


class StatusOut(VerdictOut):
    """A session's state and verdict."""

    gaps = serializers.IntegerField()
    is_final = serializers.BooleanField()


class TimelineOut(serializers.Serializer[Any]):
    """One batch, without its events."""

    seq = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    event_count = serializers.IntegerField()
    unknown_count = serializers.IntegerField()
    first_ms = serializers.FloatField(allow_null=True)
    last_ms = serializers.FloatField(allow_null=True)
    behind_ms = serializers.IntegerField(allow_null=True)


class StepOut(serializers.Serializer[Any]):
    """The verdict after one batch."""

    seq = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=VERDICTS)
    bot_probability = serializers.FloatField()
    event_count = serializers.IntegerField()


class ReportOut(VerdictOut):
    """Everything about a session."""

    session = SessionOut()
    events_erased = serializers.BooleanField(
        help_text="Its events are past retention; the timeline holds what is left."
    )
    missing_seqs = serializers.ListField(child=serializers.IntegerField())
    timeline = TimelineOut(many=True)
    course = StepOut(many=True)
    answered_items = serializers.ListField(child=serializers.CharField())


class SessionPage(serializers.Serializer[Any]):
    """A page of sessions."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SessionOut(many=True)


class SurveyPage(serializers.Serializer[Any]):
    """A page of surveys."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SurveySerializer(many=True)


RECORDED: Final = RecordedOut
STATUS: Final = StatusOut
REPORT: Final = ReportOut
SESSION_PAGE: Final = SessionPage
SURVEY_PAGE: Final = SurveyPage

BATCH: Final = {
    "type": "object",
    "required": ["seq", "events"],
    "properties": {
        "seq": {
            "type": "integer",
            "minimum": 0,
            "maximum": LAST_SEQ,
            "description": "0, 1, 2, …; the same number again is the same batch.",
        },
        "sent_at": {"type": ["string", "null"], "format": "date-time"},
        "events": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_EVENTS,
            "items": {"$ref": _COMPONENTS.format(name=_EVENT)},
        },
    },
}

SESSION_ID_QUERY: Final = OpenApiParameter(
    "session_id", OpenApiTypes.UUID, required=True
)

OPEN_EXAMPLE: Final = OpenApiExample(
    "A respondent of a panel",
    value={
        "survey_id": "0192f0c1-2b5a-7c3e-8f10-3a5b7c9d1e2f",
        "respondent_id": "panel-4711",
        "metadata": {"wave": 3},
        "tags": ["pilot"],
    },
    request_only=True,
)
BATCH_EXAMPLE: Final = OpenApiExample(
    "A click",
    value={
        "seq": 0,
        "sent_at": "2026-11-22T10:00:02.000Z",
        "events": [
            {"type": "mousemove", "t": 812.4, "x": 402, "y": 310, "coalesced": 2},
            {"type": "mousedown", "t": 934.1, "x": 404, "y": 312, "target": "radio"},
            {"type": "mouseup", "t": 1029.8, "x": 404, "y": 312, "target": "radio"},
        ],
    },
    request_only=True,
)
VERDICT_EXAMPLE: Final = OpenApiExample(
    "A bot",
    value={
        "session_id": "0192f0c2-7d1e-7a10-9c55-0b1c2d3e4f50",
        "status": "active",
        "verdict": "bot",
        "bot_probability": 0.987,
        "bot_score": 99,
        "recommended_action": "block",
        "confidence": 0.96,
        "reasons": [
            {
                "code": "pointer.teleports",
                "number": 211,
                "family": "pointer",
                "weight": 3.1,
                "message": "The pointer jumped to its targets without moving.",
                "evidence": {"teleports": 7, "clicks": 9},
            }
        ],
        "checks": {"pointer.teleports": "fired", "scroll.jumps": "clear"},
        "event_count": 312,
        "processing_time_ms": 1.7,
        "ruleset": "2026.12",
        "gaps": 0,
    },
    response_only=True,
    status_codes=["200"],
)
ANSWERS_EXAMPLE: Final = OpenApiExample(
    "Two items",
    value={
        "answers": [
            {"item": "q1", "type": "single", "value": 2, "answered_ms": 5210},
            {"item": "q2", "type": "text", "value": "On most days."},
        ]
    },
    request_only=True,
)
SURVEY_EXAMPLE: Final = OpenApiExample(
    "Review what is suspicious, refuse agents",
    value={
        "name": "Commuting 2026",
        "suspicious_action": "review",
        "declared_agent_action": "block",
    },
    request_only=True,
)


def add_events(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add each event type's schema, from the very types that decode it."""
    kinds = AnyEvent.__args__
    _schemas, found = msgspec.json.schema_components(kinds, ref_template=_COMPONENTS)
    names = {str(k.__struct_config__.tag): f"{k.__name__}Event" for k in kinds}
    components = {f"{name}Event": schema for name, schema in found.items()}
    refs = {tag: _COMPONENTS.format(name=name) for tag, name in names.items()}
    components[_EVENT] = {
        "description": "One event. Types that are not listed are counted and kept.",
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": "type", "mapping": refs},
    }
    result["components"]["schemas"] |= components
    return result
