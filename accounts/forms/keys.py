"""What people fill in about keys."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from common.errors import InvalidInputError

from ..models import ApiKey, KeyKind
from ..roles import OF_SECRET_KEY, Permission
from ..services.keys import clean_networks, clean_scopes
from ..services.origins import clean_origin
from ..texts import PERMISSIONS

DAY_S: Final = 86_400
# In seconds: how long an old key works beside the one that takes its place.
OVERLAPS: Final = [
    (0, _("Not at all")),
    (3_600, _("An hour")),
    (DAY_S, _("A day")),
    (7 * DAY_S, _("A week")),
    (30 * DAY_S, _("30 days")),
]


class KeyForm(forms.ModelForm):  # type: ignore[type-arg] # generic for mypy only
    """A key that is yet to be made."""

    # The order on the page.
    ASKED: ClassVar = [
        "organization",
        "kind",
        "name",
        "origins",
        "is_test",
        "scopes",
        "networks",
        "expires_at",
    ]

    origins = forms.CharField(
        label=_("Origins"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_(
            "Where a publishable key may be used, one a line, such as"
            " https://survey.example. A secret key has none."
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        required=False,
        choices=[
            (one.value, PERMISSIONS[one]) for one in Permission if one in OF_SECRET_KEY
        ],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("What a secret key may do. None chosen: all of these."),
    )
    networks = forms.CharField(
        label=_("Allowed networks"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_(
            "Where it may be used, one a line, such as 203.0.113.0/24. Empty: anywhere."
        ),
    )

    class Meta:
        model = ApiKey
        fields = ["organization", "kind", "name", "is_test", "expires_at"]

    def clean_origins(self) -> list[str]:
        """Return the origins as browsers write them."""
        try:
            return [clean_origin(one) for one in self.cleaned_data["origins"].split()]
        except InvalidInputError as error:
            raise forms.ValidationError(error.detail) from None

    def clean_networks(self) -> list[str]:
        """Return the networks as they are kept."""
        try:
            return clean_networks(self.cleaned_data["networks"].split())
        except InvalidInputError as error:
            raise forms.ValidationError(error.detail) from None

    def clean_expires_at(self) -> datetime | None:
        """Return when it ends, which is yet to come."""
        moment: datetime | None = self.cleaned_data["expires_at"]
        if moment is not None and moment <= timezone.now():
            raise forms.ValidationError(_("This moment is past."))
        return moment

    def clean_scopes(self) -> list[str] | None:
        """Return the scopes; None for all of them."""
        return self.cleaned_data["scopes"] or None

    def clean(self) -> dict[str, Any]:
        """Refuse what the service would refuse, beside the field that it is about."""
        cleaned = super().clean() or self.cleaned_data
        kind, origins = cleaned.get("kind"), cleaned.get("origins")
        if kind == KeyKind.PUBLISHABLE and origins == []:
            self.add_error("origins", _("A publishable key names its origins."))
        if kind == KeyKind.SECRET and origins:
            self.add_error("origins", _("A secret key has no origins."))
        if kind:
            try:
                clean_scopes(kind, cleaned.get("scopes"))
            except InvalidInputError as error:
                self.add_error("scopes", error.detail)
        return cleaned


class RotateForm(forms.Form):
    """How long an old key is still needed."""

    overlap = forms.TypedChoiceField(
        label=_("How long the old key works beside the new one"),
        choices=OVERLAPS,
        coerce=lambda text: timedelta(seconds=int(text)),
        initial=DAY_S,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("Choose “not at all” for a key that somebody else may have seen."),
    )
