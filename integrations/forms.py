"""What people fill in about webhooks."""

from datetime import timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanSwitchWidget,
)

from common.errors import InvalidInputError

from .models import SUBSCRIBED, WebhookEndpoint
from .services.endpoints import clean_description, clean_url

HOUR_S: Final = 3_600
DAY_S: Final = 24 * HOUR_S
OVERLAPS: Final = [
    (0, _("Not at all")),
    (HOUR_S, _("An hour")),
    (DAY_S, _("A day")),
    (7 * DAY_S, _("A week")),
    (30 * DAY_S, _("30 days")),
]
PERIODS: Final = [
    (HOUR_S, _("The last hour")),
    (DAY_S, _("The last day")),
    (7 * DAY_S, _("The last week")),
    (30 * DAY_S, _("The last 30 days")),
]


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg] # generic for mypy only
    """An endpoint: where it is, and what it is told."""

    # The order on the page.
    ASKED: ClassVar = ["organization", "url", "description", "event_types"]

    event_types = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(each.value, f"{each.value}: {each.label}") for each in SUBSCRIBED],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["organization", "url", "description", "event_types"]
        help_texts: ClassVar = {
            "url": _(
                "By https, to a public address, on port 443 or 8443, such as"
                " https://survey.example/hooks/bonafide."
            ),
            "description": _("For yourselves, such as “Production”."),
        }

    def clean_url(self) -> str:
        """Return the URL in its one spelling, after a look at where it leads."""
        return str(_cleaned(clean_url, self.cleaned_data["url"]))

    def clean_description(self) -> str:
        """Refuse what the API refuses."""
        return str(_cleaned(clean_description, self.cleaned_data["description"]))


class RotateForm(forms.Form):
    """How long an old secret is still needed."""

    overlap = forms.TypedChoiceField(
        label=_("How long the old secret signs beside the new one"),
        choices=OVERLAPS,
        coerce=lambda text: timedelta(seconds=int(text)),
        initial=DAY_S,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("Choose “not at all” if somebody else may have seen it."),
    )


class TestForm(forms.Form):
    """Nothing to fill in: a button."""


class ReplayForm(forms.Form):
    """What is to be sent again."""

    period = forms.TypedChoiceField(
        label=_("What happened in"),
        choices=PERIODS,
        coerce=lambda text: timezone.now() - timedelta(seconds=int(text)),
        initial=DAY_S,
        widget=UnfoldAdminSelectWidget(),
    )
    arrived_too = forms.BooleanField(
        label=_("Also what arrived"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_(
            "Without it: what did not arrive, and what was missed while the endpoint"
            " was disabled."
        ),
    )


def _cleaned(clean: Any, value: Any) -> Any:
    try:
        return clean(value)
    except InvalidInputError as error:
        raise forms.ValidationError(error.detail) from None
