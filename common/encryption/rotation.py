"""Moving sealed values to the key that writes, while everybody goes on writing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from ..tenancy import scope
from . import registry
from .fields import EncryptedTextField, Sealed
from .keys import keyring
from .sealing import VERSION, seal, unseal

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column."""

    model: type[models.Model]
    field: EncryptedTextField

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"  # noqa: SLF001 - documented

    @property
    def rows(self) -> models.QuerySet[Any]:
        """Return its rows, with no more of them than says where a value stands."""
        names = [name for name in self.field.bound_to if name != "pk"]
        owner = ["organization_id"] if hasattr(self.model, "organization_id") else []
        manager: models.Manager[Any] = self.model._base_manager  # noqa: SLF001 - all of them
        return manager.only("pk", self.field.attname, *names, *owner)


def sealed_columns() -> list[Column]:
    """Return every sealed column of the installation."""
    return [
        Column(model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields  # noqa: SLF001 - documented
        if isinstance(field, EncryptedTextField)
    ]


def waiting(column: Column) -> int:
    """Return how many values another key than the one that writes has sealed."""
    with scope.everywhere("rotate_keys"):
        return _others(column).count()


def rotate(column: Column, *, batch: int = BATCH) -> Iterator[int]:
    """Seal a column's values anew; yield how many were done, batch by batch.

    What is done says so itself, by its key's id: a run that was ended goes on where it
    was. A value that somebody writes meanwhile stays theirs.

    Raises
    ------
    SealError, MissingKeyError
        A value does not open. Everything before it is done.
    """
    last: UUID | int | None = None
    while True:
        with scope.everywhere("rotate_keys"), transaction.atomic():
            rows = _others(column).order_by("pk")
            if last is not None:
                rows = rows.filter(pk__gt=last)
            found = list(rows[:batch])
            done = sum(_again(column, row) for row in found)
        if not found:
            return
        last = found[-1].pk
        yield done


def retire_unused() -> list[str]:
    """Write down which keys seal nothing any more; return their ids."""
    ring = keyring()
    unused = []
    columns = sealed_columns()
    with scope.everywhere("rotate_keys"), transaction.atomic():
        registry.know(ring)
        for key_id in registry.used():
            if key_id == ring.writing:
                continue
            if not any(_of_key(column, key_id).exists() for column in columns):
                registry.retire(key_id)
                unused.append(key_id)
    return unused


def _others(column: Column) -> models.QuerySet[Any]:
    prefix = f"{VERSION}.{keyring().writing}."
    return _with_text(column).exclude(_sealed__startswith=prefix)


def _of_key(column: Column, key_id: str) -> models.QuerySet[Any]:
    return _with_text(column).filter(_sealed__startswith=f"{VERSION}.{key_id}.")


def _with_text(column: Column) -> models.QuerySet[Any]:
    text = models.functions.Cast(column.field.attname, models.TextField())
    rows: models.QuerySet[Any] = column.rows.alias(_sealed=text)
    return rows.filter(**{f"{column.field.attname}__isnull": False})


def _again(column: Column, row: Any) -> bool:
    """Seal a row's value anew, if it is still what was read."""
    field, ring = column.field, keyring()
    old = row.__dict__[field.attname]
    if not isinstance(old, Sealed):
        return False
    place = field.place_of(row)
    registry.know(ring)
    new = seal(unseal(old.text, place, ring), place, ring)
    names = (place.table, place.column, str(column.model._meta.pk.column))  # noqa: SLF001 - documented
    table, name, key = map(connection.ops.quote_name, names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s",  # noqa: S608 - our models' names  # nosec B608
            [new, _prepared(column, row.pk), old.text],
        )
        return bool(cursor.rowcount)


def _prepared(column: Column, key: Any) -> Any:
    return column.model._meta.pk.get_db_prep_value(key, connection)  # noqa: SLF001 - documented
