"""What staff see of verdicts; nobody edits them."""

from django.contrib import admin

from common.admin import ReadOnlyAdmin

from .models import DetectionResult


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
    list_filter = ["verdict"]
    show_full_result_count = False
    ordering = ["-id"]
