"""Surveys, respondents, sessions and what was seen in them."""

from .figures import Tally
from .owned import ORGANIZATION, Owned
from .people import Erasure, Respondent
from .sessions import Answer, BehaviorData, Session, SessionTag, Status
from .surveys import Survey
from .views import SavedView

__all__ = [
    "ORGANIZATION",
    "Answer",
    "BehaviorData",
    "Erasure",
    "Owned",
    "Respondent",
    "SavedView",
    "Session",
    "SessionTag",
    "Status",
    "Survey",
    "Tally",
]
