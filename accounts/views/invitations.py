"""Pages of who was invited."""

from typing import Final

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import BonafideError

from ..forms.people import JoinForm
from ..models import Invitation
from ..presence import CHOSEN, next_step
from ..services.invitations import accept, accept_as_new, invitation_of
from .gates import gate

KEPT: Final = "invitation"
BACKEND: Final = "accounts.backends.OperatorBackend"


@never_cache
@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Keep a link in the session, and go on at an address that does not tell it."""
    if invitation_of(token) is None:
        return _refuse(request)
    request.session[KEPT] = token
    return redirect("accept_invitation")


@never_cache
@csrf_protect
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest) -> HttpResponseBase:
    """Make the person who is signed in a member, or somebody new with an account."""
    token = request.session.get(KEPT, "")
    invitation = invitation_of(token)
    if invitation is None:
        return _refuse(request)
    if step := next_step(request):
        # Who has only a password of somebody joins nothing in their name.
        return redirect(f"{reverse(step)}?{urlencode({'next': request.path})}")
    if request.user.is_authenticated:
        return _join(request, token, invitation)
    form = JoinForm(request.POST or None)
    if form.is_valid():
        try:
            person = accept_as_new(
                token=token,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
            )
        except BonafideError as error:
            form.add_error(None, error.detail)
        else:
            login(request, person, BACKEND)
            return _enter(request, invitation)
    return gate(
        request,
        _("Work with %(name)s") % {"name": invitation.organization.name},
        lead=_("Choose a name and a password, or sign in if you have them already."),
        form=form,
        button=_("Accept"),
        sign_in=True,
        next=request.path,
    )


def _join(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponseBase:
    """Ask somebody who is signed in whether they want to, and do it."""
    names = {
        "name": invitation.organization.name,
        "username": request.user.get_username(),
    }
    refusal = ""
    if request.method == "POST" and request.user.pk is not None:
        try:
            accept(token=token, user_id=request.user.pk)
        except BonafideError as error:
            refusal = error.detail
        else:
            return _enter(request, invitation)
    return gate(
        request,
        _("Work with %(name)s") % names,
        lead=refusal or _("You are signed in as %(username)s.") % names,
        is_refusal=bool(refusal),
        button="" if refusal else _("Accept"),
    )


def _enter(request: HttpRequest, invitation: Invitation) -> HttpResponseRedirect:
    request.session.pop(KEPT, None)
    request.session[CHOSEN] = str(invitation.organization_id)
    return redirect("admin:index")


def _refuse(request: HttpRequest) -> HttpResponseBase:
    """Say no in one way: to what was never a link, is used up, old, or withdrawn."""
    lead = _("It works once, for a week, and can be withdrawn. Ask for a new one.")
    title = _("This link is not good any more")
    return gate(request, title, status=404, lead=lead, is_refusal=True)
