"""Every read of sessions; the organization always comes first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Final, cast
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import NotFoundError
from detection.facade import BLOCKING, Action, AnyEvent, Family, Policy
from flags.facade import is_on

from .engine.columns import unpack
from .identity import respondent_digest
from .models import Answer, BehaviorData, SavedView, Session, SessionTag, Survey

KINDS = AnyEvent.__args__
# A report is read by people; what is missing beyond this is told by its number.
MOST_MISSING_SHOWN: Final = 1_000
# Different policies at once, of a few hundred bytes each.
POLICIES_KEPT: Final = 1_024


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """What a list of sessions is narrowed to; None leaves a field open."""

    survey_id: UUID | None = None
    status: str | None = None
    verdict: str | None = None
    respondent_id: str | None = None
    tag: str | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None


def survey(*, organization_id: UUID, survey_id: UUID) -> Survey:
    """Return a survey.

    Raises
    ------
    NotFoundError
        The organization has no such survey.
    """
    found = Survey.objects.filter(organization_id=organization_id, id=survey_id).first()
    if found is None:
        raise NotFoundError(_("There is no such survey."))
    return found


def surveys(*, organization_id: UUID) -> QuerySet[Survey]:
    """Return an organization's surveys."""
    return Survey.objects.filter(organization_id=organization_id)


def survey_named(*, organization_id: UUID, name: str) -> Survey | None:
    """Return a survey by its name."""
    return Survey.objects.filter(organization_id=organization_id, name=name).first()


def session(*, organization_id: UUID, session_id: UUID) -> Session:
    """Return a session with its survey.

    Raises
    ------
    NotFoundError
        The organization has no such session.
    """
    found = (
        Session.objects.select_related("survey")
        .filter(organization_id=organization_id, id=session_id)
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such session."))
    return found


def sessions(*, organization_id: UUID, wanted: SessionFilter) -> QuerySet[Session]:
    """Return the sessions that fit, without what lists do not show."""
    found = Session.objects.filter(organization_id=organization_id).defer("state")
    exact = {
        "survey_id": wanted.survey_id,
        "status": wanted.status,
        "verdict": wanted.verdict,
        "tags__tag": wanted.tag,
        "created_at__gte": wanted.started_after,
        "created_at__lt": wanted.started_before,
    }
    found = found.filter(**{k: v for k, v in exact.items() if v is not None})
    if wanted.tag is not None:
        # The index is led by the organization, like every one here.
        found = found.filter(tags__organization_id=organization_id)
    if wanted.respondent_id is not None:
        digest = respondent_digest(organization_id, wanted.respondent_id)
        found = found.filter(
            respondent__organization_id=organization_id, respondent__digest=digest
        )
    return found.prefetch_related("tags")


def tags_of(*, organization_id: UUID, session_id: UUID) -> list[str]:
    """Return a session's tags in their order."""
    tags = SessionTag.objects.filter(
        organization_id=organization_id, session_id=session_id
    )
    return list(tags.order_by("tag").values_list("tag", flat=True))


def batches(*, organization_id: UUID, session_id: UUID) -> QuerySet[BehaviorData]:
    """Return a session's batches in their order, without their events."""
    found = BehaviorData.objects.filter(
        organization_id=organization_id, session_id=session_id
    )
    return found.defer("columns").order_by("seq")


def batch(*, organization_id: UUID, session_id: UUID, seq: int) -> BehaviorData | None:
    """Return one batch."""
    return BehaviorData.objects.filter(
        organization_id=organization_id, session_id=session_id, seq=seq
    ).first()


def events_by_batch(
    *, organization_id: UUID, session_id: UUID
) -> Iterator[tuple[int, list[AnyEvent], int]]:
    """Yield each batch's seq, events and number of unknown ones, in order."""
    rows = BehaviorData.objects.filter(
        organization_id=organization_id, session_id=session_id
    ).order_by("seq")
    for row in rows.iterator(chunk_size=50):
        events, unknown = unpack(bytes(row.columns), KINDS)
        yield row.seq, events, len(unknown)


@dataclass(frozen=True, slots=True)
class BatchPart:
    """Some batches in a row with their events; `next_seq` is None at the end."""

    batches: Sequence[BehaviorData]
    events: Mapping[int, Sequence[AnyEvent]]
    next_seq: int | None


def batch_part(
    *,
    organization_id: UUID,
    session_id: UUID,
    from_seq: int,
    most_batches: int,
    most_events: int,
) -> BatchPart:
    """Return the batches from a seq on, up to a number of them and of events.

    At least one batch is returned if there is any, however many events it has.
    """
    rows = BehaviorData.objects.filter(
        organization_id=organization_id, session_id=session_id, seq__gte=from_seq
    ).order_by("seq")
    found = list(rows.defer("columns")[: most_batches + 1])
    taken, events = 0, 0
    for row in found[:most_batches]:
        events += row.event_count
        if taken and events > most_events:
            break
        taken += 1
    rest = found[taken:]
    shown = found[:taken]
    packed = rows.filter(seq__lte=shown[-1].seq) if shown else rows.none()
    return BatchPart(
        batches=shown,
        events={
            seq: unpack(bytes(columns), KINDS)[0]
            for seq, columns in packed.values_list("seq", "columns")
        },
        next_seq=rest[0].seq if rest else None,
    )


def missing_seqs(*, organization_id: UUID, session_id: UUID) -> list[int]:
    """Return the batches that never came although a later one did."""
    rows = BehaviorData.objects.filter(
        organization_id=organization_id, session_id=session_id
    )
    seen = set(rows.values_list("seq", flat=True))
    missing = (seq for seq in range(max(seen, default=0)) if seq not in seen)
    return list(islice(missing, MOST_MISSING_SHOWN))


def answers(*, organization_id: UUID, session_id: UUID) -> QuerySet[Answer]:
    """Return what was answered, in the order of arrival."""
    return Answer.objects.filter(
        organization_id=organization_id, session_id=session_id
    ).order_by("id")


def saved_views(*, owner_id: UUID) -> QuerySet[SavedView]:
    """Return somebody's views, by name."""
    return SavedView.objects.filter(owner_id=owner_id).order_by("name")


def policy_of(survey: Survey) -> Policy:
    """Return what follows from a verdict in this survey."""
    return _policy(
        cast("Action", survey.bot_action),
        cast("Action", survey.suspicious_action),
        cast("Action", survey.declared_agent_action),
        survey.behaviour_may_block,
        frozenset([*survey.families_off, *settings.FAMILIES_OFF]),
    )


def policy_in_force(session: Session) -> Policy:
    """Return what follows from a verdict in a session, as flags have it now."""
    policy = policy_of(session.survey)
    if is_on(
        BLOCKING,
        organization_id=session.organization_id,
        user=str(session.id),
        surveyId=str(session.survey_id),
    ):
        return policy
    return replace(policy, may_block=False)


@lru_cache(maxsize=POLICIES_KEPT)
def _policy(
    bot: Action,
    suspicious: Action,
    declared_agent: Action,
    behaviour_may_block: bool,  # noqa: FBT001 - hashed by its place
    off: frozenset[str],
) -> Policy:
    """Return a policy; each batch asks for its survey's."""
    return Policy(
        bot_action=bot,
        suspicious_action=suspicious,
        declared_agent_action=declared_agent,
        behaviour_may_block=behaviour_may_block,
        families_off=frozenset(map(Family, off)),
    )
