"""What experiments leave for later: counting."""

import structlog
from celery import shared_task

from common.tenancy import scope

from .services.refreshing import due, refresh

log = structlog.get_logger(__name__)


@shared_task(name="experiments.refresh", ignore_result=True)
def refresh_experiments() -> int:
    """Count what is new in all experiments; return how many days were written."""
    written = 0
    for organization_id, experiment_id in due():
        with scope.entered(organization_id):
            try:
                written += refresh(
                    organization_id=organization_id, experiment_id=experiment_id
                )
            except Exception:
                # One experiment's fault must not keep the others from being counted.
                log.exception(
                    "experiment.not_refreshed", experiment_id=str(experiment_id)
                )
    return written
