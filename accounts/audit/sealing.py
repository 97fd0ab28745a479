"""Chains of digests: each row's holds the one before it.

A task seals and not the write itself, which would let one writer in at a time. The
order of a chain is the order of sealing: a row whose transaction took long is sealed
when it is there, and none is missed.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from common.encryption.keys import derive
from common.tenancy import scope

from ..models import AuditRow, AuditSeal, Organization

log = structlog.get_logger(__name__)

# The installation's own.
OWN: Final = UUID(int=0)
# What one transaction seals.
BATCH: Final = 1_000
# No transaction is open for so long; whatever is older and not sealed, `verify_audit`
# complains about.
LOOK_BACK: Final = timedelta(days=7)
BEGINNING: Final = "0" * 64

FIELDS: Final = [
    "id",
    "created_at",
    "organization_id",
    "verb",
    "outcome",
    "actor_kind",
    "actor_name",
    "user_id",
    "key_id",
    "address_class",
    "request_id",
    "target",
    "target_id",
    "difference",
    "reason",
]


def seal_all() -> int:
    """Seal whatever is not sealed yet, chain by chain; return how many rows."""
    sealed = 0
    for chain in chains():
        while count := _seal_some(chain):
            sealed += count
    return sealed


def chains() -> list[UUID]:
    """Return every chain: the installation's own, and one for each organization."""
    with scope.everywhere("audit.seal"):
        known = Organization.objects.values_list("id", flat=True)
        gone = AuditSeal.objects.order_by().values_list("chain", flat=True).distinct()
        return sorted({OWN, *known, *gone})


def unsealed(chain: UUID) -> QuerySet[AuditRow]:
    """Return a chain's rows that have no seal."""
    seal = AuditSeal.objects.filter(row_id=OuterRef("id"))
    of_chain = Q(organization=None) if chain == OWN else Q(organization=chain)
    return AuditRow.objects.filter(of_chain, ~Exists(seal))


def digest_of(previous: str, chain: UUID, number: int, row: AuditRow) -> str:
    """Return a row's digest in its place, 64 hexadecimal digits.

    Keyed: whoever may write to the database and has no key of the server cannot
    compute a chain of their own.
    """
    values: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    text = json.dumps(
        [previous, str(chain), number, values],
        sort_keys=True,
        separators=(",", ":"),
        default=_text,
    )
    return hmac.new(
        _key(settings.KEY_PEPPER), text.encode(), hashlib.sha256
    ).hexdigest()


@lru_cache(maxsize=4)
def _key(pepper: str) -> bytes:
    return derive(pepper.encode(), "audit")


def _text(value: Any) -> str:
    """Write ids, and moments as both databases keep them."""
    if isinstance(value, UUID):
        return str(value)
    return str(value.astimezone(UTC).isoformat("T", "microseconds"))


def _seal_some(chain: UUID) -> int:
    with scope.everywhere("audit.seal"), transaction.atomic():
        _hold(chain)
        last = AuditSeal.objects.filter(chain=chain).order_by("-number").first()
        since = timezone.now() - LOOK_BACK
        rows = list(unsealed(chain).filter(created_at__gt=since).order_by("id")[:BATCH])
        made = list(_seals(chain, last, rows))
        AuditSeal.objects.bulk_create(made)
    if made:
        # Kept apart from the database, this is what a cut-off end is found by.
        log.info(
            "audit.sealed",
            chain=str(chain),
            number=made[-1].number,
            head=made[-1].digest,
        )
    return len(made)


def _seals(
    chain: UUID, last: AuditSeal | None, rows: Sequence[AuditRow]
) -> Iterator[AuditSeal]:
    number = last.number if last else 0
    previous = last.digest if last else BEGINNING
    now = timezone.now()
    for row in rows:
        number += 1
        previous = digest_of(previous, chain, number, row)
        yield AuditSeal(
            chain=chain, number=number, row_id=row.id, digest=previous, sealed_at=now
        )


def _hold(chain: UUID) -> None:
    """Let one at a time seal a chain; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            key = int.from_bytes(hashlib.sha256(chain.bytes).digest()[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
