"""Setting the demo up, and keeping what was answered in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

import structlog

from accounts.facade import (
    allow_origin,
    create_key,
    create_organization,
    organization_named,
    principal_of_token,
    publishable_key,
    revoke_key,
)
from common.errors import ConflictError, NotFoundError
from common.tenancy import scope
from sessions_app.facade import (
    GivenAnswer,
    create_survey,
    record_answers,
    session,
    survey_named,
)

from .demo import PAGES
from .selectors import ORGANIZATION, SURVEY, Demo

log = structlog.get_logger(__name__)


@scope.everywhere("demo")
def ensure_demo(*origins: str) -> Demo:
    """Set the demo up as far as it is missing, to be opened from these origins.

    Doing it again changes nothing; doing it twice at the same time gives one demo.
    """
    organization_id = _organization_id()
    survey_id = _survey_id(organization_id)
    if publishable_key(organization_id) is None:
        create_key(
            organization_id=organization_id,
            kind="publishable",
            name=SURVEY,
            origins=origins,
        )
    # Read again: of two keys made at the same time everyone uses the newer one.
    key = publishable_key(organization_id)
    if key is None:  # pragma: no cover - revoked within the same moment
        msg = "The demo's key was revoked while the demo was being set up."
        raise ConflictError(msg)
    for origin in origins:
        allow_origin(organization_id=organization_id, key_id=key.id, origin=origin)
    return Demo(organization_id, survey_id, key.public_text)


def keep_answers(
    *, demo: Demo, session_id: str, token: str, answers: Mapping[str, str]
) -> bool:
    """Store the answers of all complete pages with the browser's session.

    Says whether they were stored. They are not when the token is missing, forged, too
    old or another session's: the survey goes on without.
    """
    owner = _session_of(demo, session_id, token)
    if owner is None:
        return False
    given = [
        GivenAnswer(item=question.id, kind=question.kind, value=question.value(answers))
        for page in PAGES
        if not page.mistakes(answers)
        for question in page.questions
    ]
    record_answers(
        organization_id=demo.organization_id, session_id=owner, answers=given
    )
    return True


@contextmanager
def lent_key(name: str) -> Iterator[str]:
    """Lend a secret key of the demo's organization; it is revoked afterwards."""
    with scope.everywhere("demo"):
        organization_id = _organization_id()
        key, text = create_key(
            organization_id=organization_id, kind="secret", name=name
        )
    try:
        yield text
    finally:
        with scope.entered(organization_id):
            revoke_key(organization_id=organization_id, key_id=key.id)


def _session_of(demo: Demo, session_id: str, token: str) -> UUID | None:
    """Return the session that a form's hidden fields prove, None if they do not."""
    if not token:
        log.warning("demo.answers_left", reason="no_token")
        return None
    principal = principal_of_token(token)
    if (
        principal is None
        or principal.session_id is None
        or principal.organization_id != demo.organization_id
        or str(principal.session_id) != session_id
    ):
        log.warning("demo.answers_left", reason="token_refused")
        return None
    try:
        found = session(
            organization_id=demo.organization_id, session_id=principal.session_id
        )
    except NotFoundError:
        log.warning("demo.answers_left", reason="no_session")
        return None
    if found.survey_id != demo.survey_id:
        log.warning("demo.answers_left", reason="other_survey")
        return None
    return principal.session_id


def _organization_id() -> UUID:
    try:
        return organization_named(ORGANIZATION).id
    except NotFoundError:
        pass
    try:
        return create_organization(name=ORGANIZATION).id
    except ConflictError:
        return organization_named(ORGANIZATION).id


def _survey_id(organization_id: UUID) -> UUID:
    found = survey_named(organization_id=organization_id, name=SURVEY)
    if found is not None:
        return found.id
    try:
        return create_survey(
            organization_id=organization_id,
            name=SURVEY,
            show_reasons=True,
            share_action=True,
        ).id
    except ConflictError:
        found = survey_named(organization_id=organization_id, name=SURVEY)
        if found is None:  # pragma: no cover - deleted within the same moment
            raise
        return found.id
