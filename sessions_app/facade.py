"""The door to sessions, for pages and integrations that stand above them."""

from .models import Session, Survey
from .selectors import BatchPart, batch_part, policy_of, session, survey_named, tags_of
from .services.answering import GivenAnswer, record_answers
from .services.surveys import create_survey

__all__ = [
    "BatchPart",
    "GivenAnswer",
    "Session",
    "Survey",
    "batch_part",
    "create_survey",
    "policy_of",
    "record_answers",
    "session",
    "survey_named",
    "tags_of",
]
