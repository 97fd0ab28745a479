"""JSON in (…In: its shape alone) and out (…Out: the contract)."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.serializers import PageIn, StrictSerializer

from ..engine.places import LONGEST
from ..models import SUBSCRIBED, DeliveryState, EndpointState, Event
from ..services.endpoints import LONGEST_DESCRIPTION, MOST_OVERLAP

MOST_OVERLAP_S: Final = int(MOST_OVERLAP.total_seconds())


class EndpointIn(StrictSerializer):
    """What an endpoint is to be."""

    url = serializers.CharField(
        max_length=LONGEST,
        help_text=_("By https, to a public address, on port 443 or 8443."),
    )
    description = serializers.RegexField(
        r"^[^\x00-\x1f\x7f]*\Z",
        max_length=LONGEST_DESCRIPTION,
        required=False,
        allow_blank=True,
        error_messages={"invalid": _("A description is one line of text.")},
    )
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=[each.value for each in SUBSCRIBED]),
        min_length=1,
        max_length=len(SUBSCRIBED),
    )


class EndpointChangeIn(EndpointIn):
    """What is to be different."""

    enabled = serializers.BooleanField(
        help_text=_("Off: it is told nothing, and what is on its way has failed.")
    )


class SecretRotateIn(StrictSerializer):
    """How long the old secret is still needed."""

    overlap_s = serializers.IntegerField(
        min_value=0, max_value=MOST_OVERLAP_S, default=86_400
    )


class PeriodIn(StrictSerializer):
    """What is to be sent again: what happened in a period."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField(
        required=False, help_text=_("If it is not said: now.")
    )
    arrived_too = serializers.BooleanField(
        default=False, help_text=_("Also what arrived the first time.")
    )


class DeliveryFilterIn(PageIn):
    """The query of a list of deliveries."""

    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)
    type = serializers.ChoiceField(choices=Event.choices, required=False)


class EndpointOut(serializers.Serializer[Any]):
    """An endpoint, without its secrets."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    event_types = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=EndpointState.choices)
    disabled_reason = serializers.CharField(allow_blank=True)
    disabled_at = serializers.DateTimeField(allow_null=True)
    failures = serializers.IntegerField(help_text=_("In a row."))
    paused_until = serializers.DateTimeField(source="open_until", allow_null=True)
    last_success_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class NewEndpointOut(EndpointOut):
    """An endpoint with its new secret, which is answered this once."""

    secret = serializers.CharField()


class DeliveryOut(serializers.Serializer[Any]):
    """A message on its way to an endpoint."""

    id = serializers.UUIDField()
    message_id = serializers.CharField(
        source="message.public_id",
        help_text=_("`webhook-id`, as the receiver gets it."),
    )
    type = serializers.ChoiceField(choices=Event.choices, source="message.type")
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    attempts = serializers.IntegerField()
    next_at = serializers.SerializerMethodField()
    status_code = serializers.IntegerField(
        allow_null=True, help_text=_("Of the last attempt.")
    )
    error = serializers.CharField(
        allow_blank=True, help_text=_("Of the last attempt: docs/webhooks.md.")
    )
    created_at = serializers.DateTimeField()
    succeeded_at = serializers.DateTimeField(allow_null=True)

    def get_next_at(self, delivery: Any) -> str | None:
        """Return when it is tried again; null when it is not."""
        if delivery.state != DeliveryState.WAITING:
            return None
        shown: str = serializers.DateTimeField().to_representation(delivery.next_at)
        return shown


class ReplayedOut(serializers.Serializer[Any]):
    """How many messages are sent again."""

    replayed = serializers.IntegerField()
