"""What staff see of sessions; nobody edits what happened."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from common.admin import BaseAdmin, LargeTableAdmin, organization_of
from common.errors import ConflictError
from common.filters import DayFilter

from .browsing.erasures import ErasureAdmin
from .browsing.listing import SessionListAdmin
from .documents import policy_sentences, preview_document
from .forms import PREVIEW, ShownAgain, SurveyForm
from .models import BehaviorData, Erasure, Session, Survey
from .previews import preview
from .selectors import policy_of
from .services.surveys import POLICY_FIELDS, change_survey, create_survey


@admin.register(Survey)
class SurveyAdmin(BaseAdmin):
    """Surveys and their policies; what runs already keeps the verdicts it has."""

    empty_text = _(
        "A survey holds what follows from a verdict. Its sessions are opened"
        " with its id."
    )

    form = SurveyForm
    change_form_outer_after_template = "sessions_app/policy_preview.html"
    list_display = [
        "name",
        "organization",
        "bot_action",
        "suspicious_action",
        "declared_agent_action",
        "created_at",
    ]
    list_filter = [("organization", RelatedDropdownFilter)]
    list_select_related = ["organization"]
    search_fields = ["name"]
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["organization", "name", "in_words"]}),
        (
            _("What follows from a verdict"),
            {
                "fields": [
                    "bot_action",
                    "suspicious_action",
                    "declared_agent_action",
                    "behaviour_may_block",
                    "blocking_ends_session",
                ]
            },
        ),
        (_("What the browser learns"), {"fields": ["share_action", "show_reasons"]}),
        (_("What is looked at"), {"fields": ["families_off"]}),
    ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Survey | None = None
    ) -> list[str]:
        """Leave a survey with its organization, and policies to who may publish."""
        kept = ["in_words"] if obj is None else ["in_words", "organization"]
        if organization_of(request) is None:
            return kept
        may_publish = request.user.has_perm("sessions_app.publish_policy")
        return kept if may_publish else [*kept, *POLICY_FIELDS]

    def has_delete_permission(
        self, request: HttpRequest, obj: Survey | None = None
    ) -> bool:
        """Sessions stand on it."""
        return False

    def get_form(
        self, request: HttpRequest, obj: Survey | None = None, **kwargs: Any
    ) -> Any:
        """Return a form that is shown again, as it was filled in, for a preview."""
        made = super().get_form(request, obj, **kwargs)
        if obj is None or PREVIEW not in request.POST:
            return made
        return type(made.__name__, (ShownAgain, made), {})

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Show how the policy, as it stands in the form, would have decided."""
        survey = context.get("original")
        if survey is not None and not context["errors"]:
            seen = preview(
                organization_id=survey.organization_id,
                survey_id=survey.id,
                policy=policy_of(survey),
                now=timezone.now(),
            )
            context["preview"] = preview_document(seen)
            context["is_typed"] = PREVIEW in request.POST
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tell of a name that was taken while the form was open."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ConflictError as error:
            messages.error(request, error.detail)
            return redirect(request.get_full_path())

    class Media:
        css: Final = {"all": ["console/page.css"]}

    @admin.display(description=_("The policy in words"))
    def in_words(self, survey: Survey) -> SafeString:
        """Return one sentence a line."""
        return format_html_join(
            "", "<p>{}</p>", ((text,) for text in policy_sentences(survey))
        )

    def save_model(
        self, request: HttpRequest, obj: Survey, form: Any, change: Any
    ) -> None:
        """Let the service write; it is what the API calls, too."""
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            if fields:
                change_survey(
                    organization_id=obj.organization_id, survey_id=obj.id, **fields
                )
            return
        fields.pop("organization", None)
        made = create_survey(organization_id=obj.organization_id, **fields)
        obj.id = made.id


admin.site.register(Session, SessionListAdmin)
admin.site.register(Erasure, ErasureAdmin)


@admin.register(BehaviorData)
class BehaviorDataAdmin(LargeTableAdmin):
    """Batches, without their events."""

    empty_text = _(
        "A browser sends a batch every few seconds while a survey is answered."
    )

    list_display = ["created_at", "session_id", "seq", "event_count", "unknown_count"]
    list_filter = [("created_at", DayFilter)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BehaviorData]:
        """Leave the events where they are; the session's page shows them."""
        rows: QuerySet[BehaviorData] = super().get_queryset(request)
        return rows.defer("columns")
