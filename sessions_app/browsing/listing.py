"""The list of sessions: narrowed, found, saved as a view, taken away as a table."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

import structlog
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.utils import display_for_label
from unfold.views import ChangeList

from accounts.facade import record_act
from common import spreadsheets
from common.admin import (
    LargeTableAdmin,
    NewestFirst,
    OwnChoiceFilter,
    organization_of,
)
from common.errors import LimitReachedError, NotFoundError
from common.filters import DayFilter
from common.formats import likelihood

from .. import selectors
from ..models import Session
from ..services.saved_views import remove_view, save_view
from .exporting import EXPORTED, MOST_EXPORTED, exported
from .filters import SurveyFilter, SyntheticFilter
from .searching import search

log = structlog.get_logger(__name__)

LIST: Final = "admin:sessions_app_session_changelist"
# How unfold colours a label; one without a colour would show its code.
COLOURS: Final = {
    "active": "info",
    "completed": "default",
    "expired": "default",
    "blocked": "danger",
    "human": "success",
    "suspicious": "warning",
    "bot": "danger",
    "undecided": "default",
}
# As much as a view's columns hold.
MOST_LETTERS: Final = 60
MOST_QUERY: Final = 1_000

# What a view keeps. What was searched for is not among it: it may be the name that a
# platform has for a respondent, which is stored nowhere.
FILTERS: Final = (
    "created_at_from",
    "created_at_to",
    "organization__id__exact",
    "survey__id__exact",
    "status__exact",
    "verdict__exact",
    "synthetic",
)
# What the address of a list may hold.
NARROWED_BY: Final = (SEARCH_VAR, *FILTERS)


@cache
def label(kind: str, text: str) -> SafeString:
    """Return a coloured word. There are few, and each took two templates to write."""
    made: SafeString = display_for_label((kind, text), "", COLOURS)
    return made


def address_of(asked: Mapping[str, Sequence[Any]], names: Sequence[str]) -> str:
    """Return some parameters of a list as an address has them after its `?`."""
    return urlencode(
        [(one, asked[one][-1]) for one in names if any(asked.get(one, ()))]
    )


class SessionList(NewestFirst):
    """A list that knows how it is narrowed, and reads what it shows."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Session]:
        """Leave out what the list does not show: the state is most of a row."""
        rows: QuerySet[Session] = super().get_queryset(request, exclude_parameters)
        return rows.only(
            "id",
            "created_at",
            "status",
            "verdict",
            "bot_probability",
            "is_final",
            "event_count",
            "survey__name",
            "respondent__digest",
        )

    @property
    def narrowed(self) -> str:
        """Return everything that narrows the list."""
        return address_of(self.filter_params, NARROWED_BY)

    @property
    def filtered(self) -> str:
        """Return what a view would keep of it."""
        return address_of(self.filter_params, FILTERS)


class SessionListAdmin(LargeTableAdmin):
    """Sessions, newest first."""

    empty_text = _(
        "A session is opened by a survey's page or server. Answer the demo"
        " survey to see one."
    )
    list_display = [
        "id",
        "created_at",
        "survey",
        "respondent",
        "shown_status",
        "shown_verdict",
        "shown_probability",
        "event_count",
    ]
    list_filter = [
        ("created_at", DayFilter),
        ("organization", OwnChoiceFilter),
        ("survey", SurveyFilter),
        ("status", ChoicesDropdownFilter),
        ("verdict", ChoicesDropdownFilter),
        SyntheticFilter,
    ]
    list_select_related = ["survey", "respondent"]
    list_before_template = "sessions_app/views_of_list.html"
    narrowed_by = NARROWED_BY
    search_fields = ["id"]
    search_help_text = _("Session or respondent")
    actions = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that knows how it is narrowed."""
        return SessionList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Session], search_term: str
    ) -> tuple[QuerySet[Session], bool]:
        """Find what a term names, by indexes."""
        found = search(queryset, search_term, owner_id=organization_of(request))
        return found, False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, and above it what somebody saved."""
        shown = {
            "saved_views": selectors.saved_views(owner_id=_who(request)),
            "most_exported": MOST_EXPORTED,
            "may_export": self.has_export_permission(request),
        }
        answer: HttpResponse = super().changelist_view(
            request, {**shown, **(extra_context or {})}
        )
        return answer

    def get_urls(self) -> list[URLPattern]:
        """Return the list's own addresses; they are tried before a session's."""
        name = "sessions_app_session"
        wrap = self.admin_site.admin_view
        return [
            path("export/", wrap(self.export), name=f"{name}_export"),
            path("views/", wrap(self.save_view), name=f"{name}_save_view"),
            path(
                "views/<uuid:view_id>/remove/",
                wrap(self.remove_view),
                name=f"{name}_remove_view",
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Send what the list holds as a table, the newest first."""
        self._permit(request)
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            found: SessionList = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{reverse(LIST)}?e=1")
        log.info("sessions.exported", user_id=str(request.user.pk))
        record_act(
            "sessions.exported",
            organization_id=organization_of(request),
            after={"filters": sorted(request.GET)},
        )
        return StreamingHttpResponse(
            spreadsheets.lines(EXPORTED, exported(found.queryset)),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": "attachment; filename="
                f'"sessions-{timezone.now():%Y-%m-%d}.csv"'
            },
        )

    @method_decorator(require_POST)
    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep how the list is narrowed, under a name."""
        self._permit(request)
        query = _address_in(request, FILTERS)
        name = " ".join(request.POST.get("name", "").split())
        if not 0 < len(name) <= MOST_LETTERS or len(query) > MOST_QUERY:
            messages.error(request, gettext("A view needs a short name."))
        else:
            try:
                save_view(owner_id=_who(request), name=name, query=query)
            except LimitReachedError as error:
                messages.error(request, error.detail)
            else:
                told = gettext("The view “%(name)s” was saved.") % {"name": name}
                messages.success(request, told)
        return HttpResponseRedirect(f"{reverse(LIST)}?{query}")

    @method_decorator(require_POST)
    def remove_view(self, request: HttpRequest, view_id: UUID) -> HttpResponse:
        """Forget a view; the list stays as it is narrowed now."""
        self._permit(request)
        try:
            remove_view(owner_id=_who(request), view_id=view_id)
        except NotFoundError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, gettext("The view was removed."))
        back = _address_in(request, NARROWED_BY)
        return HttpResponseRedirect(f"{reverse(LIST)}?{back}")

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Ask whether the table may be taken away; staff who see it may."""
        may_see: bool = self.has_view_permission(request)
        if organization_of(request) is None:
            return may_see
        return may_see and request.user.has_perm("sessions_app.export_session")

    def _permit(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    @admin.display(description=_("status"))
    def shown_status(self, session: Session) -> SafeString:
        """Say where it stands."""
        return label(session.status, str(session.get_status_display()))

    @admin.display(description=_("verdict"))
    def shown_verdict(self, session: Session) -> SafeString:
        """Say what was found."""
        return label(session.verdict, str(session.get_verdict_display()))

    @admin.display(description=_("bot probability"))
    def shown_probability(self, session: Session) -> str:
        """Return it as a percentage."""
        return likelihood(session.bot_probability)


def _who(request: HttpRequest) -> UUID:
    """Return who asks; the site lets nobody in who did not sign in."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk


def _address_in(request: HttpRequest, names: Sequence[str]) -> str:
    """Return what a form says of the list that it stands above."""
    said = QueryDict(request.POST.get("query", ""))
    return address_of(dict(said.lists()), names)
