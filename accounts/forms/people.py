"""What people fill in to get in."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordResetForm,
    SetPasswordForm,
)
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm as UnfoldAuthenticationForm
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
)

from ..models import Organization, User
from ..services.organizations import FEWEST_DAYS, KEPT, MOST_DAYS
from ..services.passwords import ask_for_reset

# As the browser is told what a field is for, so that it fills in the right thing.
NEW = {"autocomplete": "new-password"}


class SignInForm(UnfoldAuthenticationForm):  # type: ignore[misc] # unfold has no types
    """Name and password; where the person may go then is asked of each page."""

    def confirm_login_allowed(self, user: Any) -> None:
        """Let everyone in who is active, staff or not."""
        AuthenticationForm.confirm_login_allowed(self, user)


class ForgottenForm(PasswordResetForm):
    """Whose password is forgotten."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=UnfoldAdminEmailInputWidget(attrs={"autocomplete": "email"}),
    )

    def save(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave the letter for later: sending one takes longer than none."""
        ask_for_reset(email=self.cleaned_data["email"])


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg] # generic for mypy only
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = UnfoldAdminPasswordWidget(attrs=NEW)


class JoinForm(forms.ModelForm):  # type: ignore[type-arg] # likewise
    """An invited person's new account."""

    password = forms.CharField(
        label=_("Password"),
        max_length=1_000,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs=NEW),
    )
    again = forms.CharField(
        label=_("The password again"),
        max_length=1_000,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs=NEW),
    )

    class Meta:
        model = User
        fields = ["username"]
        widgets = {
            "username": UnfoldAdminTextInputWidget(attrs={"autocomplete": "username"})
        }

    def clean(self) -> dict[str, Any]:
        """Refuse two passwords."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", _("These are two passwords."))
        return cleaned


class CodeForm(forms.Form):
    """A code of the second factor."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        widget=UnfoldAdminTextInputWidget(
            attrs={
                "autocomplete": "one-time-code",
                "autofocus": True,
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        ),
    )


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg] # likewise
    """How long an organization keeps what."""

    class Meta:
        model = Organization
        fields = KEPT
        help_texts: ClassVar = {
            "behaviour_kept_days": _(
                "Every event. Without them nobody can judge a session anew."
            ),
            "results_kept_days": _("Verdicts with their reasons and evidence."),
            "sessions_kept_days": _(
                "Sessions that ended, with their answers and whatever else hangs on"
                " them. Figures of the overview stay. Empty: they are not deleted."
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse what the service refuses, beside the field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in KEPT:
            number = cleaned.get(name)
            if number is not None and not FEWEST_DAYS <= number <= MOST_DAYS:
                said = _("Between %(least)d and %(most)d days, or empty.")
                self.add_error(name, said % {"least": FEWEST_DAYS, "most": MOST_DAYS})
        return cleaned
