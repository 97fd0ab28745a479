"""What staff see of sessions; nobody edits what happened."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)

from common.admin import ReadOnlyAdmin

from .models import BehaviorData, Session, Survey


@admin.register(Survey)
class SurveyAdmin(ReadOnlyAdmin):
    """Surveys and their policies; the API changes them."""

    list_display = [
        "name",
        "organization",
        "bot_action",
        "suspicious_action",
        "declared_agent_action",
    ]
    list_filter = [("organization", RelatedDropdownFilter)]
    search_fields = ["name"]


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Sessions, newest first."""

    list_display = [
        "id",
        "survey",
        "status",
        "verdict",
        "bot_probability",
        "event_count",
        "created_at",
    ]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("verdict", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_select_related = ["survey"]
    search_fields = ["=id"]
    show_full_result_count = False
    ordering = ["-id"]


@admin.register(BehaviorData)
class BehaviorDataAdmin(ReadOnlyAdmin):
    """Batches, without their events."""

    list_display = ["session_id", "seq", "event_count", "unknown_count", "created_at"]
    show_full_result_count = False
    ordering = ["-id"]
