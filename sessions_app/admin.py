"""What staff see of sessions; nobody edits what happened."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from common.admin import BaseAdmin, LargeTableAdmin, organization_of
from common.errors import ConflictError

from .browsing.listing import SessionListAdmin
from .documents import policy_sentences
from .forms import SurveyForm
from .models import BehaviorData, Session, Survey
from .services.surveys import POLICY_FIELDS, change_survey, create_survey


@admin.register(Survey)
class SurveyAdmin(BaseAdmin):
    """Surveys and their policies; what runs already keeps the verdicts it has."""

    empty_text = _(
        "A survey holds what follows from a verdict. Its sessions are opened"
        " with its id."
    )

    form = SurveyForm
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

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tell of a name that was taken while the form was open."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ConflictError as error:
            messages.error(request, error.detail)
            return redirect(request.get_full_path())

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


@admin.register(BehaviorData)
class BehaviorDataAdmin(LargeTableAdmin):
    """Batches, without their events."""

    empty_text = _(
        "A browser sends a batch every few seconds while a survey is answered."
    )

    list_display = ["created_at", "session_id", "seq", "event_count", "unknown_count"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BehaviorData]:
        """Leave the events where they are; the session's page shows them."""
        rows: QuerySet[BehaviorData] = super().get_queryset(request)
        return rows.defer("columns")

    ordering = ["-id"]
