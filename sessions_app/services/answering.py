"""Storing what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction

from .. import selectors
from ..models import Answer


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One item's answer; times are in milliseconds since the session's start."""

    item: str
    kind: str
    value: Any
    shown_ms: float | None = None
    answered_ms: float | None = None


@transaction.atomic
def record_answers(
    *, organization_id: UUID, session_id: UUID, answers: Sequence[GivenAnswer]
) -> int:
    """Store answers; an item that was answered before has its new answer afterwards.

    Answers are taken after the end of a session too: platforms often send them last.

    Raises
    ------
    NotFoundError
        The organization has no such session.
    """
    selectors.session(organization_id=organization_id, session_id=session_id)
    # In one order, so that two requests with the same items cannot wait for each other.
    rows = {
        given.item: Answer(
            organization_id=organization_id,
            session_id=session_id,
            item=given.item,
            kind=given.kind,
            value=given.value,
            shown_ms=given.shown_ms,
            answered_ms=given.answered_ms,
        )
        for given in sorted(answers, key=attrgetter("item"))
    }
    Answer.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["session", "item"],
        update_fields=["kind", "value", "shown_ms", "answered_ms"],
    )
    return len(rows)
