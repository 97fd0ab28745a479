"""Sessions as rows of a table."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.models import QuerySet

from ..models import Session

# A spreadsheet opens so many; whoever wants more asks the API.
MOST_EXPORTED: Final = 100_000
# As many rows are read at once: each read is a query of its own, so that nothing stays
# open while a slow reader takes its time.
CHUNK: Final = 2_000
EXPORTED: Final = [
    "id",
    "created_at",
    "organization__name",
    "survey_id",
    "survey__name",
    "respondent__digest",
    "status",
    "verdict",
    "bot_probability",
    "recommended_action",
    "is_final",
    "event_count",
    "batch_count",
    "last_seen_at",
    "ended_at",
]


def exported(rows: QuerySet[Session]) -> Iterator[Sequence[Any]]:
    """Yield sessions, newest first, at most as many as a table may have."""
    plain = rows.select_related(None).order_by("-id").values_list(*EXPORTED)
    left, found = MOST_EXPORTED, list(plain[:CHUNK])
    while found:
        yield from found
        left -= len(found)
        found = list(plain.filter(id__lt=found[-1][0])[: min(CHUNK, left)])
