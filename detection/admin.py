"""What staff see of verdicts, lists and keys; nobody edits them here."""

from typing import Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from common.admin import LargeTableAdmin, ReadOnlyAdmin
from common.filters import DayFilter
from common.formats import likelihood, number

from .models import AgentKey, DetectionResult, NetworkList
from .texts import sentence_of

# How unfold colours a label.
VERDICT_COLOURS: Final = {
    "human": "success",
    "suspicious": "warning",
    "bot": "danger",
    "undecided": "default",
}


@admin.register(DetectionResult)
class DetectionResultAdmin(LargeTableAdmin):
    """Results, newest first."""

    empty_text = _("Each batch of a session leaves a result, and so does its end.")

    list_display = [
        "created_at",
        "of_session",
        "seq",
        "shown_verdict",
        "shown_probability",
        "event_count",
        "shown_time",
    ]
    # Sessions are found by their verdict in their own list, which has an index for it.
    list_filter = [("created_at", DayFilter)]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "of_session",
                    "seq",
                    "verdict",
                    "shown_probability",
                    "recommended_action",
                    "reasons",
                    "event_count",
                    "shown_time",
                    "ruleset",
                    "created_at",
                ]
            },
        ),
        (_("As it is stored"), {"fields": ["fired", "clear"], "classes": ["collapse"]}),
    ]
    readonly_fields = [
        "of_session",
        "shown_probability",
        "reasons",
        "shown_time",
    ]

    @admin.display(description=_("session"))
    def of_session(self, result: DetectionResult) -> SafeString:
        """Lead to the session's page."""
        address = reverse("admin:sessions_app_session_change", args=[result.session_id])
        return format_html(
            '<a class="text-link" href="{}">{}</a>', address, result.session_id
        )

    @display(description=_("verdict"), label=VERDICT_COLOURS)
    def shown_verdict(self, result: DetectionResult) -> tuple[str, str]:
        """Return the word in its colour."""
        return result.verdict, result.get_verdict_display()

    @admin.display(description=_("bot probability"))
    def shown_probability(self, result: DetectionResult) -> str:
        """Return it as a percentage."""
        return likelihood(result.bot_probability)

    @admin.display(description=_("processing time, ms"))
    def shown_time(self, result: DetectionResult) -> str:
        """Return tenths of a millisecond."""
        return number(result.processing_time_ms, 1)

    @admin.display(description=_("reasons"))
    def reasons(self, result: DetectionResult) -> str:
        """Say what fired, the heaviest first."""
        said = ((sentence_of(code),) for code, *_rest in result.fired)
        return format_html_join("", "<p>{}</p>", said) or gettext("Nothing fired.")


@admin.register(NetworkList)
class NetworkListAdmin(ReadOnlyAdmin):
    """Lists of addresses; `manage.py load_networks` changes them."""

    empty_text = _(
        "Lists are loaded by `manage.py load_networks`; until then, nothing"
        " is said of addresses."
    )

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

    empty_text = _(
        "Keys are loaded by `manage.py load_agent_keys`; until then, no"
        " signature can be checked."
    )

    list_display = ["agent", "thumbprint", "not_before", "not_after", "created_at"]
    search_fields = ["agent"]
    ordering = ["agent", "thumbprint"]
