"""Looking whether the chains hold, and where one breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from common.tenancy import scope

from ..models import AuditRow, AuditSeal
from .sealing import BEGINNING, digest_of, unsealed

# The task seals each minute; one that was down for longer is told of.
SEALED_WITHIN: Final = timedelta(hours=1)
CHUNK: Final = 1_000
MOST_UNSEALED: Final = 100


@dataclass(frozen=True, slots=True)
class Break:
    """One place where a chain does not hold."""

    chain: UUID
    number: int | None
    row_id: UUID | None
    what: str


@dataclass(frozen=True, slots=True)
class Step:
    """How far the verification is, and what it found on the way."""

    chain: UUID
    checked: int
    breaks: tuple[Break, ...]
    heads: frozenset[str]


def length_of(chain: UUID) -> int:
    """Return how many rows a chain has."""
    with scope.everywhere("audit.verify"):
        return AuditSeal.objects.filter(chain=chain).count()


def verify(chain: UUID) -> Iterator[Step]:
    """Follow a chain; yield each stretch with what does not hold in it.

    `changed` and `missing` name a row; `cut_out` a number that has no seal any more,
    and `unsealed` a row that was put in past the task, or that it has not come to.
    """
    number, previous = 0, BEGINNING
    while True:
        with scope.everywhere("audit.verify"):
            seals = list(
                AuditSeal.objects.filter(chain=chain, number__gt=number).order_by(
                    "number"
                )[:CHUNK]
            )
            rows = AuditRow.objects.in_bulk([seal.row_id for seal in seals])
        if not seals:
            break
        breaks: list[Break] = []
        for seal in seals:
            if seal.number != number + 1:
                breaks.append(Break(chain, number + 1, None, "cut_out"))
                # What follows cannot be told from changed: begin anew from here.
                previous = ""
            breaks.extend(_wrong(chain, seal, rows.get(seal.row_id), previous))
            number, previous = seal.number, seal.digest
        heads = frozenset(seal.digest for seal in seals)
        yield Step(chain, number, tuple(breaks), heads)
    yield Step(chain, number, tuple(_left_out(chain)), frozenset())


def _wrong(
    chain: UUID, seal: AuditSeal, row: AuditRow | None, previous: str
) -> Iterator[Break]:
    if row is None:
        yield Break(chain, seal.number, seal.row_id, "missing")
    elif previous and digest_of(previous, chain, seal.number, row) != seal.digest:
        yield Break(chain, seal.number, seal.row_id, "changed")


def _left_out(chain: UUID) -> Iterator[Break]:
    due = timezone.now() - SEALED_WITHIN
    with scope.everywhere("audit.verify"):
        late = unsealed(chain).filter(created_at__lt=due).order_by("id")
        found = list(late.values_list("id", flat=True)[:MOST_UNSEALED])
    for row_id in found:
        yield Break(chain, None, row_id, "unsealed")
