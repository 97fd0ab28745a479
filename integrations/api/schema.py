"""Examples and pages for the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from .serializers import DeliveryOut, EndpointOut


class EndpointPage(serializers.Serializer[Any]):
    """A page of webhook endpoints."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = EndpointOut(many=True)


class DeliveryPage(serializers.Serializer[Any]):
    """A page of deliveries."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DeliveryOut(many=True)


ENDPOINT_EXAMPLE: Final = OpenApiExample(
    "The last word on each session",
    value={
        "url": "https://survey.example/hooks/bonafide",
        "description": "Production",
        "event_types": ["verdict.final"],
    },
    request_only=True,
)
ROTATE_EXAMPLE: Final = OpenApiExample(
    "An hour to put the new one in place", value={"overlap_s": 3600}, request_only=True
)
PERIOD_EXAMPLE: Final = OpenApiExample(
    "What did not arrive in one night",
    value={"since": "2026-11-22T20:00:00Z", "until": "2026-11-23T06:00:00Z"},
    request_only=True,
)
