"""What is sent and answered about flags."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.serializers import AnyValue, ObjectField, PageIn, StrictSerializer

from ..models import Act, FeatureFlag, Kind
from ..services.flags import LONGEST_COMMENT
from ..texts import STATES

LONGEST_OWNER: Final = 100
IN_PLACE_OF_ETAG: Final = _("What the change is based on, in place of If-Match.")


class FlagListIn(PageIn):
    """The query of the list of flags."""

    search = serializers.CharField(
        required=False, max_length=100, help_text=_("In names, owners, descriptions.")
    )
    tag = serializers.CharField(required=False, max_length=100)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    archived = serializers.BooleanField(required=False, default=False)
    stale = serializers.BooleanField(
        required=False,
        default=False,
        help_text=_("Only those that are expired, launched, or not asked any more."),
    )


class FlagTermsIn(StrictSerializer):
    """What stands beside a definition."""

    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    owner = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_OWNER
    )
    comment = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_COMMENT,
        help_text=_("Why: it stands in the history."),
    )


class FlagChangeIn(FlagTermsIn):
    """A flag's next definition, or with PATCH those of its fields that change."""

    definition = ObjectField()
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text=IN_PLACE_OF_ETAG
    )


class FlagIn(FlagTermsIn):
    """A new flag."""

    name = serializers.CharField(max_length=100)
    definition = ObjectField()


class EvaluateIn(StrictSerializer):
    """For whom the status in the answer is evaluated."""

    has_json = False

    targeting_key = serializers.CharField(required=False, max_length=255)


class OverrideIn(StrictSerializer):
    """A variant for a user of the organization, or for all of it."""

    user = serializers.CharField(
        required=False,
        max_length=255,
        help_text=_("As in `targetingKey`. Without it: the whole organization."),
    )
    variant = serializers.CharField(required=False, max_length=255)
    value = AnyValue(required=False, help_text=_("Names the variant that has it."))
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class OverrideOfIn(StrictSerializer):
    """Whose override goes; without a user, the whole organization's."""

    has_json = False

    user = serializers.CharField(required=False, max_length=255)


class RemoveIn(StrictSerializer):
    """Whether it goes for good."""

    has_json = False

    forever = serializers.BooleanField(
        default=False, help_text=_("Remove it from the archive.")
    )
    comment = serializers.CharField(required=False, max_length=LONGEST_COMMENT)


class RestoreIn(StrictSerializer):
    """From the archive, or to how it was at a version."""

    comment = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_COMMENT
    )
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class ImportIn(StrictSerializer):
    """What is brought in."""

    format = serializers.ChoiceField(choices=["bonafide", "unleash"])
    document = ObjectField()
    dry_run = serializers.BooleanField(default=False)


class SegmentIn(StrictSerializer):
    """A new segment."""

    name = serializers.CharField(max_length=100)
    definition = ObjectField()


class SegmentChangeIn(StrictSerializer):
    """A segment's next definition."""

    definition = ObjectField()
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text=IN_PLACE_OF_ETAG
    )


class StandingOut(serializers.Serializer[Any]):
    """Where a flag stands in its life, and why."""

    code = serializers.ChoiceField(choices=list(STATES.items()))
    reason = serializers.CharField()
    last_asked_at = serializers.DateTimeField(allow_null=True)


class FlagOut(serializers.Serializer[Any]):
    """A flag as it is stored."""

    name = serializers.CharField()
    of_installation = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    owner = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    definition = ObjectField()
    is_overridable = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    standing = StandingOut(required=False)

    def get_of_installation(self, row: FeatureFlag) -> bool:
        """Say whether it can only be overridden."""
        return row.organization_id is None


class EvaluatedOut(serializers.Serializer[Any]):
    """What a flag says to whoever asks."""

    value = AnyValue(allow_null=True)
    variant = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(help_text=_("One of OpenFeature's."))
    rule = serializers.CharField(allow_blank=True, help_text=_("What decided."))
    version = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)


class OverrideOut(serializers.Serializer[Any]):
    """An override."""

    id = serializers.UUIDField()
    flag = serializers.CharField()
    user = serializers.CharField(allow_null=True)
    variant = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class FlagStatusOut(serializers.Serializer[Any]):
    """What a flag says to the caller; its definition for those who may read it."""

    name = serializers.CharField()
    evaluated = EvaluatedOut()
    flag = FlagOut(required=False, allow_null=True)
    overrides = OverrideOut(many=True, required=False)


class RevisionOut(serializers.Serializer[Any]):
    """One thing that was done to a flag."""

    id = serializers.UUIDField()
    act = serializers.ChoiceField(choices=Act.choices)
    version = serializers.IntegerField()
    definition = ObjectField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)
    actor_kind = serializers.CharField()
    user_id = serializers.UUIDField(allow_null=True)
    key_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()


class SegmentOut(serializers.Serializer[Any]):
    """A segment."""

    name = serializers.CharField()
    version = serializers.IntegerField()
    definition = ObjectField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ImportIssueOut(serializers.Serializer[Any]):
    """What could not be kept as it was: it enables nobody."""

    pointer = serializers.CharField()
    detail = serializers.CharField()


class ImportedOut(serializers.Serializer[Any]):
    """What an import did, or would do."""

    created = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    same = serializers.ListField(child=serializers.CharField())
    issues = ImportIssueOut(many=True)


class ExportOut(serializers.Serializer[Any]):
    """Everything that the organization has."""

    format = serializers.CharField()
    flags = serializers.ListField(child=ObjectField(), required=False)
    segments = serializers.ListField(child=ObjectField(), required=False)
    overrides = serializers.ListField(child=ObjectField(), required=False)
