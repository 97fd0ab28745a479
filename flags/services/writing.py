"""What every write of flags does: the clock, the history, and the word to processes."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.facade import acting_now
from common.tenancy import scope

from ..models import Act, FeatureFlagRevision, FlagClock, FlagSet
from ..serving import database
from ..serving.content import INSTALLATION
from ..serving.process import loader


def within(organization_id: UUID | None) -> AbstractContextManager[None]:
    """Work for an organization, or for the installation, as its staff alone does."""
    if organization_id is None:
        return scope.everywhere("flags.installation")
    return scope.entered(organization_id)


@contextmanager
def changing(organization_id: UUID | None) -> Iterator[None]:
    """Change an owner's flags: one after the other, and every process hears of it.

    The clock's row is held until the commit, so versions are seen in their order.
    """
    owner = organization_id or INSTALLATION
    with within(organization_id), transaction.atomic():
        version = _tick()
        FlagSet.objects.update_or_create(owner=owner, defaults={"version": version})
        yield
        # It is stored: whatever goes wrong from here on is found by the backstop.
        transaction.on_commit(partial(_tell, owner), robust=True)
        loader.expect()


def _tick() -> int:
    """Return the next version: a moment in milliseconds that never comes again.

    A database that was set back to a copy goes on with versions nobody has seen.
    """
    FlagClock.objects.get_or_create(pk=1)
    # Whoever changes the row first holds it.
    FlagClock.objects.filter(pk=1).update(version=F("version") + 1)
    clock = FlagClock.objects.get(pk=1)
    clock.version = max(clock.version, int(timezone.now().timestamp() * 1000))
    clock.save(update_fields=["version"])
    return clock.version


def _tell(owner: UUID) -> None:
    """Leave what was written for the other processes, and look at it in this one."""
    loader.publish(owner, partial(database.content_of, owner))


def remember(
    organization_id: UUID | None,
    flag: str,
    act: Act,
    *,
    version: int,
    definition: Mapping[str, Any] | None = None,
    comment: str = "",
) -> None:
    """Add to a flag's history."""
    actor = acting_now()
    FeatureFlagRevision.objects.create(
        organization_id=organization_id,
        flag=flag,
        act=act,
        version=version,
        definition=definition,
        comment=comment,
        actor_kind=actor.kind.value,
        actor_name=actor.name,
        user_id=actor.user_id,
        key_id=actor.key_id,
    )
