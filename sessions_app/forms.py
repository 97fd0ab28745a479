"""What staff fill in for a survey."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from detection.facade import FAMILIES

from .models import Survey

# The button that asks what would have been, and saves nothing.
PREVIEW: Final = "_preview"


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg] # generic for mypy only
    """A survey with its policy."""

    families_off = forms.MultipleChoiceField(
        label=_("Kinds of checks that are not asked"),
        required=False,
        choices=list(FAMILIES.items()),
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("For surveys in which they would be wrong, such as a typing test."),
    )

    class Meta:
        model = Survey
        fields = [
            "organization",
            "name",
            "bot_action",
            "suspicious_action",
            "declared_agent_action",
            "behaviour_may_block",
            "blocking_ends_session",
            "share_action",
            "show_reasons",
            "families_off",
        ]

    def clean_name(self) -> str:
        """Refuse what the API refuses: control characters."""
        name = str(self.cleaned_data["name"])
        if not name.isprintable():
            raise forms.ValidationError(_("A name is one line of text."))
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse the name of another survey; Django asks only if both are asked for."""
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("organization")
        # None: what was chosen is no choice, and that is said already.
        owner_id = chosen.id if chosen else self.instance.organization_id
        others = Survey.objects.exclude(id=self.instance.id)
        if others.filter(organization_id=owner_id, name=cleaned.get("name")).exists():
            self.add_error("name", _("There is a survey of that name already."))
        return cleaned


class ShownAgain(forms.ModelForm):  # type: ignore[type-arg] # generic for mypy only
    """A form that is read and then shown again: whoever would save it finds it unfit.

    Nothing is marked as wrong that is not.
    """

    def is_valid(self) -> bool:
        """Read what was typed; leave it unsaved."""
        super().is_valid()
        return False
