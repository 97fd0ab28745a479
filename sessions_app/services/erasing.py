"""Erasing a respondent: everything that is known of them, in one transaction.

What stays is a receipt that names nobody, and the audit's entry. Figures of days are
counts; a session that is erased is taken out of them while its results are there.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Model

from accounts.facade import record_act
from common import outbox
from common.errors import NotFoundError
from detection.facade import DetectionResult, final_results_of
from experiments.facade import forget_sessions
from flags.facade import forget_user

from ..models import (
    Answer,
    BehaviorData,
    Erasure,
    Respondent,
    Session,
    SessionTag,
)
from ..signals import sessions_erased
from ..subjects import Name, Subject, erasure_of, subject
from .at_hand import at_hand
from .tallying import take_session

log = structlog.get_logger(__name__)

# What hangs on a session, in the order in which it can go.
OF_A_SESSION: Final[Sequence[type[Model]]] = (
    DetectionResult,
    BehaviorData,
    Answer,
    SessionTag,
)


def erase_respondent(name: Name) -> Erasure:
    """Erase all that is known of somebody; return the receipt.

    Who was erased before and is not known any more gets the same receipt again. A batch
    that comes afterwards is answered as for a session that never was.

    Raises
    ------
    NotFoundError
        The organization knows nobody of this name, and never erased them.
    """
    try:
        return _erase(name)
    except NotFoundError:
        if earlier := erasure_of(name):
            return earlier
        raise


@transaction.atomic
def _erase(name: Name) -> Erasure:
    whose = subject(name)
    rows = remove_sessions(whose, counted=False)
    if whose.respondent is not None:
        rows[_label(Respondent)] += Respondent.objects.filter(
            organization_id=name.organization_id, id=whose.respondent.id
        ).delete()[0]
    rows["flags.FeatureFlagOverride"] += _forget_overrides(name, whose)
    rows += forget_sessions(
        organization_id=name.organization_id,
        session_ids=whose.session_ids,
        respondent=name.respondent_id,
    )
    rows = +rows
    receipt = Erasure.objects.create(
        organization_id=name.organization_id,
        whom=name.digest,
        sessions=len(whose.session_ids),
        rows=dict(sorted(rows.items())),
    )
    after = {"sessions": receipt.sessions, "rows": sum(rows.values())}
    record_act("respondent.erased", target=receipt, after=after)
    log.info("respondent.erased", erasure_id=str(receipt.id), **after)
    return receipt


def _forget_overrides(name: Name, whose: Subject) -> int:
    """Forget what flags were set to for somebody, by any name that is known here."""
    users = [str(one) for one in whose.session_ids]
    users += [name.respondent_id] if name.respondent_id else []
    return sum(
        forget_user(organization_id=name.organization_id, user=user) for user in users
    )


@transaction.atomic
def remove_sessions(whose: Subject, *, counted: bool = True) -> Counter[str]:
    """Remove some sessions with all that hangs on them; return how many rows of what.

    `counted` leaves them in the figures of their days.
    """
    # Who sends a batch now waits here, and then finds nothing to add it to.
    held = Session.objects.filter(
        organization_id=whose.organization_id, id__in=whose.session_ids
    ).order_by("id")
    if connection.vendor == "postgresql":
        held = held.select_for_update()
    sessions = list(held.defer("state", "metadata"))
    ids = [session.id for session in sessions]
    rows: Counter[str] = Counter()
    for _receiver, told in sessions_erased.send(
        Session, organization_id=whose.organization_id, session_ids=ids
    ):
        rows.update(told)
    if sessions:
        last = max(session.last_seen_at for session in sessions)
        rows["common.OutboxRow"] += outbox.forget(ids, since=last)
    if not counted:
        _take_out(whose.organization_id, sessions)
    for model in OF_A_SESSION:
        found = model._default_manager.filter(  # noqa: SLF001 - Django's documented API
            organization_id=whose.organization_id, session_id__in=ids
        )
        rows[_label(model)] += found.delete()[0]
    rows[_label(Session)] += Session.objects.filter(
        organization_id=whose.organization_id, id__in=ids
    ).delete()[0]
    transaction.on_commit(at_hand.forget)
    return Counter({label: count for label, count in rows.items() if count})


def _take_out(organization_id: UUID, sessions: Sequence[Session]) -> None:
    """Take what was counted out of the figures, as far as it can still be counted."""
    ids = [session.id for session in sessions if session.is_final]
    results = final_results_of(organization_id=organization_id, session_ids=ids)
    for session in sessions:
        if session.is_final and (result := results.get(session.id)):
            take_session(session, result)


def _label(model: type[Model]) -> str:
    return model._meta.label  # noqa: SLF001 - documented
