"""What every page of staff is built on, and what they see of the outbox."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _, ngettext
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, DropdownFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm
from unfold.decorators import display
from unfold.views import ChangeList

from . import outbox
from .filters import DayFilter
from .models import OutboxRow
from .paging import BoundedPaginator


def organization_of(request: HttpRequest) -> UUID | None:
    """Return the organization that a member works in; None for staff, who see all.

    Asked before the site has found out who is there, it fails: nothing is shown then.
    """
    found: UUID | None = request.organization_id  # type: ignore[attr-defined] # the site sets it
    return found


class OwnChoiceForm(AutocompleteDropdownForm):
    """A choice among what the person may see, also when an address names another."""

    def __init__(
        self, request: HttpRequest, *args: Any, name: str, model_admin: Any, **rest: Any
    ) -> None:
        super().__init__(request, *args, name=name, model_admin=model_admin, **rest)
        choice = self.fields[name]
        related = model_admin.admin_site.get_model_admin(choice.queryset.model)
        choice.queryset = related.get_queryset(request)


class OwnChoiceFilter(AutocompleteSelectFilter):
    """Narrows a list to one of the things that the person may see."""

    form_class = OwnChoiceForm


class BaseAdmin(ModelAdmin):
    """What all pages of staff and members share.

    A member sees the rows of one organization. That is decided here alone: lists,
    forms, choices, search, history and actions all begin with `get_queryset`.
    """

    # Several filters are set and then sent at once.
    list_filter_submit = True
    # A count beside each choice reads the whole table for each of them.
    show_facets = admin.ShowFacets.NEVER
    # What an empty list tells: where its rows come from.
    empty_text: str | Promise = ""
    # What names a row's organization. What has none belongs to the installation, and
    # no member sees it.
    owner_field = "organization_id"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the person may see at all."""
        rows: QuerySet[Any] = super().get_queryset(request)
        organization_id = organization_of(request)
        if organization_id is None:
            return rows
        if not hasattr(self.model, self.owner_field):
            return rows.none()
        return rows.filter(**{self.owner_field: organization_id})

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer what the person may see; a member has one organization to choose."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        organization_id = organization_of(request)
        if field is None or organization_id is None:
            return field
        related = self.admin_site.get_model_admin(db_field.remote_field.model)
        field.queryset = related.get_queryset(request)
        if db_field.attname == self.owner_field:
            field.initial, field.empty_label = organization_id, None
        return field

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        """Spare a member the choice among organizations, which names all of them."""
        return self._but_owner(request, super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        """Spare a member a column that says the same in each row."""
        return self._but_owner(request, super().get_list_display(request))

    def _but_owner(self, request: HttpRequest, names: Sequence[Any]) -> Sequence[Any]:
        if organization_of(request) is None:
            return names
        owner = self.owner_field.removesuffix("_id")
        return [
            each
            for each in names
            if (each[0] if isinstance(each, tuple) else each) != owner
        ]


class ReadOnlyAdmin(BaseAdmin):
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


class NewestFirst(ChangeList):
    """Always newest first: any other order reads the whole table."""

    def get_ordering(self, request: HttpRequest, queryset: object) -> list[str]:
        """Return the one order that the key has."""
        return ["-id"]


class LargeTableAdmin(ReadOnlyAdmin):
    """Show rows of a table that is only counted as far as its pages reach."""

    # What an address may narrow the list by; Django would take any column's name.
    narrowed_by: Sequence[str] = ("created_at_from", "created_at_to")
    ordering = ["-id"]
    sortable_by = ()
    paginator = BoundedPaginator
    # A row takes 2.5 ms to write, far more than to read: a hundred of them took half
    # of a page's goal of 300 ms, or all of it (docs/performance.md).
    list_per_page = 50
    show_full_result_count = False
    # The choice of all rows would name how many there are.
    list_disable_select_all = True
    # Nor is there a page of all of them.
    list_max_show_all = 0

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that has one order."""
        return NewestFirst

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse what no index answers, such as `metadata__icontains`."""
        return lookup in self.narrowed_by


class OutboxStateFilter(DropdownFilter):
    """What waits, what is done, what was given up."""

    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: object
    ) -> list[tuple[str, str | Promise]]:
        """Return the three ends of a row."""
        return [
            ("waiting", _("Waiting")),
            ("done", _("Done")),
            ("dead", _("Given up")),
        ]

    def queryset(
        self, request: HttpRequest, rows: QuerySet[OutboxRow]
    ) -> QuerySet[OutboxRow]:
        """Keep the rows of one state."""
        states: dict[str | None, dict[str, Any]] = {
            "waiting": {"done_at": None, "dead_at": None},
            "done": {"done_at__isnull": False},
            "dead": {"dead_at__isnull": False},
        }
        return rows.filter(**states.get(self.value(), {}))


@admin.register(OutboxRow)
class OutboxRowAdmin(LargeTableAdmin):
    """The outbox; dead rows can be sent again."""

    empty_text = _("Work for later stands here from its beginning to a while after.")
    list_display = [
        "topic",
        "key",
        "created_at",
        "shown_state",
        "attempts",
        "done_at",
        "dead_at",
    ]
    list_filter = [OutboxStateFilter, ("created_at", DayFilter)]
    narrowed_by = ("state", "created_at_from", "created_at_to")
    actions = ["send_again"]

    @display(
        description=_("state"),
        label={"waiting": "info", "done": "success", "dead": "danger"},
    )
    def shown_state(self, row: OutboxRow) -> tuple[str, str]:
        """Say in a word how it stands."""
        if row.dead_at:
            return "dead", gettext("Given up")
        if row.done_at:
            return "done", gettext("Done")
        return "waiting", gettext("Waiting")

    @admin.action(description=_("Send again what was given up"))
    def send_again(self, request: HttpRequest, rows: QuerySet[OutboxRow]) -> None:
        """Revive the chosen rows."""
        count = sum(outbox.send_again(row.id) for row in rows)
        text = ngettext(
            "%(count)d row was sent again.", "%(count)d rows were sent again.", count
        )
        messages.info(request, text % {"count": count})
