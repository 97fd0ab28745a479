"""What a list of sessions is narrowed to; each choice has an index that answers it."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter

from common.admin import OwnChoiceFilter
from common.ids import first_id_of

from ..models import Session, Survey

A_DAY: Final = timedelta(days=1)


class StartedFilter(RangeDateFilter):
    """The days (UTC) on which sessions were opened: a range of their ids."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("day")

    def queryset(
        self, request: HttpRequest, rows: QuerySet[Session]
    ) -> QuerySet[Session]:
        """Keep the sessions from the first day to the last one."""
        first, last = self._day("from"), self._day("to")
        if first is not None:
            rows = rows.filter(id__gte=first_id_of(first))
        if last is not None:
            rows = rows.filter(id__lt=first_id_of(last + A_DAY))
        return rows

    def _day(self, end: str) -> date | None:
        text = self.used_parameters.get(f"{self.parameter_name}_{end}")
        if not text:
            return None
        for form in settings.DATE_INPUT_FORMATS:
            try:
                day = datetime.strptime(str(text), form).date()  # noqa: DTZ007 - a day
            except ValueError:
                continue
            # Ids begin with the milliseconds since then, and have 48 bits of them.
            return min(max(day, date(1970, 1, 1)), date(9998, 12, 31))
        msg = f"{text} is no day."
        raise IncorrectLookupParameters(msg)


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
