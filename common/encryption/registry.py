"""Which keys were ever used here, so that none is taken away too early."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from ..models import FieldKey
from .keys import Keyring, fingerprint

# Keys that this process has seen committed.
_known: Final[set[str]] = set()


def know(ring: Keyring) -> None:
    """Write down that a key is used, in the transaction that uses it first.

    Once a process and key. Without this the check at the start could not tell whether
    a key that is not there was ever needed.
    """
    mark = fingerprint(ring.key(ring.writing))
    if mark in _known:
        return
    row = FieldKey(key_id=ring.writing, fingerprint=mark)
    FieldKey.objects.bulk_create([row], ignore_conflicts=True)
    # One that was retired is used again.
    again = FieldKey.objects.filter(key_id=ring.writing, retired_at__isnull=False)
    again.update(retired_at=None)
    transaction.on_commit(lambda: _known.add(mark))


def retire(key_id: str) -> None:
    """Write down that nothing is sealed with a key any more."""
    FieldKey.objects.filter(key_id=key_id).update(retired_at=timezone.now())


def used() -> list[str]:
    """Return the ids of the keys that seal something, as far as is known."""
    rows = FieldKey.objects.filter(retired_at=None)
    return list(rows.order_by("key_id").values_list("key_id", flat=True))


def complaints(ring: Keyring) -> list[str]:
    """Return what is wrong with the keys that this database needs."""
    found = []
    for row in FieldKey.objects.filter(retired_at=None).order_by("key_id"):
        if row.key_id not in ring.keys:
            found.append(
                f"The key {row.key_id} is used in the database and is not among"
                " FIELD_KEYS. Put it back, behind the others."
            )
        elif fingerprint(ring.keys[row.key_id]) != row.fingerprint:
            found.append(
                f"The key {row.key_id} is another one than the database was sealed"
                " with. Put the old one back, and give the new one an id of its own."
            )
    return found
