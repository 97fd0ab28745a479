"""What staff fill in for a new key."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from common.errors import InvalidInputError

from .models import ApiKey, KeyKind
from .services.origins import clean_origin


class KeyForm(forms.ModelForm):  # type: ignore[type-arg] # generic for mypy only
    """A key that is yet to be made."""

    origins = forms.CharField(
        label=_("Origins"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_(
            "Where a publishable key may be used, one a line, such as"
            " https://survey.example. A secret key has none."
        ),
    )

    class Meta:
        model = ApiKey
        fields = ["organization", "kind", "name"]

    def clean_origins(self) -> list[str]:
        """Return the origins as browsers write them."""
        try:
            return [clean_origin(one) for one in self.cleaned_data["origins"].split()]
        except InvalidInputError as error:
            raise forms.ValidationError(error.detail) from None

    def clean(self) -> dict[str, Any]:
        """Refuse what the service would refuse, beside the field that it is about."""
        cleaned = super().clean() or self.cleaned_data
        kind, origins = cleaned.get("kind"), cleaned.get("origins")
        if kind == KeyKind.PUBLISHABLE and origins == []:
            self.add_error("origins", _("A publishable key names its origins."))
        if kind == KeyKind.SECRET and origins:
            self.add_error("origins", _("A secret key has no origins."))
        return cleaned
