"""Examples and pages for the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from common.api.serializers import ObjectField

from ..models import State
from .serializers import ExperimentOut


class ExperimentPage(serializers.Serializer[Any]):
    """A page of experiments."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ExperimentOut(many=True)


class ExperimentVerdictOut(serializers.Serializer[Any]):
    """What to do."""

    advice = serializers.ChoiceField(
        choices=[
            *("ship", "roll_back", "keep_running"),
            *("no_difference", "broken", "not_started"),
        ]
    )
    rule = serializers.CharField()
    variant = serializers.CharField()
    metric = serializers.CharField()
    days_left = serializers.IntegerField(allow_null=True)
    sentence = serializers.CharField()


class ResultsOut(serializers.Serializer[Any]):
    """What an experiment shows; docs/experiments.md explains each number."""

    experiment = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    phase = serializers.IntegerField()
    population = serializers.CharField()
    counted_until = serializers.DateTimeField(allow_null=True)
    ruleset = serializers.CharField()
    verdict = ExperimentVerdictOut()
    information = serializers.FloatField(allow_null=True)
    units_per_day = serializers.FloatField()
    days = serializers.ListField(child=serializers.DateField())
    health = ObjectField()
    metrics = serializers.ListField(child=ObjectField())
    segments = serializers.ListField(child=ObjectField())


EXPERIMENT_EXAMPLE: Final = OpenApiExample(
    "A shorter text",
    value={
        "name": "shorter-text",
        "hypothesis": "More people finish when the first page is short.",
        "design": {
            "variants": [
                {"name": "control"},
                {"name": "short", "payload": {"text": "Ready?"}},
            ],
            "metrics": [
                {"name": "completion", "event": "completed"},
                {
                    "name": "fraud",
                    "event": "automated",
                    "role": "guardrail",
                    "better": "lower",
                    "margin": 0.2,
                },
            ],
            "planned_units": 4000,
        },
    },
    request_only=True,
)
TRACK_EXAMPLE: Final = OpenApiExample(
    "A click",
    value={"unit": "r-17", "events": [{"name": "clicked", "key": "r-17-first"}]},
    request_only=True,
)
PLAN_EXAMPLE: Final = OpenApiExample(
    "How long a tenth more takes",
    value={"baseline": 0.6, "lift": 0.1, "units_per_day": 200},
    request_only=True,
)
