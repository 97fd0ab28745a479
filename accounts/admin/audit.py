"""The audit, for who may read it; nobody changes it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from common import spreadsheets
from common.admin import LargeTableAdmin, OwnChoiceFilter, organization_of
from common.filters import DayFilter

from ..audit.declared import titles
from ..audit.record import record_act
from ..models import User
from ..trail import AuditRow

LIST: Final = "admin:accounts_auditrow_changelist"
# A spreadsheet opens so many.
MOST_EXPORTED: Final = 100_000
CHUNK: Final = 2_000
# What stands where there is no value.
NOTHING: Final = "\N{EN DASH}"
EXPORTED: Final = [
    "id",
    "created_at",
    "organization_id",
    "verb",
    "outcome",
    "actor_kind",
    "actor_name",
    "user_id",
    "key_id",
    "address_class",
    "request_id",
    "target",
    "target_id",
    "difference",
    "reason",
]


class VerbFilter(DropdownFilter):
    """One act of those that are declared."""

    title = _("act")
    parameter_name = "verb"

    def lookups(
        self, request: HttpRequest, model_admin: object
    ) -> list[tuple[str, str | Promise]]:
        """Return them by their names."""
        return sorted(titles().items(), key=lambda item: str(item[1]))

    def queryset(
        self, request: HttpRequest, rows: QuerySet[AuditRow]
    ) -> QuerySet[AuditRow]:
        """Keep the rows of one act."""
        return rows.filter(verb=self.value()) if self.value() else rows


@admin.register(AuditRow)
class AuditRowAdmin(LargeTableAdmin):
    """Who did what: newest first, one organization's for its members."""

    class Media:
        css = {"all": ["console/page.css"]}

    empty_text = _("Whatever changes access, a policy or personal data stands here.")
    list_before_template = "accounts/audit_export.html"
    list_display = [
        "created_at",
        "act",
        "who",
        "about",
        "shown_outcome",
        "organization",
    ]
    list_display_links = ["created_at", "act"]
    list_select_related = ["organization"]
    list_filter = [
        VerbFilter,
        ("outcome", ChoicesDropdownFilter),
        ("actor_kind", ChoicesDropdownFilter),
        ("organization", OwnChoiceFilter),
        ("created_at", DayFilter),
    ]
    narrowed_by = (
        "verb",
        "outcome__exact",
        "actor_kind__exact",
        "organization__id__exact",
        "created_at_from",
        "created_at_to",
    )
    search_fields = ["=target_id", "=request_id"]
    search_help_text = _("The id of a thing, a person, a key or a request.")
    fields = [
        "created_at",
        "act",
        "outcome",
        "who",
        "address_class",
        "about",
        "changes",
        "reason",
        "request_id",
        "organization",
        "id",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows, each with the name of the person who acted."""
        named = User.objects.filter(id=OuterRef("user_id")).values("username")
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.annotate(username=Subquery(named[:1]))
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Say how many rows a table may have."""
        said = {"most_exported": MOST_EXPORTED}
        return super().changelist_view(request, said | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Find by an id in full, whatever it is the id of."""
        word = search_term.strip()
        if not word:
            return queryset, False
        return queryset.filter(_named(word)), False

    @display(description=_("act"))
    def act(self, row: AuditRow) -> str:
        """Say what was done."""
        return str(titles().get(row.verb, row.verb))

    @display(description=_("who"))
    def who(self, row: Any) -> str:
        """Name the person, the key, the command or the task."""
        kind = row.get_actor_kind_display()
        if row.user_id:
            return str(row.username or f"{kind} {row.user_id}")
        if row.key_id:
            return f"{kind} {row.key_id}"
        return f"{kind} {row.actor_name}".strip()

    @display(description=_("about"))
    def about(self, row: AuditRow) -> str:
        """Name what it was done to."""
        return f"{row.target.rpartition('.')[2]} {row.target_id}".strip() or NOTHING

    @display(description=_("outcome"), label={"done": "success", "refused": "danger"})
    def shown_outcome(self, row: AuditRow) -> tuple[str, str]:
        """Say whether it was allowed."""
        return row.outcome, row.get_outcome_display()

    @display(description=_("what changed"))
    def changes(self, row: AuditRow) -> SafeString | str:
        """Show each field, before and after."""
        if not row.difference:
            return gettext("Nothing that is kept.")
        lines = [
            (_label(row, name), *(_word(value) for value in values))
            if values
            else (_label(row, name), gettext("not kept"), gettext("not kept"))
            for name, values in sorted(row.difference.items())
        ]
        body = format_html_join("", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", lines)
        head = (gettext("Field"), gettext("Before"), gettext("After"))
        return format_html(
            '<table class="bf-table"><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr>'
            "</thead><tbody>{}</tbody></table>",
            *head,
            body,
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the export."""
        view = self.admin_site.admin_view(self.export)
        return [
            path("export/", view, name="accounts_auditrow_export"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def export(self, request: HttpRequest) -> HttpResponseBase:
        """Send what the list holds as a table, the newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{reverse(LIST)}?e=1")
        record_act(
            "audit.exported",
            organization_id=organization_of(request),
            after={"filters": sorted(request.GET)},
        )
        name = f"audit-{timezone.now():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            spreadsheets.lines(EXPORTED, _lines(found.queryset)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _lines(rows: QuerySet[AuditRow]) -> Iterator[Sequence[Any]]:
    plain = rows.select_related(None).order_by("-id").values_list(*EXPORTED)
    at = EXPORTED.index("difference")
    left, found = MOST_EXPORTED, list(plain[:CHUNK])
    while found:
        for row in found:
            yield [*row[:at], json.dumps(row[at], sort_keys=True), *row[at + 1 :]]
        left -= len(found)
        found = list(plain.filter(id__lt=found[-1][0])[: min(CHUNK, left)])


def _named(word: str) -> Q:
    """Return what rows that have to do with an id have in common."""
    found = Q(target_id=word) | Q(request_id=word)
    try:
        one = UUID(word)
    except ValueError:
        return found
    canonical = Q(target_id=str(one)) | Q(user_id=one) | Q(key_id=one) | Q(id=one)
    return found | canonical


def _label(row: AuditRow, name: str) -> str:
    """Return what a field is called on its own page; its name if it has none."""
    try:
        field = apps.get_model(row.target)._meta.get_field(name)  # noqa: SLF001 - documented
    except (LookupError, ValueError, FieldDoesNotExist):
        return name.replace("_", " ")
    return str(getattr(field, "verbose_name", name))


def _word(value: object) -> str:
    """Return a value of a difference for people to read."""
    if value is None or value == []:
        return NOTHING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
