"""What is known of a respondent, for themselves: everything, and in words.

The law gives it to them (GDPR, articles 15 and 20), and the logic of a decision as
well: each verdict comes with its reasons as sentences.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from accounts.facade import record_act
from detection.facade import course_of, latest_result, verdict_document
from experiments import facade as experiments
from flags.facade import overrides_of

from . import selectors
from .models import BehaviorData, Session
from .services.remembering import state_of
from .signals import session_disclosed
from .subjects import Name, Subject, subject

# Of the document's shape; a field that goes or changes its meaning is another one.
FORMAT: Final = "bonafide.subject-access/1"


def disclose(name: Name) -> bytes:
    """Return all that is known of somebody as JSON, and write down that it was asked.

    Raises
    ------
    NotFoundError
        The organization knows nobody of this name.
    """
    with transaction.atomic():
        whose = subject(name)
        record_act(
            "respondent.exported",
            organization_id=name.organization_id,
            after={"sessions": len(whose.session_ids)},
        )
        return _ENCODER.encode(_document(name, whose))


def _document(name: Name, whose: Subject) -> dict[str, Any]:
    respondent = whose.respondent
    return {
        "format": FORMAT,
        "made_at": timezone.now(),
        "organization_id": whose.organization_id,
        "respondent": respondent
        and {"digest": respondent.digest, "known_since": respondent.created_at},
        "sessions": [
            _session(whose.organization_id, session_id)
            for session_id in whose.session_ids
        ],
        "flag_overrides": _overrides(name, whose),
        "experiments": experiments.disclose(
            organization_id=name.organization_id,
            session_ids=whose.session_ids,
            respondent=name.respondent_id,
        ),
    }


def _overrides(name: Name, whose: Subject) -> list[dict[str, Any]]:
    users = [str(one) for one in whose.session_ids]
    users += [name.respondent_id] if name.respondent_id else []
    return [
        {"flag": one.flag, "variant": one.variant, "until": one.expires_at}
        for user in users
        for one in overrides_of(organization_id=name.organization_id, user=user)
    ]


def _session(organization_id: UUID, session_id: UUID) -> dict[str, Any]:
    ids = {"organization_id": organization_id, "session_id": session_id}
    session = selectors.session(**ids)
    return {
        "id": session.id,
        "survey": {"id": session.survey_id, "name": session.survey.name},
        "status": session.status,
        "started_at": session.created_at,
        "last_seen_at": session.last_seen_at,
        "ended_at": session.ended_at,
        "tags": selectors.tags_of(**ids),
        "metadata": session.metadata,
        "consent": {
            "given": session.consent_given,
            "version": session.consent_version,
            "at": session.consent_at,
        },
        "gpc": session.gpc,
        "verdict": verdict_document(
            latest_result(**ids), session_id=session.id, status=session.status
        ),
        "is_final": session.is_final,
        "course": [
            {
                "seq": step.seq,
                "verdict": step.verdict,
                "bot_probability": step.bot_probability,
            }
            for step in course_of(
                organization_id=organization_id, session_id=session_id
            )
        ],
        "answers": [
            {
                "item": answer.item,
                "type": answer.kind,
                "value": answer.value,
                "shown_ms": answer.shown_ms,
                "answered_ms": answer.answered_ms,
                "received_at": answer.created_at,
            }
            for answer in selectors.answers(**ids)
        ],
        "requests": _requests(session),
        "batches": list(_batches(session)),
        **_told_by_others(ids),
    }


def _told_by_others(ids: Mapping[str, UUID]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for _receiver, answer in session_disclosed.send(Session, **ids):
        told |= cast("dict[str, Any]", answer)
    return told


def _requests(session: Session) -> dict[str, Any] | None:
    """Return what is remembered of headers, as long as anything is."""
    if not session.state:
        return None
    return state_of(session).told_of_requests()


def _batches(session: Session) -> Iterator[dict[str, Any]]:
    rows = {
        row.seq: row
        for row in selectors.batches(
            organization_id=session.organization_id, session_id=session.id
        )
    }
    for seq, events, unknown in selectors.events_by_batch(
        organization_id=session.organization_id, session_id=session.id
    ):
        row: BehaviorData = rows[seq]
        yield {
            "seq": seq,
            "received_at": row.created_at,
            "behind_ms": row.behind_ms,
            "events": events,
            "unknown_count": unknown,
        }


def _plain(value: object) -> str:
    if isinstance(value, Promise):
        return str(value)
    message = f"{type(value).__name__} is nothing that JSON knows."
    raise NotImplementedError(message)


_ENCODER: Final = msgspec.json.Encoder(enc_hook=_plain)
