"""The door to sessions, for pages and integrations that stand above them."""

from .figures import (
    ChangedSurvey,
    Figures,
    Overview,
    Wanted,
    changed_surveys,
    overview,
)
from .models import Session, Status, Survey
from .selectors import (
    BatchPart,
    batch_part,
    policy_of,
    session,
    survey_named,
    surveys,
    tags_of,
)
from .services.answering import GivenAnswer, record_answers
from .services.surveys import create_survey

__all__ = [
    "BatchPart",
    "ChangedSurvey",
    "Figures",
    "GivenAnswer",
    "Overview",
    "Session",
    "Status",
    "Survey",
    "Wanted",
    "batch_part",
    "changed_surveys",
    "create_survey",
    "overview",
    "policy_of",
    "record_answers",
    "session",
    "survey_named",
    "surveys",
    "tags_of",
]
