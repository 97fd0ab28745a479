"""Ending a session, and the last word on it."""

import time
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import outbox
from common.errors import ConflictError
from common.tenancy import scope
from detection.facade import (
    WHOLE_SESSION,
    DetectionResult,
    SessionFeatures,
    flags_version,
    judge,
    modes_of,
    recommended_action,
    record_final_result,
)
from flags.facade import is_on

from .. import metrics, selectors, signals
from ..models import Session, Status
from .experimenting import tell_of
from .remembering import replayed, state_of
from .tallying import add_session

log = structlog.get_logger(__name__)

ENDED: Final = "session.ended"
# The usual end of a web session in analytics (GA4's default is the same).
IDLE_AFTER: Final = timedelta(minutes=30)
# As many are looked up at once.
MOST_EXPIRED: Final = 500


@transaction.atomic
def complete_session(*, organization_id: UUID, session_id: UUID) -> Session:
    """End a session; its final verdict follows. Completing it again changes nothing.

    Raises
    ------
    NotFoundError
        The organization has no such session.
    ConflictError
        It expired or was blocked before.
    """
    ended = _end(organization_id, session_id, Status.COMPLETED)
    if ended:
        signals.session_completed.send(
            Session, organization_id=organization_id, session_id=session_id
        )
    session = selectors.session(organization_id=organization_id, session_id=session_id)
    if not ended and session.status != Status.COMPLETED:
        raise ConflictError(_("This session is over already."), code="session_closed")
    return session


def expire_idle() -> int:
    """End sessions that were silent for half an hour; return how many."""
    before = timezone.now() - IDLE_AFTER
    expired = 0
    while found := _expire_some(before):
        expired += found
    return expired


def _expire_some(before: datetime) -> int:
    """End the longest silent ones; return how many."""
    # An index finds those that may be idle by the first moment; the second is exact.
    idle = Session.objects.filter(
        status=Status.ACTIVE, roughly_seen_at__lt=before, last_seen_at__lt=before
    )
    expired = 0
    first = idle.order_by("roughly_seen_at").values_list("id", "organization_id")
    with scope.everywhere("sessions.expire_idle"):
        found = list(first[:MOST_EXPIRED])
    for session_id, organization_id in found:
        with scope.entered(organization_id), transaction.atomic():
            expired += _end(organization_id, session_id, Status.EXPIRED, before)
    return expired


def _end(
    organization_id: UUID,
    session_id: UUID,
    status: Status,
    idle_since: datetime | None = None,
) -> bool:
    """Close an active session and leave its judging behind; say whether it was open."""
    rows = Session.objects.filter(
        organization_id=organization_id, id=session_id, status=Status.ACTIVE
    )
    if idle_since is not None:
        # A batch may have come between the look and this.
        rows = rows.filter(last_seen_at__lt=idle_since)
    if not rows.update(status=status, ended_at=timezone.now()):
        return False
    outbox.add(topic=ENDED, key=session_id, organization_id=organization_id)
    return True


@transaction.atomic
def judge_whole_session(
    *, organization_id: UUID, session_id: UUID
) -> tuple[DetectionResult, bool]:
    """Judge a session from all its batches, in their order; keep the answer once.

    Returns the final result, and whether this call made it.

    Raises
    ------
    NotFoundError
        The session is gone.
    ConflictError
        ``events_erased``: its batches are past retention; its last verdict stays.
    """
    session = selectors.session(organization_id=organization_id, session_id=session_id)
    _refuse_erased(session)
    started = time.perf_counter()
    features = _seen(session)
    policy = selectors.policy_in_force(session)
    modes = modes_of(organization_id, session_id, session.survey_id)
    verdict = judge(features, off=policy.families_off, modes=modes)
    result, made = record_final_result(
        organization_id=organization_id,
        session_id=session_id,
        verdict=verdict,
        action=recommended_action(verdict, policy),
        event_count=session.event_count,
        flags_version=flags_version(organization_id),
        processing_time_ms=(time.perf_counter() - started) * 1000,
    )
    if made:
        Session.objects.filter(id=session_id).update(
            verdict=result.verdict,
            bot_probability=result.bot_probability,
            recommended_action=result.recommended_action,
            is_final=True,
        )
        log.info("verdict.final", session_id=str(session_id), verdict=result.verdict)
        transaction.on_commit(partial(_count, result), robust=True)
        add_session(session, result)
        tell_of(session, result, features)
        signals.verdict_final.send(
            Session, organization_id=organization_id, session_id=session_id
        )
    return result, made


def _seen(session: Session) -> SessionFeatures:
    """Return what was seen of a session: all batches in their order, if a flag lets."""
    state = state_of(session)
    owner = session.organization_id
    if not is_on(WHOLE_SESSION, organization_id=owner, user=str(session.id)):
        return state.concluded()
    # Headers are not stored with the batches: those that were seen are kept.
    return replayed(session, state.restarted()).features()


def _count(result: DetectionResult) -> None:
    metrics.session_judged(
        verdict=result.verdict,
        fired=[str(reading[0]) for reading in result.fired],
        took_ms=result.processing_time_ms,
    )


def _refuse_erased(session: Session) -> None:
    """Raise ConflictError if batches are gone: half a session proves nothing."""
    stored = selectors.batches(
        organization_id=session.organization_id, session_id=session.id
    )
    if stored.count() < session.batch_count:
        reason = _("The events of this session are past their retention.")
        raise ConflictError(reason, code="events_erased")
