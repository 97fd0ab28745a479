"""What a list of sessions is narrowed to; each choice has an index that answers it."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from ..models import Session, Survey


class SurveyFilter(AutocompleteSelectFilter):
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
