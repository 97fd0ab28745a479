"""Every read of results."""

from collections.abc import Collection
from uuid import UUID

from ..models import DetectionResult


def result_of_batch(
    *, organization_id: UUID, session_id: UUID, seq: int
) -> DetectionResult | None:
    """Return what was said after one batch."""
    return DetectionResult.objects.filter(
        organization_id=organization_id, session_id=session_id, seq=seq
    ).first()


def latest_result(*, organization_id: UUID, session_id: UUID) -> DetectionResult | None:
    """Return the final result if there is one, else the newest batch's."""
    results = DetectionResult.objects.filter(
        organization_id=organization_id, session_id=session_id
    )
    return (
        results.filter(seq=None).order_by("-id").first()
        or results.order_by("-id").first()
    )


def course_of(
    *,
    organization_id: UUID,
    session_id: UUID,
    first_seq: int = 0,
    last_seq: int | None = None,
) -> list[DetectionResult]:
    """Return how the verdict went, batch by batch, from one seq to another."""
    results = DetectionResult.objects.filter(
        organization_id=organization_id, session_id=session_id, seq__gte=first_seq
    )
    if last_seq is not None:
        results = results.filter(seq__lte=last_seq)
    return list(
        results.only("seq", "verdict", "bot_probability", "event_count").order_by("seq")
    )


def final_results_of(
    *, organization_id: UUID, session_ids: Collection[UUID]
) -> dict[UUID, DetectionResult]:
    """Return the newest final result of each of these sessions that has one."""
    results = DetectionResult.objects.filter(
        organization_id=organization_id, session_id__in=session_ids, seq=None
    )
    return {result.session_id: result for result in results.order_by("id")}


def batch_times_of(
    *, organization_id: UUID, session_ids: Collection[UUID]
) -> dict[UUID, list[float]]:
    """Return how long each batch of these sessions took to judge, in ms."""
    rows = DetectionResult.objects.filter(
        organization_id=organization_id,
        session_id__in=session_ids,
        seq__isnull=False,
    ).values_list("session_id", "processing_time_ms")
    found: dict[UUID, list[float]] = {}
    for session_id, time_ms in rows:
        found.setdefault(session_id, []).append(time_ms)
    return found
