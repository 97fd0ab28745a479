"""Surveys and their policies."""

from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.facade import record_act
from common.errors import ConflictError

from .. import selectors
from ..models import Survey
from .at_hand import at_hand

# What follows from a verdict: it acts on respondents from the moment it is saved.
POLICY_FIELDS: Final = (
    "bot_action",
    "suspicious_action",
    "declared_agent_action",
    "behaviour_may_block",
    "blocking_ends_session",
    "share_action",
    "show_reasons",
    "families_off",
)


AUDITED_FIELDS: Final = ("name", *POLICY_FIELDS)


def create_survey(*, organization_id: UUID, name: str, **policy: Any) -> Survey:
    """Create a survey; `policy` holds fields of Survey.

    Raises
    ------
    ConflictError
        The organization has a survey of that name.
    """
    try:
        with transaction.atomic():
            survey = Survey.objects.create(
                organization_id=organization_id, name=name, **policy
            )
            record_act("survey.created", target=survey, after=_terms(survey))
            return survey
    except IntegrityError:
        raise _name_taken() from None


def change_survey(*, organization_id: UUID, survey_id: UUID, **fields: Any) -> Survey:
    """Change some fields; what runs already keeps the verdicts that it has.

    Sessions that run go on by the new terms from their next batch on, in other
    processes after half a minute at the latest.

    Raises
    ------
    NotFoundError
        The organization has no such survey.
    ConflictError
        The organization has another survey of the new name.
    """
    survey = selectors.survey(organization_id=organization_id, survey_id=survey_id)
    before = _terms(survey)
    for name, value in fields.items():
        setattr(survey, name, value)
    try:
        with transaction.atomic():
            survey.save(update_fields=list(fields))
            transaction.on_commit(at_hand.forget)
            if before != _terms(survey):
                record_act(
                    "survey.changed",
                    target=survey,
                    before=before,
                    after=_terms(survey),
                )
    except IntegrityError:
        raise _name_taken() from None
    return survey


def _terms(survey: Survey) -> dict[str, object]:
    """Return what an audit entry shows of a survey."""
    return {name: getattr(survey, name) for name in AUDITED_FIELDS}


def _name_taken() -> ConflictError:
    return ConflictError(
        _("There is a survey of that name already."), code="name_taken"
    )
