"""Pages of the second factor: shown at each sign-in, set up once."""

import base64
from typing import Any

import segno
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as note_device

from .. import selectors
from ..forms.people import CodeForm
from ..models import Authenticator
from ..presence import VERIFY, presence_of
from ..services.two_factor import (
    begin_set_up,
    confirm_set_up,
    device_of_code,
    make_recovery_codes,
)
from .gates import gate, onward

SET_UP_PAGE = "accounts/second_factor.html"


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def show_verify(request: HttpRequest) -> HttpResponseBase:
    """Ask for a code, and go on to where the person wanted to be."""
    here = presence_of(request)
    if here is None:
        return redirect("admin:login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = device_of_code(user=here.user, code=form.cleaned_data["code"])
        if device is not None:
            _let_in(request, device)
            return redirect(onward(request))
        form.add_error("code", _("This code is not right, or was used before."))
    return gate(
        request,
        _("Your second factor"),
        lead=_("Type the code that your app shows, or one of your recovery codes."),
        form=form,
        button=_("Go on"),
        next=onward(request),
        sign_out=True,
    )


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def show_set_up(request: HttpRequest) -> HttpResponseBase:
    """Show the picture that an app reads; a code of it puts it in force."""
    here = presence_of(request)
    if here is None:
        return redirect("admin:login")
    has_one = selectors.has_second_factor(user_id=here.user.id)
    # Who stole a password must not bring a second factor along.
    if has_one and not request.user.is_verified():  # type: ignore[union-attr] # django-otp's
        return redirect(VERIFY)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        codes = confirm_set_up(user=here.user, code=form.cleaned_data["code"])
        if codes is not None:
            _let_in(request, selectors.second_factor(user_id=here.user.id))
            return _show_codes(request, codes)
        form.add_error("code", _("This code is not right, or was used before."))
    return gate(
        request,
        _("Set up a second factor"),
        template=SET_UP_PAGE,
        form=form,
        has_one=has_one,
        next=onward(request),
        **_picture(begin_set_up(user=here.user)),
    )


@never_cache
@csrf_protect
@require_POST
def show_new_codes(request: HttpRequest) -> HttpResponseBase:
    """Make new recovery codes for who has shown a second factor; the old ones end."""
    here = presence_of(request)
    if here is None or not request.user.is_verified():  # type: ignore[union-attr] # django-otp's
        return redirect(VERIFY)
    return _show_codes(request, make_recovery_codes(user=here.user))


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponseBase:
    return gate(
        request,
        _("Your recovery codes"),
        template=SET_UP_PAGE,
        codes=[f"{code[:5]}-{code[5:]}" for code in codes],
    )


def _let_in(request: HttpRequest, device: Any) -> None:
    """Note the second factor in the session, which gets a new key with it."""
    request.session.cycle_key()
    note_device(request, device)


def _picture(device: Authenticator) -> dict[str, Any]:
    """Return what an app reads, as a picture and in letters."""
    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    return {
        "picture": _drawn(device.config_url(secret)),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    }


def _drawn(text: str) -> SafeString:
    # Black on white in the dark as well: apps read no other. It draws with attributes,
    # which the policy allows, and without styles, which it does not.
    svg = segno.make(text, error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="bf-code"
    )
    return mark_safe(svg)  # noqa: S308 - drawn here from numbers; the text is not in it  # nosec B308 B703
