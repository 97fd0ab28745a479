"""The list of flags, and the way to each flag's page."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action, display

from common.admin import BaseAdmin, organization_of
from common.errors import BonafideError
from common.formats import DASH

from ..documents import rollout_in_words
from ..forms import NewFlagForm
from ..lives import standings
from ..models import FeatureFlag
from ..registry import declared
from ..services.flags import create_flag
from ..serving import database
from ..serving.process import served
from .acts import act_upon, switch
from .page import context_of_page, forms_of, place_of


class ArchiveFilter(DropdownFilter):
    """In force, or in the archive."""

    title = _("archive")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[Any]:
        """Return the other two than what is shown at first."""
        return [("yes", _("Archived")), ("all", _("All"))]

    def queryset(
        self, request: HttpRequest, rows: QuerySet[FeatureFlag]
    ) -> QuerySet[FeatureFlag]:
        """Keep what is in force, unless it is asked for otherwise."""
        if self.value() == "all":
            return rows
        return rows.filter(archived_at__isnull=self.value() != "yes")


@admin.register(FeatureFlag)
class FeatureFlagAdmin(BaseAdmin):
    """What is rolled out to whom; the installation's and an organization's own."""

    empty_text = _(
        "A flag says who gets something new, and takes it back in a second. Add one, or"
        " look at those that Bonafide itself asks."
    )
    list_display = [
        "name",
        "shown_owner",
        "shown_state",
        "shown_rollout",
        "shown_standing",
        "shown_asked",
        "updated_at",
    ]
    list_filter = [ArchiveFilter, "kind"]
    list_select_related = ["organization"]
    search_fields = ["name", "owner", "definition__description"]
    ordering = ["name"]
    actions = None
    actions_list = ["asked_by_code"]
    list_per_page = 50

    class Media:
        css: Final = {"all": ["console/page.css", "flags/flags.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeatureFlag]:
        """Return what is in force for a member: theirs, and the installation's."""
        organization_id = organization_of(request)
        rows = FeatureFlag.objects.all()
        if organization_id is None:
            return rows
        return rows.filter(Q(organization_id=organization_id) | Q(organization=None))

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of flags that only the code has, and of their switches."""
        wrap = self.admin_site.admin_view
        return [
            path(
                "asked/<flag:name>/",
                wrap(self.asked_view),
                name="flags_featureflag_asked",
            ),
            path(
                "<uuid:object_id>/switch/",
                wrap(self.switch_view),
                name="flags_featureflag_switch",
            ),
            *super().get_urls(),
        ]

    def has_delete_permission(
        self, request: HttpRequest, obj: object | None = None
    ) -> bool:
        """Leave removal to the page, which knows who needs a flag."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Read where all of the page's flags stand at once."""
        answer = super().changelist_view(request, extra_context)
        shown = getattr(answer, "context_data", {}) or {}
        if "cl" in shown:
            rows = list(shown["cl"].result_list)
            self._note(request, rows)
            shown["cl"].result_list = rows
        return answer

    def _note(self, request: HttpRequest, rows: list[Any]) -> None:
        known = standings(rows, organization_id=organization_of(request))
        for row in rows:
            row.standing = known[row.id]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask for the few things that a flag begins with."""
        if not self.has_add_permission(request):
            raise Http404
        form = NewFlagForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                row = create_flag(
                    organization_id=organization_of(request),
                    name=form.cleaned_data["name"],
                    kind=form.cleaned_data["kind"],
                    owner=form.cleaned_data["owner"],
                    definition=form.definition(),
                )
            except BonafideError as error:
                form.add_error(None, error.detail)
            else:
                messages.success(request, gettext("Nobody gets it yet: roll it out."))
                return redirect("admin:flags_featureflag_change", row.id)
        text = (
            _("A flag of the installation, for all organizations.")
            if organization_of(request) is None
            else _("A flag of your organization.")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add a flag"),
            "opts": self.opts,
            "form": form,
            "text": text,
        }
        return TemplateResponse(request, "flags/add.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a flag's page, and do what is asked on it."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return self._page(request, row, row.name)

    def asked_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Show a flag that the code asks; the stored one if there is one."""
        if not self.has_view_permission(request) or name not in declared():
            raise Http404
        row = self.get_queryset(request).filter(name=name, organization=None).first()
        if row is not None:
            return redirect("admin:flags_featureflag_change", row.id)
        return self._page(request, None, name)

    def switch_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Ask whether a flag is to be switched, and switch it."""
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        place = place_of(
            organization_of(request),
            row,
            row.name,
            may_change=self.has_change_permission(request, row),
        )
        if not place.may_change:
            raise Http404
        return switch(self, request, place)

    def _page(
        self, request: HttpRequest, row: FeatureFlag | None, name: str
    ) -> HttpResponse:
        place = place_of(
            organization_of(request),
            row,
            name,
            may_change=self.has_change_permission(request, row),
        )
        forms = forms_of(place, request)
        if request.method == "POST":
            done = act_upon(request, place, forms)
            if done is not None:
                return done
        context = {
            **self.admin_site.each_context(request),
            "title": name,
            "opts": self.opts,
            "original": row or name,
            **context_of_page(place, forms, request),
        }
        return TemplateResponse(request, "flags/flag.html", context)

    @action(description=_("Flags that Bonafide asks"), url_path="asked")
    def asked_by_code(self, request: HttpRequest) -> HttpResponse:
        """List the flags that are declared in the code, with what they say here."""
        ours = served(organization_of(request))
        search = request.GET.get("q", "").strip().lower()
        rows = [
            {
                "name": one.name,
                "about": one.about,
                "kind": one.kind.label,
                "is_touched": one.name in ours.touched,
                "rollout": rollout_in_words(ours.snapshot.flag(one.name) or one.flag),
                "link": reverse("admin:flags_featureflag_asked", args=[one.name]),
            }
            for one in declared().values()
            if search in f"{one.name} {one.about}".lower()
        ]
        rows.sort(key=lambda row: (not row["is_touched"], row["name"]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Flags that Bonafide asks"),
            "opts": self.opts,
            "rows": rows,
            "search": search,
        }
        return TemplateResponse(request, "flags/asked.html", context)

    # -- what the list shows

    @admin.display(description=_("of"), ordering="organization")
    def shown_owner(self, row: FeatureFlag) -> str:
        """Return whose it is."""
        if row.organization is None:
            return gettext("the installation")
        return str(row.organization)

    @display(
        description=_("state"),
        label={"on": "success", "off": "danger", "archived": "info"},
    )
    def shown_state(self, row: FeatureFlag) -> tuple[str, str]:
        """Say whether it is switched on."""
        if row.archived_at is not None:
            return "archived", gettext("Archived")
        if row.definition.get("enabled", True):
            return "on", gettext("On")
        return "off", gettext("Switched off")

    @admin.display(description=_("rollout"))
    def shown_rollout(self, row: FeatureFlag) -> str:
        """Return how far it is rolled out."""
        return rollout_in_words(database.flag_of(row))

    @admin.display(description=_("standing"))
    def shown_standing(self, row: Any) -> str:
        """Return where it stands in its life."""
        standing = getattr(row, "standing", None)
        return str(standing.title) if standing else DASH

    @admin.display(description=_("last asked"))
    def shown_asked(self, row: Any) -> str:
        """Return in which hour it was last evaluated."""
        standing = getattr(row, "standing", None)
        if standing is None or standing.last_asked_at is None:
            return DASH
        at = timezone.localtime(standing.last_asked_at)
        return date_format(at, "SHORT_DATETIME_FORMAT")
