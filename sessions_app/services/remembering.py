"""What the engine remembers of a session, between one batch and the next."""

import structlog

from detection.facade import SessionState, UnreadableStateError

from .. import selectors
from ..models import Session

log = structlog.get_logger(__name__)


def state_of(session: Session) -> SessionState:
    """Return a session's state, made anew from its batches if it cannot be read.

    A release that remembers other things cannot read what the one before it wrote.
    """
    try:
        return SessionState.from_bytes(bytes(session.state))
    except UnreadableStateError:
        log.warning("state.rebuilt", session_id=str(session.id))
        return replayed(session, SessionState.new())


def replayed(session: Session, state: SessionState) -> SessionState:
    """Return the state after all of a session's stored batches, in their order."""
    for seq, events, unknown in selectors.events_by_batch(
        organization_id=session.organization_id, session_id=session.id
    ):
        state.absorb(seq, events, unknown)
    return state
