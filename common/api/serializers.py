"""What every serializer of what is sent shares."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class Strict(serializers.BaseSerializer[Any]):
    """Refuse fields that nobody reads, so that a typing error is not lost."""

    def to_internal_value(self, data: Any) -> Any:
        """Return what was sent, if all of it is known."""
        fields = getattr(self, "fields", {})
        known = {name for name, field in fields.items() if not field.read_only}
        if isinstance(data, Mapping):
            strange = [str(name) for name in data if name not in known]
            if strange:
                unknown = _("There is no such field.")
                raise serializers.ValidationError({name: [unknown] for name in strange})
        return super().to_internal_value(data)


class StrictSerializer(Strict, serializers.Serializer[Any]):
    """A serializer that refuses unknown fields."""


class PageIn(StrictSerializer):
    """The query of any list."""

    cursor = serializers.CharField(required=False, help_text=_("From `next`."))
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False)
