"""Examples and pages for the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from .serializers import FlagOut, RevisionOut, SegmentOut


class FlagPage(serializers.Serializer[Any]):
    """A page of flags."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = FlagOut(many=True)


class RevisionPage(serializers.Serializer[Any]):
    """A page of a flag's history."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RevisionOut(many=True)


class SegmentPage(serializers.Serializer[Any]):
    """A page of segments."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SegmentOut(many=True)


FLAG_EXAMPLE: Final = OpenApiExample(
    "Three in ten get the new page",
    value={
        "name": "new-page",
        "owner": "survey team",
        "definition": {
            "description": "The new page of questions.",
            "release": {"rollout": {"percent": 30}, "serve": "on"},
            "default": "off",
            "off": "off",
        },
    },
    request_only=True,
)
CHANGE_EXAMPLE: Final = OpenApiExample(
    "Switch it off",
    value={"definition": {"enabled": False}, "comment": "Too slow."},
    request_only=True,
)
OVERRIDE_EXAMPLE: Final = OpenApiExample(
    "One person, for a day",
    value={
        "user": "ada",
        "variant": "on",
        "expires_at": "2100-01-01T00:00:00Z",
        "reason": "She reported it.",
    },
    request_only=True,
)
