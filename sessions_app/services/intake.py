"""One batch from the wire to the verdict, in one transaction."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common import outbox
from common.errors import ConflictError, NotFoundError
from common.statements import Insert, Lookup, Together, Update
from detection.facade import (
    AnyEvent,
    DetectionResult,
    Device,
    Network,
    RequestFacts,
    Verdict,
    batch_result,
    flags_version,
    judge,
    modes_of,
    recommended_action,
    result_of_batch,
)

from .. import selectors
from ..engine.columns import pack, unpack
from ..models import BehaviorData, Session, Status
from .at_hand import at_hand
from .ending import ENDED
from .remembering import state_of

log = structlog.get_logger(__name__)

# Two hours of a hand that never rests give about 200,000 events (30 a second, as the
# client sends them). Judging that many takes 2 s; ten times as many held other
# respondents up for 10 s on the embedded default.
MOST_EVENTS_OF_A_SESSION: Final = 300_000
# Eleven hours of a batch every two seconds, nearly three lives of a session token.
MOST_BATCHES_OF_A_SESSION: Final = 20_000

# How far behind the indexed moment may be: the sweep passes over as many sessions as
# were seen in so long, and a session's row leaves its page once in it.
ROUGHLY: Final = timedelta(minutes=5)

# Clocks are wrong by hours, not by centuries; the column holds 64 bits.
MOST_BEHIND_MS: Final = 10**15

# Events about the browser and its connection, not about what somebody did.
DEVICE: Final = (Device, Network)

CHANGED_BY_A_BATCH: Final = [
    "state",
    "next_seq",
    "batch_count",
    "event_count",
    "verdict",
    "bot_probability",
    "recommended_action",
    "status",
    "last_seen_at",
    "roughly_seen_at",
    "ended_at",
    "gpc",
]


# Whoever changes a session changes one of these, so that who has read it before writes
# nothing.
SEEN_BEFORE: Final = ["batch_count", "status"]


# What a batch needs to know: reading a row takes longer than finding it.
KNOWN_OF_A_SESSION: Final = [
    "organization",
    "status",
    "state",
    "next_seq",
    "batch_count",
    "event_count",
    "verdict",
    "bot_probability",
    "recommended_action",
    "roughly_seen_at",
    "ended_at",
    "consent_given",
    "gpc",
    "survey__bot_action",
    "survey__suspicious_action",
    "survey__declared_agent_action",
    "survey__behaviour_may_block",
    "survey__blocking_ends_session",
    "survey__share_action",
    "survey__show_reasons",
    "survey__families_off",
]


def _sessions(organization_id: UUID, session_id: UUID) -> QuerySet[Session]:
    rows = Session.objects.select_related("survey").only(*KNOWN_OF_A_SESSION)
    return rows.filter(organization_id=organization_id, id=session_id)


_READ: Final = Lookup[Session](_sessions, related="survey")
# SQLite knows no row locks; its immediate transactions are the lock.
_LOCKED: Final = Lookup[Session](
    lambda *keys: _sessions(*keys).select_for_update(of=("self",), no_key=True),
    related="survey",
)
_WRITES: Final = Together(
    Update(Session, CHANGED_BY_A_BATCH, if_still=SEEN_BEFORE),
    Insert(BehaviorData),
    Insert(DetectionResult),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request brought; `packed` is how its events are stored."""

    seq: int
    events: Sequence[AnyEvent]
    unknown: Sequence[bytes]
    sent_at: datetime | None

    @property
    def event_count(self) -> int:
        """Return how many events came, known or not."""
        return len(self.events) + len(self.unknown)


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A batch, how it is stored, whose it is, and what its request said."""

    organization_id: UUID
    session_id: UUID
    batch: Batch
    packed: bytes
    facts: RequestFacts | None
    gpc: bool | None

    @property
    def of_session(self) -> dict[str, UUID]:
        """The session, as rows and selectors name it."""
        return {
            "organization_id": self.organization_id,
            "session_id": self.session_id,
        }


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored batch: its session as it stands now, and what was said after it."""

    session: Session
    result: DetectionResult | None
    is_repeated: bool = False


def record_batch(
    *,
    organization_id: UUID,
    session_id: UUID,
    batch: Batch,
    facts: RequestFacts | None = None,
    gpc: bool | None = None,
) -> Recorded:
    """Store and judge a batch; the same batch again changes nothing.

    `gpc` says whether the browser asked for privacy (Sec-GPC), None if none sent this.

    Batches of one session rarely meet. So it is read without a lock, and what a batch
    changes is written only if nobody changed it meanwhile: one statement, which is its
    own transaction. Who comes too late tries again, and holds the session then.

    Raises
    ------
    NotFoundError
        The organization has no such session.
    ConflictError
        ``seq_reused``: this seq came before with other events (`next_seq` is free).
        ``session_closed``, ``session_expired``, ``session_full``: the session takes no
        more batches.
    """
    packed = pack(batch.events, batch.unknown)
    arrived = _Arrived(organization_id, session_id, batch, packed, facts, gpc)
    if connection.vendor == "postgresql":
        recorded = _record(arrived, _READ)
        if recorded is not None:
            return recorded
    with transaction.atomic():
        recorded = _record(arrived, _LOCKED)
    if recorded is None:
        message = "A session changed while it was held."
        raise RuntimeError(message)
    return recorded


