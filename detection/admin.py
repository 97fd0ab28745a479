"""What staff see of verdicts, lists and keys; nobody edits them here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from common.admin import ReadOnlyAdmin

from .models import AgentKey, DetectionResult, NetworkList


@admin.register(DetectionResult)
class DetectionResultAdmin(ReadOnlyAdmin):
    """Results, newest first."""

    list_display = [
        "created_at",
        "session_id",
        "seq",
        "verdict",
        "bot_probability",
        "event_count",
        "processing_time_ms",
    ]
    list_filter = [
        ("verdict", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    show_full_result_count = False
    ordering = ["-id"]


@admin.register(NetworkList)
class NetworkListAdmin(ReadOnlyAdmin):
    """Lists of addresses; `manage.py load_networks` changes them."""

    list_display = ["address_class", "source", "licence", "range_count", "created_at"]
    list_filter = [("address_class", ChoicesDropdownFilter)]
    search_fields = ["source"]
    ordering = ["address_class", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[NetworkList]:
        """Leave the ranges where they are: megabytes that no page shows."""
        rows: QuerySet[NetworkList] = super().get_queryset(request)
        return rows.defer("ipv4", "ipv6")


@admin.register(AgentKey)
class AgentKeyAdmin(ReadOnlyAdmin):
    """Keys of agents; `manage.py load_agent_keys` changes them."""

    list_display = ["agent", "thumbprint", "not_before", "not_after", "created_at"]
    search_fields = ["agent"]
    ordering = ["agent", "thumbprint"]
