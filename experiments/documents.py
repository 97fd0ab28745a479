"""What callers get to see of experiments, as plain values."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from .models import Experiment, ExperimentMoments

# The columns of the table of moments, in their order.
COLUMNS: Final = (
    *("phase", "day", "population", "metric", "variant", "segment"),
    *("n", "mean", "m2", "beside_mean", "beside_m2", "cross"),
)


def experiment_document(row: Experiment) -> dict[str, Any]:
    """Return an experiment as the API shows it."""
    return {
        "id": row.id,
        "name": row.name,
        "hypothesis": row.hypothesis,
        "state": row.state,
        "version": row.version,
        "phase": row.phase,
        "design": row.design,
        "decision": row.decision,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "started_at": row.started_at,
        "stopped_at": row.stopped_at,
        "counted_until": row.counted_until,
    }


def moments_table(row: Experiment, phase: int | None) -> Iterator[Sequence[Any]]:
    """Yield the rows of all moments, so that anyone can compute everything anew."""
    rows = ExperimentMoments.objects.filter(
        organization_id=row.organization_id,
        experiment_id=row.id,
        phase=phase or row.phase,
    )
    yield from rows.order_by(*COLUMNS[:6]).values_list(*COLUMNS).iterator()
