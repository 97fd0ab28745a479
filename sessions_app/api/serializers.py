"""JSON in (…In: its shape alone) and out (…Out: the contract)."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.serializers import ObjectField, PageIn, Strict, StrictSerializer
from detection.facade import VERDICTS

from ..models import Session, Status, Survey
from ..services.opening import Consent
from .fields import (
    BoundedJSONField,
    BoundedObjectField,
    families_field,
)

MOST_ANSWERS: Final = 500
MOST_TAGS: Final = 20
LONGEST_MS: Final = 7 * 24 * 3600 * 1000


class ConsentIn(StrictSerializer):
    """What the respondent was asked, and said to it."""

    given = serializers.BooleanField(
        help_text=_("If not, device and network are not looked at.")
    )
    version = serializers.CharField(
        max_length=64,
        required=False,
        help_text=_("Which text they were shown, such as 2026-03."),
    )
    at = serializers.DateTimeField(
        required=False, help_text=_("When they said so; now, if it is not told.")
    )

    def to_internal_value(self, data: Any) -> Consent:
        """Return it as the service takes it."""
        return Consent(**super().to_internal_value(data))


class OpenIn(StrictSerializer):
    """What opens a session."""

    survey_id = serializers.UUIDField()
    respondent_id = serializers.CharField(
        max_length=200,
        required=False,
        allow_null=True,
        help_text=_("Your own name for the respondent; only a keyed digest is kept."),
    )
    metadata = BoundedObjectField(required=False, allow_null=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=64),
        max_length=MOST_TAGS,
        required=False,
        allow_null=True,
    )
    consent = ConsentIn(required=False, allow_null=True)


class OpenOut(serializers.Serializer[Any]):
    """A new session."""

    id = serializers.UUIDField()
    token = serializers.CharField(help_text=_("For the respondent's browser."))
    status = serializers.ChoiceField(choices=Status.choices)
    variants = serializers.DictField(
        child=serializers.CharField(),
        help_text=_("Which variant to show, by experiment; empty where none runs."),
    )
    payloads = serializers.DictField(
        child=ObjectField(), help_text=_("What each of them brings along.")
    )


class AnswerIn(StrictSerializer):
    """What was answered to one item."""

    item = serializers.CharField(max_length=64)
    type = serializers.ChoiceField(
        choices=["single", "multiple", "grid", "number", "text", "other"]
    )
    value = BoundedJSONField(allow_null=True)
    shown_ms = serializers.FloatField(
        min_value=0, max_value=LONGEST_MS, required=False, allow_null=True
    )
    answered_ms = serializers.FloatField(
        min_value=0, max_value=LONGEST_MS, required=False, allow_null=True
    )


class AnswersIn(StrictSerializer):
    """A set of answers."""

    answers = serializers.ListField(
        child=AnswerIn(), min_length=1, max_length=MOST_ANSWERS
    )


class AnswersOut(serializers.Serializer[Any]):
    """How many answers are stored."""

    stored = serializers.IntegerField()


class SessionFilterIn(PageIn):
    """The query of a list of sessions."""

    survey_id = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    verdict = serializers.ChoiceField(choices=VERDICTS, required=False)
    respondent_id = serializers.CharField(max_length=200, required=False)
    tag = serializers.CharField(max_length=64, required=False)
    started_after = serializers.DateTimeField(required=False)
    started_before = serializers.DateTimeField(required=False)


class SessionOut(serializers.ModelSerializer[Session]):
    """A session as lists show it."""

    survey_id = serializers.UUIDField()
    started_at = serializers.DateTimeField(source="created_at")
    tags: Any = serializers.SlugRelatedField("tag", many=True, read_only=True)
    gaps = serializers.IntegerField()
    metadata = serializers.SerializerMethodField()
    consent = serializers.SerializerMethodField()

    def get_consent(self, session: Session) -> dict[str, Any] | None:
        """Return what the respondent said, None if the platform did not tell."""
        if session.consent_given is None:
            return None
        return {
            "given": session.consent_given,
            "version": session.consent_version,
            "at": session.consent_at,
        }

    def get_metadata(self, session: Session) -> dict[str, Any]:
        """Return what the platform said of it."""
        return session.metadata or {}

    class Meta:
        model = Session
        fields = [
            "id",
            "survey_id",
            "status",
            "started_at",
            "last_seen_at",
            "ended_at",
            "event_count",
            "batch_count",
            "gaps",
            "consent",
            "gpc",
            "verdict",
            "bot_probability",
            "recommended_action",
            "is_final",
            "tags",
            "metadata",
        ]
        read_only_fields = fields


class SurveySerializer(Strict, serializers.ModelSerializer[Survey]):
    """A survey with its policy, in and out."""

    name = serializers.RegexField(
        r"^[^\x00-\x1f\x7f]+\Z",
        max_length=200,
        error_messages={"invalid": _("A name is one line of text.")},
    )
    families_off = families_field()

    class Meta:
        model = Survey
        fields = [
            "id",
            "name",
            "created_at",
            "bot_action",
            "suspicious_action",
            "declared_agent_action",
            "behaviour_may_block",
            "blocking_ends_session",
            "share_action",
            "show_reasons",
            "families_off",
        ]
        read_only_fields = ["id", "created_at"]
        # The database knows, and the service says it better.
        validators: list[object] = []
