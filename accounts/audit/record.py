"""Writing down what was done, in the transaction that did it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from common import request_ids
from common.tenancy import scope

from .. import acting
from ..trail import AuditRow, Outcome
from .declared import shown_of

MOST_REASON: Final = 300
_ORGANIZATION: Final = "accounts.Organization"
_ENCODER: Final = DjangoJSONEncoder()


def record_act(
    verb: str,
    *,
    target: Model | None = None,
    organization_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write an act down, for the organization that its target belongs to.

    Without a target it is about an organization as a whole, or the installation.
    `before` and `after` are fields with their values; what is equal in both is left
    out, and of what `declared` does not show only that it changed is kept. Who acts is
    known already (`acting`). If the transaction is rolled back, so is this.

    Raises
    ------
    UndeclaredError
        There is no such act.
    """
    _write(
        AuditRow(
            organization_id=organization_id or _owner_of(target),
            verb=verb,
            target=target._meta.label if target else "",  # noqa: SLF001 - documented
            target_id=str(target.pk) if target else "",
            difference=difference(verb, before or {}, after or {}),
            reason=reason[:MOST_REASON],
            **_actor(),
        )
    )


def record_refusal(
    verb: str,
    *,
    organization_id: UUID | None,
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write down what was not allowed; not within what is rolled back for it."""
    _write(
        AuditRow(
            organization_id=organization_id,
            verb=verb,
            outcome=Outcome.REFUSED,
            difference=difference(verb, {}, facts or {}),
            reason=reason[:MOST_REASON],
            **_actor(),
        )
    )


def difference(
    verb: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what changed, as far as it may be shown."""
    shown = shown_of(verb)
    found: dict[str, Any] = {}
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if old != new:
            found[name] = [_plain(old), _plain(new)] if name in shown else None
    return found


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it, so that a row reads as it was sealed."""
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return _ENCODER.default(value) if not isinstance(value, float) else repr(value)


def _owner_of(target: Model | None) -> UUID | None:
    if target is None:
        return None
    if target._meta.label == _ORGANIZATION:  # noqa: SLF001 - documented
        return UUID(str(target.pk))
    found: UUID | None = getattr(target, "organization_id", None)
    return found


def _actor() -> dict[str, Any]:
    actor = acting.current()
    return {
        "actor_kind": actor.kind.value,
        "actor_name": actor.name,
        "user_id": actor.user_id,
        "key_id": actor.key_id,
        "address_class": actor.address_class,
        "request_id": request_ids.current() or "",
    }


def _write(row: AuditRow) -> None:
    if row.organization_id is None:
        # No organization's wall has a place for the installation's own.
        with scope.everywhere("audit"):
            row.save(force_insert=True)
        return
    with scope.entered(row.organization_id):
        row.save(force_insert=True)
