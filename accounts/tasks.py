"""What accounts leaves for later: letters, and seals."""

from uuid import UUID

import structlog
from celery import shared_task

from common import outbox

from . import letters, selectors
from .audit.sealing import seal_all
from .services.invitations import INVITED, write_letter
from .services.passwords import FORGOTTEN

log = structlog.get_logger(__name__)


@outbox.handles(INVITED)
def send_invitation(*, organization_id: UUID | None, key: str) -> None:
    """Send an invitation that is still open; the link is made now, and kept nowhere."""
    letter = organization_id and write_letter(
        organization_id=organization_id, invitation_id=UUID(key)
    )
    if letter:
        letters.send_invitation(letter)
        log.info("invitation.sent", invitation_id=key)


@outbox.handles(FORGOTTEN)
def send_reset(*, organization_id: UUID | None, key: str) -> None:
    """Send somebody who may still sign in a link to a new password."""
    person = selectors.user(UUID(key))
    if person is not None:
        letters.send_reset(person)
        log.info("password_reset.sent", user_id=key)


@shared_task(name="audit.seal")
def seal_audit() -> None:
    """Seal what was written since the last time."""
    sealed = seal_all()
    if sealed:
        log.info("audit.rows_sealed", count=sealed)
