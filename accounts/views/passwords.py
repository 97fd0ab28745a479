"""Pages of who forgot a password."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.auth import views
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..forms.people import ForgottenForm, NewPasswordForm
from ..services.passwords import note_new_password
from .gates import GATE, gate


class ConsoleLook:
    """Mix in before a view of Django's."""

    said: Mapping[str, Any] = {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the console's look is made of, and what this page says."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc] # the mixed-in class has it
        request: HttpRequest = self.request  # type: ignore[attr-defined] # so has this
        return {**admin.site.each_context(request), **context, **self.said}


class ForgottenView(ConsoleLook, views.PasswordResetView):
    """Asks for an address; what follows looks the same for every one."""

    template_name = GATE
    form_class = ForgottenForm
    success_url = reverse_lazy("password_reset_sent")
    said = {
        "title": _("A new password"),
        "lead": _("If this address is known here, a link is sent to it."),
        "button": _("Send the link"),
    }


class NewPasswordView(ConsoleLook, views.PasswordResetConfirmView):
    """Asks for the new password of who opened the link; it works once."""

    template_name = GATE
    form_class = NewPasswordForm
    success_url = reverse_lazy("password_reset_complete")

    def form_valid(self, form: Any) -> Any:
        """Set it, and write down that it was."""
        answer = super().form_valid(form)
        note_new_password(user=form.user)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell a good link from one that is used up, old, or never was one."""
        context = super().get_context_data(**kwargs)
        said: dict[str, Any]
        if context["validlink"]:
            said = {"title": _("A new password"), "button": _("Set the password")}
        else:
            said = {
                "title": _("This link is not good any more"),
                "lead": _("It works once, for an hour. Ask for a new one."),
                "is_refusal": True,
            }
        return {**context, **said}


@never_cache
@require_safe
def show_sent(request: HttpRequest) -> HttpResponseBase:
    """Say what was done, without saying whether it was."""
    lead = _(
        "If this address is known here, a link is on its way. It works for an hour."
    )
    return gate(request, _("Look into your mailbox"), lead=lead)


@never_cache
@require_safe
def show_complete(request: HttpRequest) -> HttpResponseBase:
    """Lead on to signing in."""
    lead = _("The new password is set. Whatever was signed in with the old one is not.")
    return gate(request, _("A new password"), lead=lead, sign_in=True)
