"""Rules for `manage.py check`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning as CheckWarning, register
from django.utils import timezone

from common.partitions.bounds import first_id
from common.partitions.catalog import parts_of

from .services.retention import rules


@register(Tags.security, deploy=True)
def raw_events_are_not_logged(**_kwargs: Any) -> list[CheckMessage]:
    """Warn of a log that would hold what respondents did, moment by moment."""
    if not settings.LOG_RAW_EVENTS:
        return []
    return [
        CheckWarning(
            "LOG_RAW_EVENTS writes every respondent's behaviour to the log.",
            hint="Switch it off outside of debugging.",
            id="sessions.W001",
        )
    ]


@register(Tags.database, deploy=True)
def parts_are_ahead(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Warn of a table that no part is made ahead for; needs ``--database default``."""
    if "default" not in (databases or ()):
        return []
    soon = first_id(timezone.now() + timedelta(days=settings.PARTITION_DAYS))
    tables = [parts_of(rule.table) for rule in rules()]
    return [
        CheckWarning(
            f"{parts.table} has no part for what comes next.",
            hint="Does Celery's beat run? `manage.py partitions --keep` makes one.",
            id="sessions.W002",
        )
        for parts in tables
        if parts is not None and not parts.covers(soon)
    ]
