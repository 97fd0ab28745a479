"""Every read of results."""

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
