"""What staff fill in for a survey, and for a respondent who asks."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.facade import Organization, organizations
from detection.facade import FAMILIES

from .models import Survey
from .subjects import Name

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


class NameForm(forms.Form):
    """Who is meant, by either of two names."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        widget=UnfoldAdminSelectWidget(),
    )
    respondent_id = forms.CharField(
        label=_("Your own name for them"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("The respondent_id that their sessions were opened with."),
    )
    session_id = forms.UUIDField(
        label=_("Or one of their sessions"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("All others of the same respondent are meant as well."),
    )

    def __init__(self, *args: Any, owner: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owner = owner
        if owner is None:
            choice: Any = self.fields["organization"]
            choice.queryset = organizations()
        else:
            del self.fields["organization"]

    def clean(self) -> dict[str, Any]:
        """Want one name, and only one."""
        cleaned = super().clean() or self.cleaned_data
        names = [cleaned.get("respondent_id"), cleaned.get("session_id")]
        if not self.errors and sum(map(bool, names)) != 1:
            reason = _("Give either your own name for them or one of their sessions.")
            raise forms.ValidationError(reason)
        return cleaned

    def name(self) -> Name:
        """Return who is meant."""
        asked = self.cleaned_data
        owner = self._owner or asked["organization"].id
        return Name(owner, asked["respondent_id"] or None, asked["session_id"])


class EraseForm(NameForm):
    """Who is to be erased, and whether that is meant."""

    is_sure = forms.BooleanField(
        label=_("I am sure: nothing brings it back"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("Without it you are told what would go, and nothing goes."),
    )
