"""What is asked before an experiment begins."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import BonafideError

from .engine.checking import is_name
from .models import LONGEST_NAME
from .texts import EVENTS, FAULTS

# Of what happens by itself, what one wants more of.
WANTED: Final = ("completed", "page")
LOOKING: Final = [
    ("group_sequential", _("Every day, until the planned end")),
    ("always_valid", _("Whenever I like; how long it takes is not known")),
    ("once", _("Once, at the end")),
]


class ExperimentForm(forms.Form):
    """A control and one other variant, a goal, and fraud as a guardrail."""

    name = forms.CharField(max_length=LONGEST_NAME, label=_("Name"))
    hypothesis = forms.CharField(
        max_length=1000,
        required=False,
        label=_("What you expect, and why"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    variant = forms.CharField(
        max_length=LONGEST_NAME, label=_("Name of the new variant")
    )
    event = forms.ChoiceField(
        choices=[(one, EVENTS[one]) for one in WANTED],
        initial="completed",
        label=_("The goal is that more respondents"),
    )
    baseline = forms.FloatField(
        min_value=0.1,
        max_value=99.9,
        initial=60,
        label=_("How many of a hundred do so today"),
    )
    lift = forms.FloatField(
        min_value=0.1,
        max_value=1000,
        initial=10,
        label=_("By how many per cent more it should be"),
    )
    units_per_day = forms.FloatField(
        min_value=1,
        max_value=1e9,
        initial=100,
        label=_("How many respondents come on a day"),
    )
    margin = forms.FloatField(
        min_value=1,
        max_value=99,
        initial=20,
        label=_("By how many per cent automation may grow, at worst"),
    )
    looking = forms.ChoiceField(choices=LOOKING, label=_("When you look at results"))

    def clean_name(self) -> str:
        """Refuse what is no name."""
        return _named(self.cleaned_data["name"])

    def clean_variant(self) -> str:
        """Refuse what is no name, and the control's."""
        found = _named(self.cleaned_data["variant"])
        if found == "control":
            raise forms.ValidationError(FAULTS["taken"])
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse a plan that no number of respondents could show."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            from .services.planning import plan  # noqa: PLC0415 - it loads scipy

            try:
                self._planned = plan(self._wanted(cleaned))
            except BonafideError as error:
                raise forms.ValidationError(error.detail) from None
        return cleaned

    def planned(self) -> Any:
        """Return how long it will take."""
        return self._planned

    def design(self) -> dict[str, Any]:
        """Return the design as it is stored."""
        said = self.cleaned_data
        return {
            "variants": [{"name": "control"}, {"name": said["variant"]}],
            "metrics": [
                {"name": said["event"], "event": said["event"], "role": "goal"},
                {
                    "name": "automated",
                    "event": "automated",
                    "role": "guardrail",
                    "better": "lower",
                    "margin": said["margin"] / 100,
                },
            ],
            "looking": said["looking"],
            "planned_units": self._planned.units,
        }

    def _wanted(self, said: dict[str, Any]) -> Any:
        from .services.planning import Wanted  # noqa: PLC0415 - it loads scipy

        return Wanted(
            baseline=said["baseline"] / 100,
            lift=said["lift"] / 100,
            units_per_day=said["units_per_day"],
            looking=said["looking"],
        )


def _named(text: str) -> str:
    if not is_name(text):
        raise forms.ValidationError(FAULTS["not_a_name"])
    return text
