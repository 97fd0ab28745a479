"""Fields that refuse what a database or a page would stumble over."""

import json
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from detection.facade import Family

MOST_METADATA_BYTES: Final = 8 * 1024
MOST_DEPTH: Final = 5


class BoundedJSONField(serializers.JSONField):
    """JSON of a few kilobytes and levels."""

    default_error_messages = {
        "too_large": _("At most {most} bytes of JSON."),
        "too_deep": _("At most {most} levels."),
    }

    def to_internal_value(self, data: Any) -> Any:
        """Return the value if it is small enough."""
        if _depth(data) > MOST_DEPTH:
            self.fail("too_deep", most=MOST_DEPTH)
        if len(json.dumps(data, ensure_ascii=False).encode()) > MOST_METADATA_BYTES:
            self.fail("too_large", most=MOST_METADATA_BYTES)
        return data


class BoundedObjectField(BoundedJSONField):
    """A JSON object of a few kilobytes."""

    default_error_messages = {"not_an_object": _("This must be an object.")}

    def to_internal_value(self, data: Any) -> Any:
        """Return the object."""
        if not isinstance(data, dict):
            self.fail("not_an_object")
        return super().to_internal_value(data)


class FamiliesField(serializers.ListField):
    """Names of families of detectors."""

    child = serializers.ChoiceField(choices=[str(family) for family in Family])
    max_length = len(Family)


def _depth(data: Any) -> int:
    """Return the levels of nesting; the parser has refused endless ones."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        return 1 + max((_depth(item) for item in data), default=0)
    return 0
