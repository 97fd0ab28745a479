"""What the overview can be narrowed to."""

from datetime import UTC, date, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facade import organizations
from detection.facade import VERDICTS
from sessions_app.facade import Status, Wanted, surveys

# A month shows a survey's field time; a year is as much as bars can show.
USUAL_DAYS: Final = 30
MOST_DAYS: Final = 366
OPEN: Final = ("", _("All"))
# Sessions' ids name their day from 1970 on; the days before these count as well.
EARLIEST, LATEST = date(1972, 1, 1), date(2199, 12, 31)
DAY: Final[dict[str, Any]] = {
    "widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    "validators": [
        MinValueValidator(EARLIEST, _("There can be no session before 1972.")),
        MaxValueValidator(LATEST, _("There can be no session after 2199.")),
    ],
}


def today() -> date:
    """Return the day by which figures are kept, which is UTC's."""
    return timezone.now().astimezone(UTC).date()


class OverviewForm(forms.Form):
    """Days, survey, status and verdict of one organization."""

    organization = forms.ChoiceField(label=_("Organization"), required=False)
    first = forms.DateField(label=_("From"), required=False, **DAY)
    last = forms.DateField(label=_("To"), required=False, **DAY)
    survey = forms.ChoiceField(label=_("Survey"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[OPEN, *Status.choices]
    )
    verdict = forms.ChoiceField(
        label=_("Verdict"), required=False, choices=[OPEN, *VERDICTS]
    )

    def __init__(self, asked: QueryDict, owner_id: UUID | None = None) -> None:
        """Fill in what was not asked for: the first organization, the last month.

        A member has one organization; there is no other to ask for.
        """
        all_of_them = organizations()
        self.organizations = list(
            all_of_them.filter(id=owner_id) if owner_id else all_of_them
        )
        last = today()
        usual = {
            "organization": str(self.organizations[0].id) if self.organizations else "",
            "first": str(last - timedelta(days=USUAL_DAYS - 1)),
            "last": str(last),
        }
        given = {name: asked[name] for name in self.base_fields if asked.get(name)}
        super().__init__(usual | given)
        fields: dict[str, Any] = self.fields
        fields["organization"].choices = [
            (str(one.id), one.name) for one in self.organizations
        ]
        chosen = self.data["organization"]
        known = {str(one.id) for one in self.organizations}
        found = surveys(organization_id=UUID(chosen)) if chosen in known else []
        fields["survey"].choices = [OPEN, *((str(one.id), one.name) for one in found)]
        if len(self.organizations) < 2:  # noqa: PLR2004 - one is no choice
            fields["organization"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Refuse days that end before they begin, or that are too many."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("This day is before the first one."))
        elif first and last and (last - first).days >= MOST_DAYS:
            most = _("At most %(days)d days can be shown at once.")
            self.add_error("first", most % {"days": MOST_DAYS})
        return cleaned

    def wanted(self) -> Wanted | None:
        """Return what to look at; None for an error, or where nobody is there."""
        if not self.organizations or not self.is_valid():
            return None
        chosen = self.cleaned_data
        return Wanted(
            UUID(chosen["organization"]),
            chosen["first"],
            chosen["last"],
            UUID(chosen["survey"]) if chosen["survey"] else None,
            chosen["status"] or None,
            chosen["verdict"] or None,
        )
