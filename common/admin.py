"""What staff see of the outbox: what waits, what failed, and a way to try again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _, ngettext

from . import outbox
from .models import OutboxRow


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # one base for all models
    """Show rows that nobody may change by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows are made by services."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        """Leave what happened alone."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        """Leave deletion to retention."""
        return False


@admin.register(OutboxRow)
class OutboxRowAdmin(ReadOnlyAdmin):
    """The outbox; dead rows can be sent again."""

    list_display = ["topic", "key", "created_at", "attempts", "done_at", "dead_at"]
    list_filter = ["topic", ("dead_at", admin.EmptyFieldListFilter)]
    actions = ["send_again"]
    show_full_result_count = False

    @admin.action(description=_("Send again what was given up"))
    def send_again(self, request: HttpRequest, rows: QuerySet[OutboxRow]) -> None:
        """Revive the chosen rows."""
        count = sum(outbox.send_again(row.id) for row in rows)
        text = ngettext(
            "%(count)d row was sent again.", "%(count)d rows were sent again.", count
        )
        messages.info(request, text % {"count": count})
