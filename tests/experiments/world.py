"""An experiment to try things with."""

from typing import Any, Final
from uuid import UUID

from experiments.models import Experiment
from experiments.services.experiments import create_experiment, start_experiment

DESIGN: Final[dict[str, Any]] = {
    "variants": [
        {"name": "control", "payload": {"text": "old"}},
        {"name": "short", "payload": {"text": "new"}},
    ],
    "metrics": [
        {"name": "completion", "event": "completed", "role": "goal"},
        {
            "name": "fraud",
            "event": "automated",
            "role": "guardrail",
            "better": "lower",
            "margin": 0.2,
        },
        {"name": "revenue", "event": "paid", "kind": "mean", "role": "secondary"},
    ],
    "planned_units": 1000,
}


def run(organization_id: UUID, name: str = "wording", **design: Any) -> Experiment:
    """Return an experiment that runs."""
    create_experiment(
        organization_id=organization_id, name=name, design=DESIGN | design
    )
    return start_experiment(organization_id=organization_id, name=name)
