"""Opening a session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.facade import issue_session_token
from detection.facade import RequestFacts, SessionState
from experiments.facade import Shown

from .. import selectors
from ..identity import respondent_digest
from ..models import Respondent, Session, SessionTag
from .experimenting import put_into

TEST_TAG: Final = "test"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session, and the token that its browser may send data with."""

    session: Session
    token: str
    variants: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """What a respondent was asked, and said to it."""

    given: bool
    # Which text they were shown, in the platform's words: "2026-03".
    version: str = ""
    at: datetime | None = None


@transaction.atomic
def open_session(
    *,
    organization_id: UUID,
    survey_id: UUID,
    respondent_id: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
    facts: RequestFacts | None = None,
    consent: Consent | None = None,
    gpc: bool | None = None,
    is_test: bool = False,
) -> Opened:
    """Open a session. `facts` are the headers of the respondent's own browser, if any.

    Without consent they are not looked at; `gpc` says whether that browser asked for
    privacy.

    What a test key opens carries a tag, so that lists and exports can leave it out.

    Raises
    ------
    NotFoundError
        The organization has no such survey.
    """
    survey = selectors.survey(organization_id=organization_id, survey_id=survey_id)
    state = SessionState.new()
    if facts is not None and not (consent and not consent.given):
        state.absorb_request(facts)
    session = Session.objects.create(
        organization_id=organization_id,
        survey=survey,
        respondent=_respondent(organization_id, respondent_id),
        metadata=dict(metadata) if metadata else None,
        state=state.to_bytes(),
        gpc=gpc,
        **_consent(consent),
    )
    named = list(dict.fromkeys([*(tags or ()), *([TEST_TAG] if is_test else ())]))
    SessionTag.objects.bulk_create(
        SessionTag(organization_id=organization_id, session=session, tag=tag)
        for tag in named
    )
    variants = put_into(
        session, respondent=respondent_id, tags=named, facts=facts, is_test=is_test
    )
    token = issue_session_token(organization_id=organization_id, session_id=session.id)
    return Opened(session=session, token=token, variants=variants)


def _consent(consent: Consent | None) -> dict[str, Any]:
    if consent is None:
        return {}
    return {
        "consent_given": consent.given,
        "consent_version": consent.version,
        "consent_at": consent.at or timezone.now(),
    }


def _respondent(organization_id: UUID, external_id: str | None) -> Respondent | None:
    if not external_id:
        return None
    respondent, _created = Respondent.objects.get_or_create(
        organization_id=organization_id,
        digest=respondent_digest(organization_id, external_id),
    )
    return respondent
