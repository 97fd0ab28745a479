"""The door to sessions, for pages and integrations that stand above them."""

from .models import Session, Survey
from .selectors import session, survey_named
from .services.answering import GivenAnswer, record_answers
from .services.surveys import create_survey

__all__ = [
    "GivenAnswer",
    "Session",
    "Survey",
    "create_survey",
    "record_answers",
    "session",
    "survey_named",
]
