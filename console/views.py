"""Pages of the console that are no list and no form."""

from typing import Any
from uuid import UUID

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.facade import presence_of
from sessions_app.facade import Session, changed_surveys, overview

from . import selectors
from .documents.overview import overview_page
from .documents.session import session_page
from .forms import OverviewForm


def from_seq_of(request: HttpRequest) -> int:
    """Return the batch to begin with; whatever is no number is the first."""
    asked = request.GET.get("from", "0")
    return min(int(asked), 10**9) if asked.isascii() and asked.isdigit() else 0


@never_cache
@require_safe
def show_session(
    request: HttpRequest, session_id: UUID, *, site: AdminSite
) -> HttpResponse:
    """Show what happened in a session, and why it was judged as it was."""
    admin: Any = site.get_model_admin(Session)
    # The list's own rows: who may not see a session there does not see it here.
    row = admin.get_queryset(request).filter(id=session_id).defer("state").first()
    if row is None:
        raise Http404
    if not admin.has_view_permission(request, row):
        raise PermissionDenied
    seen = selectors.seen_session(
        organization_id=row.organization_id,
        session_id=session_id,
        from_seq=from_seq_of(request),
    )
    context = {
        **site.each_context(request),
        "title": str(session_id),
        "opts": Session._meta,  # noqa: SLF001 - Django's public name
        "original": row,
        "page": session_page(seen),
    }
    return TemplateResponse(request, "console/session.html", context)


@never_cache
@require_safe
def show_overview(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Show what happened in some days: how many, how many bots, which survey, why."""
    here = presence_of(request)
    if here is None:
        raise PermissionDenied
    form = OverviewForm(request.GET, here.organization_id)
    wanted = form.wanted()
    may_look = site.get_model_admin(Session).has_view_permission(request)
    page = (
        overview_page(wanted, overview(wanted), changed_surveys(wanted), request.GET)
        if wanted and may_look
        else None
    )
    context = {
        **site.each_context(request),
        "title": site.index_title,
        "form": form,
        "page": page,
        "may_look": may_look,
        "has_organization": bool(form.organizations),
    }
    return TemplateResponse(request, "console/overview.html", context)
