"""What is forgotten by itself: counts after a quarter, overrides after their end."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from accounts.facade import organizations
from common.tenancy import scope

from ..serving.counting import forget_counts
from .overrides import forget_ended

# So long an override that has ended can be seen, and made to last longer.
ENDED_KEPT: Final = timedelta(days=30)


def forget_past() -> int:
    """Remove what nobody looks at any more; return how many rows went."""
    before = timezone.now() - ENDED_KEPT
    with scope.everywhere("flags.forget"):
        owners = [None, *(one.id for one in organizations())]
        ended = sum(forget_ended(organization_id=o, before=before) for o in owners)
    return ended + forget_counts()
