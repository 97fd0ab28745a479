"""Counts of evaluations, as rows by the hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.facade import organizations
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
        owners = {owner for owner, _flag, _variant in counts}
        there = organizations().filter(id__in=owners)
        known = set(there.values_list("id", flat=True))
        for (owner, flag, variant), number in counts.items():
            # Of an organization that is gone meanwhile nothing is kept.
            if owner == INSTALLATION or owner in known:
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
        # Another process was first.
        rows.update(count=F("count") + number)


def forget_counts() -> int:
    """Remove counts that nobody looks at any more; return how many rows went."""
    with scope.everywhere("flags.forget_counts"):
        old = FlagUsage.objects.filter(hour__lt=timezone.now() - KEPT)
        return old.delete()[0]
