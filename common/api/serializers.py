"""What every serializer of what is sent shares."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# What REST framework would turn into one another: 0 into false, 17 into "17", and a
# number into a UUID.
_JSON_TYPES: Final[tuple[tuple[type, type | tuple[type, ...]], ...]] = (
    (serializers.BooleanField, bool),
    (serializers.CharField, str),
    (serializers.UUIDField, str),
    (serializers.IntegerField, (int, float)),
    (serializers.FloatField, (int, float)),
)


class Strict(serializers.BaseSerializer[Any]):
    """Refuse fields that nobody reads, and values of another type than is asked for.

    So that a typing error is not lost.
    """

    # Everything is text in a query.
    has_json = True

    def to_internal_value(self, data: Any) -> Any:
        """Return what was sent, if all of it is known."""
        fields = getattr(self, "fields", {})
        known = {name: field for name, field in fields.items() if not field.read_only}
        if isinstance(data, Mapping):
            strange = [str(name) for name in data if name not in known]
            if strange:
                unknown = _("There is no such field.")
                raise serializers.ValidationError({name: [unknown] for name in strange})
            if self.has_json and (wrong := _mistyped(known, data)):
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


def _mistyped(fields: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wrong with values of another type, by field."""
    found = {name: _complaint(fields[name], value) for name, value in data.items()}
    return {name: said for name, said in found.items() if said}


def _complaint(field: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        said = {i: _complaint(field.child, each) for i, each in enumerate(value)}
        return {i: each for i, each in said.items() if each}
    messages = field.error_messages
    for kind, wanted in _JSON_TYPES:
        if isinstance(field, kind):
            is_number = wanted == (int, float)
            if isinstance(value, wanted) and not (
                is_number and isinstance(value, bool)
            ):
                return None
            return [str(messages["invalid"]).format(value=value)]
    return None


class StrictSerializer(Strict, serializers.Serializer[Any]):
    """A serializer that refuses unknown fields."""


@extend_schema_field(OpenApiTypes.ANY)
class AnyValue(serializers.JSONField):
    """Whatever JSON can say."""


@extend_schema_field(OpenApiTypes.OBJECT)
class ObjectField(serializers.JSONField):
    """A document; what is in it is checked where it is stored."""

    def to_internal_value(self, data: Any) -> Any:
        """Take an object."""
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("This must be an object."))
        return data


class PageIn(StrictSerializer):
    """The query of any list."""

    has_json = False

    cursor = serializers.CharField(required=False, help_text=_("From `next`."))
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False)
