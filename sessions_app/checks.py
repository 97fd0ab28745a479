"""Rules for `manage.py check`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning as CheckWarning, register


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
