"""The page on which members say where they work now."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..presence import choose_organization, presence_of
from .gates import gate


@require_http_methods(["GET", "HEAD", "POST"])
def show_organizations(request: HttpRequest) -> HttpResponseBase:
    """Show where a member may work; one press changes it."""
    here = presence_of(request)
    if here is None or here.membership is None:
        raise PermissionDenied
    if request.method == "POST":
        try:
            chosen = UUID(request.POST.get("organization", ""))
        except ValueError:
            raise PermissionDenied from None
        if not choose_organization(request, chosen):
            raise PermissionDenied
        messages.success(request, _("You work in another organization now."))
        return redirect("admin:index")
    return gate(
        request,
        _("Organizations"),
        template="accounts/organizations.html",
        memberships=here.memberships,
        chosen=here.membership,
    )
