"""Endpoints in the admin: made, tested, disabled, given another secret."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _, ngettext
from django.views.decorators.debug import sensitive_variables
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from common.admin import BaseAdmin
from common.errors import BonafideError
from common.formats import number, percent

from ..forms import EndpointForm, ReplayForm, RotateForm, TestForm
from ..models import DisabledReason, WebhookEndpoint
from ..selectors import with_failure_share
from ..services.endpoints import (
    change_endpoint,
    create_endpoint,
    remove_endpoint,
    rotate_secret,
)
from ..services.publishing import send_test
from ..services.replaying import Period, replay_period

Done = Callable[[WebhookEndpoint, Any], HttpResponse]


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(BaseAdmin):
    """Where an organization hears of what happens; secrets are shown once."""

    empty_text = _(
        "An endpoint is a URL of yours that is told when a session ends and what the"
        " last word on it is. Add one, and send it a test."
    )
    form = EndpointForm
    list_display = [
        "shown_name",
        "organization",
        "shown_state",
        "shown_events",
        "last_success_at",
        "shown_failures",
    ]
    list_filter = [("organization", RelatedDropdownFilter)]
    list_select_related = ["organization"]
    search_fields = ["description", "url"]
    ordering = ["-id"]
    readonly_fields = [
        "state_in_words",
        "shown_reason",
        "shown_failures",
        "last_success_at",
        "failing_since",
        "open_until",
        "created_at",
    ]
    actions = ["enable", "disable", "test"]
    actions_detail = ["send_test", "replace_secret", "send_again"]

    class Media:
        css: Final = {"all": ["console/page.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        """Count the attempts of the last days beside each."""
        return with_failure_share(super().get_queryset(request))

    def get_fields(
        self, request: HttpRequest, obj: WebhookEndpoint | None = None
    ) -> list[str]:
        """Show how it fares, once there is something to show."""
        return [*EndpointForm.ASKED, *(self.readonly_fields if obj else ())]

    def get_readonly_fields(
        self, request: HttpRequest, obj: WebhookEndpoint | None = None
    ) -> list[str]:
        """Leave an endpoint with its organization."""
        return [*self.readonly_fields, *(["organization"] if obj else ())]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Leave one way to add: the page that follows is not to be missed."""
        if context.get("add"):
            context["show_save_and_add_another"] = False
            context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tell what was refused."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except BonafideError as error:
            messages.error(request, error.detail)
            return redirect(request.get_full_path())

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: Any
    ) -> None:
        """Let the service write; it is what the API calls, too."""
        names = ("url", "description", "event_types")
        if change:
            changed = [name for name in names if name in form.changed_data]
            change_endpoint(
                organization_id=obj.organization_id,
                endpoint_id=obj.id,
                **{name: form.cleaned_data[name] for name in changed},
            )
            return
        made, secret = create_endpoint(
            organization_id=obj.organization_id,
            **{name: form.cleaned_data[name] for name in names},
        )
        obj.pk = made.pk
        obj._state.adding = False  # noqa: SLF001 - it is there now, by another's hand
        request.made_secret = secret  # type: ignore[attr-defined] # see response_add

    def save_related(self, request: HttpRequest, form: Any, *args: Any) -> None:
        """Nothing hangs on it; the service has saved all there is."""

    def response_add(
        self,
        request: HttpRequest,
        obj: WebhookEndpoint,
        post_url_continue: str | None = None,
    ) -> HttpResponse:
        """Show the secret that was made."""
        secret: str = request.made_secret  # type: ignore[attr-defined] # see save_model
        return self._show(request, obj, secret)

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        """Remove it with its log."""
        remove_endpoint(organization_id=obj.organization_id, endpoint_id=obj.id)

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]
    ) -> None:
        """Remove the chosen ones with their logs."""
        for each in queryset:
            self.delete_model(request, each)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the endpoints alone: their logs may hold thousands of rows."""
        return [str(each) for each in objs], {}, set(), []

    # -- pages of one endpoint

    def has_send_permission(
        self, request: HttpRequest, object_id: str | None = None
    ) -> bool:
        """Ask for the right to change endpoints."""
        return bool(self.has_change_permission(request))

    @action(description=_("Send a test"), url_path="test", permissions=["send"])
    def send_test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send `test.ping`, and lead to the log."""

        def send(endpoint: WebhookEndpoint, _asked: Any) -> HttpResponse:
            send_test(organization_id=endpoint.organization_id, endpoint_id=endpoint.id)
            messages.success(
                request, gettext("A test is on its way. Its line is here.")
            )
            return _to_log(endpoint)

        text = _("A message “test.ping” is sent now, signed like every other one.")
        return self._ask(request, object_id, TestForm, _("Send a test"), text, send)

    @action(
        description=_("Replace the secret"), url_path="secret", permissions=["send"]
    )
    def replace_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask how long the old secret is still needed; make and show the new one."""

        def rotate(endpoint: WebhookEndpoint, asked: Any) -> HttpResponse:
            _endpoint, secret = rotate_secret(
                organization_id=endpoint.organization_id,
                endpoint_id=endpoint.id,
                overlap=asked["overlap"],
            )
            return self._show(request, endpoint, secret)

        text = _("A new secret signs at once. The old one may sign beside it.")
        title = _("Replace the secret")
        return self._ask(request, object_id, RotateForm, title, text, rotate)

    @action(description=_("Send again"), url_path="again", permissions=["send"])
    def send_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a period; send what did not arrive in it."""

        def send(endpoint: WebhookEndpoint, asked: Any) -> HttpResponse:
            count = replay_period(
                organization_id=endpoint.organization_id,
                endpoint_id=endpoint.id,
                period=Period(asked["period"], timezone.now()),
                arrived_too=asked["arrived_too"],
            )
            said = ngettext(
                "%(count)d message is sent again.",
                "%(count)d messages are sent again.",
                count,
            )
            messages.success(request, said % {"count": count})
            return _to_log(endpoint)

        text = _("Messages keep their ids, by which a receiver knows what it had.")
        return self._ask(request, object_id, ReplayForm, _("Send again"), text, send)

    def _ask(
        self,
        request: HttpRequest,
        object_id: str,
        form_class: type[forms.Form],
        title: str | Promise,
        text: str | Promise,
        done: Done,
    ) -> HttpResponse:
        """Show a form; do what it is for when it is sent."""
        endpoint: WebhookEndpoint | None = self.get_object(request, object_id)
        if endpoint is None:
            raise Http404
        form = form_class(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                return done(endpoint, form.cleaned_data)
            except BonafideError as error:
                form.add_error(None, error.detail)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": endpoint,
            "form": form,
            "text": text,
        }
        return TemplateResponse(request, "integrations/ask.html", context)

    @sensitive_variables("secret")
    def _show(
        self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str
    ) -> HttpResponse:
        """Show a secret: the only page that ever does, and no cache keeps it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The secret of this endpoint"),
            "opts": self.opts,
            "original": endpoint,
            "secret": secret,
        }
        return TemplateResponse(request, "integrations/secret_made.html", context)

    # -- what lists and pages show

    @admin.display(description=_("endpoint"))
    def shown_name(self, endpoint: WebhookEndpoint) -> str:
        """Return what it is called, or where it is."""
        return endpoint.description or endpoint.shown_url

    @display(
        description=_("state"),
        label={"enabled": "success", "paused": "warning", "disabled": "danger"},
    )
    def shown_state(self, endpoint: WebhookEndpoint) -> tuple[str, str]:
        """Say whether it is told anything."""
        return endpoint.state.value, str(endpoint.state.label)

    @admin.display(description=_("state"))
    def state_in_words(self, endpoint: WebhookEndpoint) -> str:
        """Return it for the page, where no label stands."""
        return str(endpoint.state.label)

    @admin.display(description=_("what that means"))
    def shown_reason(self, endpoint: WebhookEndpoint) -> str:
        """Say why it is told nothing, and what to do."""
        if endpoint.disabled_reason:
            why = DisabledReason(endpoint.disabled_reason).label
            return gettext("%(why)s Enable it in the list when it can hear again.") % {
                "why": why
            }
        if endpoint.breaker.is_open(timezone.now()) and endpoint.open_until:
            until = timezone.localtime(endpoint.open_until)
            said = gettext(
                "It failed %(count)s times in a row: tried again at %(time)s."
            )
            return said % {
                "count": number(endpoint.failures),
                "time": date_format(until, "DATETIME_FORMAT"),
            }
        return gettext("It is told what happens.")

    @admin.display(description=_("events"))
    def shown_events(self, endpoint: WebhookEndpoint) -> SafeString:
        """Return what it is told, one a line."""
        return format_html_join("", "<p>{}</p>", ((e,) for e in endpoint.event_types))

    @admin.display(description=_("failed, last 7 days"))
    def shown_failures(self, endpoint: WebhookEndpoint) -> str:
        """Return the share of attempts that failed."""
        tried = getattr(endpoint, "tried", None)
        if not tried:
            return percent(None)
        failed = getattr(endpoint, "failed", None) or 0
        return gettext("%(share)s of %(tried)s") % {
            "share": percent(failed / tried),
            "tried": number(tried),
        }

    # -- of several

    @admin.action(description=_("Enable"), permissions=["change"])
    def enable(self, request: HttpRequest, rows: QuerySet[WebhookEndpoint]) -> None:
        """Tell the chosen ones what happens from now on."""
        self._switch(request, rows, enabled=True)

    @admin.action(
        description=_("Disable: tell them nothing from now on"), permissions=["change"]
    )
    def disable(self, request: HttpRequest, rows: QuerySet[WebhookEndpoint]) -> None:
        """Tell the chosen ones nothing from now on."""
        self._switch(request, rows, enabled=False)

    @admin.action(description=_("Send a test"), permissions=["change"])
    def test(self, request: HttpRequest, rows: QuerySet[WebhookEndpoint]) -> None:
        """Send the chosen ones `test.ping`."""
        sent = 0
        for each in rows:
            try:
                send_test(organization_id=each.organization_id, endpoint_id=each.id)
            except BonafideError as error:
                messages.error(request, f"{self.shown_name(each)}: {error.detail}")
            else:
                sent += 1
        if sent:
            text = ngettext(
                "%(count)d test is on its way.",
                "%(count)d tests are on their way.",
                sent,
            )
            messages.success(request, text % {"count": sent})

    def _switch(
        self, request: HttpRequest, rows: QuerySet[WebhookEndpoint], *, enabled: bool
    ) -> None:
        for each in rows:
            change_endpoint(
                organization_id=each.organization_id,
                endpoint_id=each.id,
                enabled=enabled,
            )
        text = (
            _("They are told what happens.") if enabled else _("They are told nothing.")
        )
        messages.success(request, text)


def _to_log(endpoint: WebhookEndpoint) -> HttpResponse:
    address = reverse("admin:integrations_webhookdelivery_changelist")
    return redirect(f"{address}?endpoint={endpoint.id}")
