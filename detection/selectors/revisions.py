"""How a policy would have decided about verdicts that are stored."""

from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

import msgspec
from django.db.models import F, TextField
from django.db.models.functions import Cast

from ..engine import Action, Policy
from ..engine.revision import StoredVerdict, action_under
from ..engine.verdict import Kind
from ..models import DetectionResult

# Evidence is most of a reading and decides nothing: it is passed over, not read.
_fired = msgspec.json.Decoder(list[tuple[str, float, msgspec.Raw]])
_clear = msgspec.json.Decoder(list[tuple[int, float, msgspec.Raw]])


def actions_under(
    *, organization_id: UUID, session_ids: Collection[UUID], policy: Policy
) -> list[tuple[Action, Action]]:
    """Return what each final result of these sessions said, and would have said.

    Sessions without a final result are left out.
    """
    if not session_ids:
        return []
    rows = DetectionResult.objects.filter(
        organization_id=organization_id,
        session_id__in=session_ids,
        # Weeks without any of them are not looked into.
        session_id__gte=min(session_ids),
        session_id__lte=max(session_ids),
        seq=None,
    )
    # What was clear is ten times as much as what fired.
    columns: list[Any] = ["session_id", "verdict", "recommended_action"]
    columns.append(Cast(F("fired"), TextField()))
    if policy.families_off:
        columns.append(Cast(F("clear"), TextField()))
    # A later ruleset's word takes the place of an earlier one's.
    newest = {row[0]: row[1:] for row in rows.order_by("id").values_list(*columns)}
    stored = [_stored(*row) for row in newest.values()]
    return [(one.action, action_under(policy, one)) for one in stored]


def _stored(kind: str, action: str, fired: str, clear: str = "[]") -> StoredVerdict:
    return StoredVerdict(
        kind=cast("Kind", kind),
        action=cast("Action", action),
        fired=[(code, weight) for code, weight, _ in _fired.decode(fired)],
        # What was clear and weighs nothing spoke for nobody.
        clear=[(number, w) for number, w, _ in _clear.decode(clear) if w],
    )
