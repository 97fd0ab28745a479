"""Counts of evaluations, as rows by the hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from common.tenancy import scope

from ..models import FlagUsage
from .content import INSTALLATION

# Staleness looks back a month; a quarter shows how a rollout went.
KEPT: Final = timedelta(days=92)


def write_counts(counts: Mapping[tuple[UUID, str, str], int]) -> None:
    """Add counts to those of this hour, by owner, flag and variant.

    Raises
    ------
    DatabaseError
        It could not be written; nothing was.
    """
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with scope.everywhere("flags.count"), transaction.atomic():
        for (owner, flag, variant), number in counts.items():
            # None but flags that exist are counted, and their names fit.
            whose = None if owner == INSTALLATION else owner
            _add(whose, flag, variant, hour, number)


def _add(
    organization_id: UUID | None, flag: str, variant: str, hour: datetime, number: int
) -> None:
    key = {
        "organization_id": organization_id,
        "flag": flag,
        "variant": variant,
        "hour": hour,
    }
    rows = FlagUsage.objects.filter(**key)
    if rows.update(count=F("count") + number):
        return
    try:
        with transaction.atomic():
            FlagUsage.objects.create(**key, count=number)
    except IntegrityError:
        # Another process was first; or the organization is gone, and nobody asks.
        rows.update(count=F("count") + number)


def forget_counts() -> int:
    """Remove counts that nobody looks at any more; return how many rows went."""
    with scope.everywhere("flags.forget_counts"):
        old = FlagUsage.objects.filter(hour__lt=timezone.now() - KEPT)
        return old.delete()[0]
