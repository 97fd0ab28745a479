"""Whole sessions that an organization wants to be forgotten after so many days.

Nobody is asked for that: they go like a respondent who is erased, without a receipt.
Figures stay as they are, for they are counts of days and name nobody.
"""

import time
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.facade import own_days, record_act
from common.partitions.bounds import first_id
from common.tenancy import scope

from ..models import Respondent, Session, Status
from ..subjects import Subject
from .erasing import remove_sessions

log = structlog.get_logger(__name__)

# With their batches these are some hundred rows, as when rows alone go.
SESSIONS_AT_ONCE: Final = 20
# Far below the hard limit of a task (300 s); what is left is for the next round.
ROUND_LASTS_S: Final = 60.0


def forget_sessions() -> dict[UUID, int]:
    """Forget sessions that are past their organization's time; return how many."""
    ends_at = time.monotonic() + ROUND_LASTS_S
    forgotten: dict[UUID, int] = {}
    for organization_id, days in own_days("sessions_kept_days").items():
        with scope.entered(organization_id):
            count = 0
            while time.monotonic() < ends_at:
                if not (some := _forget_some(organization_id, days)):
                    break
                count += some
            if count:
                forgotten[organization_id] = count
                _tell(organization_id, count)
    return forgotten


@transaction.atomic
def _forget_some(organization_id: UUID, days: int) -> int:
    """Forget the oldest that are due; return how many sessions."""
    before = timezone.now() - timedelta(days=days)
    # Ids hold the start, and an index has them by organization: whoever began later is
    # not looked at.
    due = Session.objects.filter(
        organization_id=organization_id,
        id__lt=first_id(before),
        last_seen_at__lt=before,
    ).exclude(status=Status.ACTIVE)
    ids = list(due.order_by("id").values_list("id", flat=True)[:SESSIONS_AT_ONCE])
    if ids:
        remove_sessions(Subject(organization_id, None, ids))
        _remove_strangers(organization_id, due_before=days)
    return len(ids)


def _remove_strangers(organization_id: UUID, *, due_before: int) -> None:
    """Remove respondents whose last session is gone."""
    alone = Respondent.objects.filter(
        organization_id=organization_id,
        created_at__lt=timezone.now() - timedelta(days=due_before),
    )
    of_sessions = Session.objects.filter(organization_id=organization_id)
    known = of_sessions.exclude(respondent=None).values("respondent_id")
    alone.exclude(id__in=known).delete()


@transaction.atomic
def _tell(organization_id: UUID, count: int) -> None:
    after = {"table": "sessions_app_session", "rows": count}
    record_act("rows.erased", organization_id=organization_id, after=after)
    log.info("sessions.forgotten", organization_id=str(organization_id), sessions=count)
