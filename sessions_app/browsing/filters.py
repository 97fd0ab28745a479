"""What a list of sessions is narrowed to; each choice has an index that answers it."""

from typing import Final

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from common.admin import OwnChoiceFilter

from ..models import Session, SessionTag, Survey

# `manage.py simulate` puts it on what it makes up.
SYNTHETIC: Final = "synthetic"


class SurveyFilter(OwnChoiceFilter):
    """One survey, looked up by its name."""

    def queryset(
        self, request: HttpRequest, rows: QuerySet[Session]
    ) -> QuerySet[Session]:
        """Keep a survey's sessions, by the index that its organization leads."""
        if not self.value():
            return rows
        try:
            surveys = Survey.objects.filter(id=self.value())
        except ValidationError as error:
            raise IncorrectLookupParameters(error) from error
        owner = Subquery(surveys.values("organization_id")[:1])
        return rows.filter(survey_id=self.value(), organization_id=owner)


class SyntheticFilter(DropdownFilter):
    """Made-up sessions among the others, or apart from them."""

    title = _("made up")
    parameter_name = "synthetic"
    all_option = ("", _("With and without"))

    def lookups(
        self, request: HttpRequest, model_admin: object
    ) -> list[tuple[str, str | Promise]]:
        """Return what can be had beside all of them."""
        return [("without", _("Without")), ("only", _("Only these"))]

    def queryset(
        self, request: HttpRequest, rows: QuerySet[Session]
    ) -> QuerySet[Session]:
        """Keep or leave out what has the tag; a tag stands on a session once."""
        if self.value() == "only":
            return rows.filter(tags__tag=SYNTHETIC)
        if self.value() == "without":
            tags = SessionTag.objects.filter(session=OuterRef("pk"), tag=SYNTHETIC)
            return rows.filter(~Exists(tags))
        return rows
