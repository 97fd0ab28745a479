"""Every read of agents' keys."""

from collections.abc import Hashable, Mapping
from typing import Final

from django.db.models import QuerySet

from common.refreshed import Refreshed

from ..identity import HeldKey, public_key
from ..models import AgentKey


def keys_of_agents() -> QuerySet[AgentKey]:
    """Return every key, by agent."""
    return AgentKey.objects.order_by("agent", "thumbprint")


def _version() -> Hashable:
    return frozenset(AgentKey.objects.values_list("id", flat=True))


def _read() -> Mapping[str, HeldKey]:
    return {
        row.thumbprint: HeldKey(
            row.agent, public_key(row.members), row.not_before, row.not_after
        )
        for row in AgentKey.objects.all()
    }


# The keys of this process, by their fingerprint.
held_keys: Final = Refreshed(version=_version, read=_read)