def _record(arrived: _Arrived, lookup: Lookup[Session]) -> Recorded | None:
    """Store and judge a batch; None if its session must be held for it."""
    batch = arrived.batch
    # SQLite's way and a second attempt hold the row, and so must read it.
    left = (
        at_hand.take(**arrived.of_session, seq=batch.seq) if lookup is _READ else None
    )
    session = left.session if left else _found(arrived, lookup)
    if session.consent_given is False:
        arrived = _as_allowed(arrived)
        batch = arrived.batch
    if batch.seq < session.next_seq:
        known = selectors.batch(**arrived.of_session, seq=batch.seq)
        if known is not None:
            return _repeated(session, known, arrived.packed)
    _refuse_more(session)
    was = [getattr(session, name) for name in SEEN_BEFORE]
    started = time.perf_counter()
    verdict = _absorb(session, batch, arrived.facts)
    row = _taken(session, arrived)
    if session.status == Status.BLOCKED:
        if lookup is _READ:
            return None
        outbox.add(topic=ENDED, key=session.id, organization_id=session.organization_id)
    result = batch_result(
        **arrived.of_session,
        seq=batch.seq,
        verdict=verdict,
        action=session.recommended_action,
        event_count=session.event_count,
        flags_version=flags_version(session.organization_id),
        processing_time_ms=(time.perf_counter() - started) * 1000,
    )
    if not _WRITES.run(session, row, result, was=was):
        return None
    at_hand.put(session, left.read_at if left else None)
    if settings.LOG_RAW_EVENTS:
        log.info("batch.raw", session_id=str(session.id), events=repr(batch.events))
    return Recorded(session=session, result=result)


def _found(arrived: _Arrived, lookup: Lookup[Session]) -> Session:
    session = lookup.first(arrived.organization_id, arrived.session_id)
    if session is None:
        raise NotFoundError(_("There is no such session."))
    return session


def _as_allowed(arrived: _Arrived) -> _Arrived:
    """Leave out what was not consented to: who the browser is, and where it comes from.

    What types are unknown is left out as well: it may say so too.
    """
    events = [one for one in arrived.batch.events if not isinstance(one, DEVICE)]
    batch = replace(arrived.batch, events=events, unknown=())
    return replace(arrived, batch=batch, packed=pack(events), facts=None)


def _refuse_more(session: Session) -> None:
    """Raise ConflictError if the session takes no more batches.

    `collect` tells the client to stop; without it, it may open a new session, as after
    a long pause.
    """
    if session.status == Status.EXPIRED:
        reason = _("This session was silent for too long and is over.")
        raise ConflictError(reason, code="session_expired")
    if session.status != Status.ACTIVE:
        reason = _("This session is over and takes no more data.")
        raise ConflictError(reason, code="session_closed", collect=False)
    if (
        session.event_count >= MOST_EVENTS_OF_A_SESSION
        or session.batch_count >= MOST_BATCHES_OF_A_SESSION
    ):
        reason = _("This session has sent as much as a session may.")
        raise ConflictError(reason, code="session_full", collect=False)


def _repeated(session: Session, known: BehaviorData, packed: bytes) -> Recorded:
    # By content: another release may pack the same events into other bytes.
    stored = unpack(bytes(known.columns), selectors.KINDS)
    if stored != unpack(packed, selectors.KINDS):
        raise ConflictError(
            _("This seq came before, with other events."),
            code="seq_reused",
            next_seq=session.next_seq,
        )
    result = result_of_batch(
        organization_id=session.organization_id, session_id=session.id, seq=known.seq
    )
    return Recorded(session=session, result=result, is_repeated=True)


def _absorb(session: Session, batch: Batch, facts: RequestFacts | None) -> Verdict:
    """Let the engine see the batch; leave what it says on the session."""
    state = state_of(session)
    if facts is not None:
        state.absorb_request(facts)
    state.absorb(batch.seq, batch.events, len(batch.unknown))
    policy = selectors.policy_in_force(session)
    session.state = state.to_bytes()
    modes = modes_of(session.organization_id, session.id, session.survey_id)
    verdict = judge(state.concluded(), off=policy.families_off, modes=modes)
    session.verdict = str(verdict.kind)
    session.bot_probability = verdict.bot_probability
    session.recommended_action = recommended_action(verdict, policy)
    return verdict


def _taken(session: Session, arrived: _Arrived) -> BehaviorData:
    """Count a batch on its session; return what is stored of it."""
    now, batch = timezone.now(), arrived.batch
    session.next_seq = max(session.next_seq, batch.seq + 1)
    session.batch_count += 1
    session.event_count += batch.event_count
    session.last_seen_at = now
    if arrived.gpc is not None:
        session.gpc = arrived.gpc or session.gpc is True
    if now - session.roughly_seen_at > ROUGHLY:
        session.roughly_seen_at = now
    if session.survey.blocking_ends_session and session.recommended_action == "block":
        session.status = Status.BLOCKED
        session.ended_at = now
    times = [event.t for event in batch.events]
    return BehaviorData(
        **arrived.of_session,
        seq=batch.seq,
        event_count=batch.event_count,
        unknown_count=len(batch.unknown),
        first_ms=min(times, default=None),
        last_ms=max(times, default=None),
        behind_ms=_behind_ms(now, batch.sent_at),
        columns=arrived.packed,
    )


def _behind_ms(now: datetime, sent_at: datetime | None) -> int | None:
    if sent_at is None:
        return None
    behind = int((now.timestamp() - sent_at.timestamp()) * 1000)
    return max(-MOST_BEHIND_MS, min(MOST_BEHIND_MS, behind))
