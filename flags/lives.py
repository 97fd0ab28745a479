"""Where flags stand in their lives: what is stored, and what was counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.formats import date_format

from . import selectors
from .engine.staleness import INACTIVE_AFTER, LAUNCHED_AFTER, STALE, Life, state_of
from .models import FeatureFlag, FeatureFlagOverride
from .serving import database
from .texts import STATE_REASONS, STATES


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a flag stands, why, and when it was last asked for."""

    code: str
    title: str
    reason: str
    last_asked_at: datetime | None

    @property
    def is_stale(self) -> bool:
        """Say whether somebody should do something about it."""
        return self.code in STALE


def standings(
    rows: Sequence[FeatureFlag], *, organization_id: UUID | None
) -> Mapping[UUID, Standing]:
    """Return where each flag stands, by its id: two queries, however many they are."""
    names = [row.name for row in rows]
    asked = selectors.last_asked(organization_id=organization_id, names=names)
    overridden = set(
        FeatureFlagOverride.objects.of(organization_id)
        .filter(flag__in=names)
        .values_list("flag", flat=True)
    )
    return {
        row.id: _standing(row, asked.get(row.name), row.name in overridden)
        for row in rows
    }


def _standing(
    row: FeatureFlag,
    asked_at: datetime | None,
    has_overrides: bool,  # noqa: FBT001 - one of three facts
) -> Standing:
    life = Life(
        created_at=row.created_at,
        changed_at=row.updated_at,
        expected_until=row.expected_until,
        last_asked_at=asked_at,
        is_archived=row.archived_at is not None,
        has_overrides=has_overrides,
    )
    try:
        code = state_of(database.flag_of(row), life, timezone.now())
    except msgspec.ValidationError:
        # Of a damaged definition nothing can be said but that it is there.
        code = "active"
    days = {"launched": LAUNCHED_AFTER.days, "inactive": INACTIVE_AFTER.days}
    until = row.expected_until
    words = {
        "days": days.get(code, 0),
        "date": date_format(until, "SHORT_DATE_FORMAT") if until else "",
    }
    return Standing(code, str(STATES[code]), str(STATE_REASONS[code]) % words, asked_at)
