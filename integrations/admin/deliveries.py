"""The log of deliveries: what was sent to whom, and what came of it."""

import json
from collections.abc import Sequence
from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _, ngettext
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from common.admin import LargeTableAdmin, OwnChoiceFilter
from common.errors import BonafideError
from common.filters import DayFilter
from common.formats import DASH, number

from ..models import DeliveryState, Event, WebhookAttempt, WebhookDelivery
from ..services.replaying import replay
from ..texts import ERRORS


class DeliveryStateFilter(DropdownFilter):
    """What waits, what arrived, what did not."""

    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: object
    ) -> list[tuple[str, str | Promise]]:
        """Return the four states."""
        return list(DeliveryState.choices)

    def queryset(
        self, request: HttpRequest, rows: QuerySet[WebhookDelivery]
    ) -> QuerySet[WebhookDelivery]:
        """Keep the rows of one state."""
        known = self.value() in DeliveryState.values
        return rows.filter(state=self.value()) if known else rows


class EventFilter(DropdownFilter):
    """What it is about."""

    title = _("event")
    parameter_name = "event"

    def lookups(
        self, request: HttpRequest, model_admin: object
    ) -> list[tuple[str, str | Promise]]:
        """Return the events."""
        return list(Event.choices)

    def queryset(
        self, request: HttpRequest, rows: QuerySet[WebhookDelivery]
    ) -> QuerySet[WebhookDelivery]:
        """Keep the rows about one event."""
        known = self.value() in Event.values
        return rows.filter(message__type=self.value()) if known else rows


class AttemptInline(TabularInline):
    """Every attempt at a delivery."""

    model = WebhookAttempt
    fields = ["created_at", "number", "status_code", "said", "took", "answer"]
    readonly_fields = fields
    ordering = ["id"]
    extra = 0
    can_delete = False
    hide_title = True
    verbose_name_plural = _("attempts")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave attempts to workers."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave what happened alone."""
        return False

    @admin.display(description=_("what came of it"))
    def said(self, attempt: WebhookAttempt) -> str:
        """Say what went wrong, if anything did."""
        return said_of(attempt.error) or gettext("It arrived.")

    @admin.display(description=_("answer"))
    def answer(self, attempt: WebhookAttempt) -> SafeString:
        """Return how the receiver's own words begin."""
        return format_html('<span class="bf-quoted">{}</span>', attempt.response_start)

    @admin.display(description=_("took, ms"))
    def took(self, attempt: WebhookAttempt) -> str:
        """Return how long it took."""
        return number(attempt.duration_ms)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LargeTableAdmin):
    """Deliveries; what did not arrive can be sent again."""

    empty_text = _(
        "Each message to an endpoint has a line here. Send an endpoint a test, or let"
        " a session end."
    )
    list_display = [
        "created_at",
        "organization",
        "shown_event",
        "shown_endpoint",
        "shown_state",
        "attempts",
        "status_code",
        "shown_error",
        "shown_next",
    ]
    list_filter = [
        DeliveryStateFilter,
        EventFilter,
        ("endpoint", OwnChoiceFilter),
        ("created_at", DayFilter),
    ]
    narrowed_by = (
        "state",
        "event",
        "endpoint",
        "endpoint__id__exact",
        "created_at_from",
        "created_at_to",
    )
    list_select_related = ["organization", "endpoint", "message"]
    fields = [
        "organization",
        "shown_endpoint",
        "shown_event",
        "shown_message",
        "state",
        "attempts",
        "shown_next",
        "succeeded_at",
        "shown_payload",
    ]
    readonly_fields = [
        "shown_endpoint",
        "shown_event",
        "shown_message",
        "shown_next",
        "shown_payload",
    ]
    inlines = [AttemptInline]
    actions = ["replay"]

    class Media:
        css: Final = {"all": ["console/page.css"]}

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Ask for the right to change endpoints."""
        return request.user.has_perm("integrations.change_webhookdelivery")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Spare a member the organization."""
        return list(self._but_owner(request, self.fields))

    @admin.display(description=_("event"))
    def shown_event(self, delivery: WebhookDelivery) -> str:
        """Return what it is about."""
        return delivery.message.type

    @admin.display(description=_("endpoint"))
    def shown_endpoint(self, delivery: WebhookDelivery) -> str:
        """Return whom it is for."""
        return delivery.endpoint.description or delivery.endpoint.shown_url

    @admin.display(description=_("message"))
    def shown_message(self, delivery: WebhookDelivery) -> str:
        """Return what the receiver knows it by."""
        return delivery.message.public_id

    @display(
        description=_("state"),
        label={
            "waiting": "info",
            "succeeded": "success",
            "failed": "danger",
            "exhausted": "danger",
        },
    )
    def shown_state(self, delivery: WebhookDelivery) -> tuple[str, str]:
        """Say in a word how it stands."""
        return delivery.state, str(DeliveryState(delivery.state).label)

    @admin.display(description=_("last error"))
    def shown_error(self, delivery: WebhookDelivery) -> str:
        """Say what went wrong the last time."""
        return said_of(delivery.error) or DASH

    @admin.display(description=_("next attempt at"))
    def shown_next(self, delivery: WebhookDelivery) -> Any:
        """Return when it is tried again, if it is."""
        return delivery.next_at if delivery.state == DeliveryState.WAITING else DASH

    @admin.display(description=_("payload"))
    def shown_payload(self, delivery: WebhookDelivery) -> SafeString:
        """Return what was said, as people read it."""
        text = json.dumps(json.loads(delivery.message.payload), indent=2)
        return format_html('<pre class="bf-quoted">{}</pre>', text)

    @admin.action(description=_("Send again"), permissions=["replay"])
    def replay(self, request: HttpRequest, rows: QuerySet[WebhookDelivery]) -> None:
        """Send the chosen ones again, from the beginning of their schedule."""
        sent, refused = 0, {}
        for each in rows:
            try:
                replay(
                    organization_id=each.organization_id,
                    endpoint_id=each.endpoint_id,
                    delivery_id=each.id,
                )
            except BonafideError as error:
                refused[error.detail] = True
            else:
                sent += 1
        for reason in refused:
            messages.error(request, reason)
        if sent:
            text = ngettext(
                "%(count)d message is sent again.",
                "%(count)d messages are sent again.",
                sent,
            )
            messages.success(request, text % {"count": sent})


def said_of(error: str) -> str:
    """Return what went wrong, in words; a code of an earlier release as it is."""
    return str(ERRORS.get(error, error))
