"""Fields that refuse what a database or a page would stumble over."""

import json
from collections.abc import Collection
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from detection.facade import Family

MOST_METADATA_BYTES: Final = 8 * 1024
MOST_DEPTH: Final = 5
# Ids of 64 bits fit.
LARGEST_NUMBER: Final = 2**63
SMALLEST_NUMBER: Final = 1e-15


class BoundedJSONField(serializers.JSONField):
    """JSON of a few kilobytes and levels, with numbers that every reader can hold."""

    default_error_messages = {
        "too_large": _("At most {most} bytes of JSON."),
        "too_deep": _("At most {most} levels."),
        "too_far": _("Numbers lie between -2^63 and 2^63, with 15 decimals at most."),
    }

    def to_internal_value(self, data: Any) -> Any:
        """Return the value if it is small enough."""
        if _is_deeper(data, MOST_DEPTH):
            self.fail("too_deep", most=MOST_DEPTH)
        if not _holds_plain_numbers(data):
            self.fail("too_far")
        if len(json.dumps(data, ensure_ascii=False).encode()) > MOST_METADATA_BYTES:
            self.fail("too_large", most=MOST_METADATA_BYTES)
        return data


@extend_schema_field(OpenApiTypes.OBJECT)
class BoundedObjectField(BoundedJSONField):
    """A JSON object of a few kilobytes."""

    default_error_messages = {"not_an_object": _("This must be an object.")}

    def to_internal_value(self, data: Any) -> Any:
        """Return the object."""
        if not isinstance(data, dict):
            self.fail("not_an_object")
        return super().to_internal_value(data)


def families_field() -> serializers.ListField:
    """Return a field for names of families of detectors."""
    names = [str(family) for family in Family]
    return serializers.ListField(
        child=serializers.ChoiceField(choices=names),
        max_length=len(names),
        required=False,
    )


def _is_deeper(data: Any, levels: int) -> bool:
    """Say whether there are more levels than these; looks no deeper than that."""
    inner = _inner(data)
    if inner is None:
        return False
    return not levels or any(_is_deeper(item, levels - 1) for item in inner)


def _holds_plain_numbers(data: Any) -> bool:
    """Refuse 1e308, which PostgreSQL's jsonb writes out in 309 digits."""
    inner = _inner(data)
    if inner is not None:
        return all(_holds_plain_numbers(item) for item in inner)
    if isinstance(data, bool) or not isinstance(data, int | float) or not data:
        return True
    return SMALLEST_NUMBER <= abs(data) <= LARGEST_NUMBER


def _inner(data: Any) -> Collection[Any] | None:
    """Return what an array or object holds; None for anything else."""
    if isinstance(data, dict):
        return data.values()
    return data if isinstance(data, list) else None
