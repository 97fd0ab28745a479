"""Statements whose text is made once, for the few places where that counts.

The ORM makes a statement anew each time it runs: of the intake's time that was a
third (docs/performance.md). Names of tables and columns still come from the models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model, QuerySet, UUIDField

from .postgresql.kept import KEPT

Row = TypeVar("Row", bound=Model)
AnyField: TypeAlias = "Field[Any, Any]"


@dataclass(frozen=True, slots=True)
class Insert:
    """Adds a row, as `save` of a new object would."""

    model: type[Model]

    def fields(self) -> list[AnyField]:
        """Return what is written, in its order."""
        return list(self.model._meta.concrete_fields)  # noqa: SLF001 - documented

    def text(self, where: str = "") -> str:
        """Return it in SQL, with the rows that it depends on."""
        names = ", ".join(_column(field) for field in self.fields())
        places = ", ".join(["%s"] * len(self.fields()))
        return f"INSERT INTO {_table(self.model)} ({names}) SELECT {places}{where}"


@dataclass(frozen=True, slots=True)
class Update:
    """Changes some fields of a row if others, which are never null, are as before."""

    model: type[Model]
    names: Sequence[str]
    if_still: Sequence[str]

    def fields(self) -> list[AnyField]:
        """Return what is written, in its order."""
        return [self._field(name) for name in self.names]

    def keys(self) -> list[AnyField]:
        """Return what finds the row: its id, and what must not have changed."""
        return [self._field(name) for name in ("id", *self.if_still)]

    def text(self) -> str:
        """Return it in SQL."""
        changed = ", ".join(f"{_column(field)} = %s" for field in self.fields())
        found = " AND ".join(f"{_column(field)} = %s" for field in self.keys())
        return f"UPDATE {_table(self.model)} SET {changed} WHERE {found}"  # noqa: S608 - our models' names  # nosec B608

    def _field(self, name: str) -> AnyField:
        return cast("AnyField", self.model._meta.get_field(name))  # noqa: SLF001 - documented


def _postgresql() -> Any:
    """Return the connection, which `common.postgresql` made."""
    return connection


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - documented


def _column(field: AnyField) -> str:
    return connection.ops.quote_name(str(field.column))


# What PostgreSQL's driver takes as models hold it; SQLite has other types for some.
_AS_IT_IS: Final = frozenset(
    {
        "BooleanField",
        "CharField",
        "DateTimeField",
        "FloatField",
        "ForeignKey",
        "PositiveBigIntegerField",
        "PositiveIntegerField",
        "UUIDField",
    }
)

# An attribute's name, and the field that adapts it unless the driver takes it as it is.
Taken: TypeAlias = "tuple[str, AnyField | None]"


@dataclass(frozen=True, slots=True)
class _Written:
    """Statements in a database's words, and what each takes of its object."""

    texts: Sequence[str]
    changed: Sequence[Taken]
    keys: Sequence[Taken]
    added: Sequence[Sequence[Taken]]


class Together:
    """An update, and rows that are added if it found its row as it was.

    PostgreSQL takes all of it as one statement: one round trip, and a transaction of
    its own if there is none. SQLite takes one by one and needs a transaction.
    """

    def __init__(self, update: Update, *inserts: Insert) -> None:
        self._update, self._inserts = update, inserts
        self._written: dict[str, _Written] = {}

    def run(self, changed: Model, *added: Model, was: Sequence[object]) -> bool:
        """Write them; say whether the row was as `was` says, in `if_still`'s order.

        If it was not, nothing is written.
        """
        written = self._written.get(connection.vendor) or self._write()
        keys = [
            value if field is None else field.get_db_prep_save(value, connection)
            for (_name, field), value in zip(
                written.keys, [changed.pk, *was], strict=True
            )
        ]
        values = [*_values(written.changed, changed), *keys]
        rows = [
            _values(taken, one) for taken, one in zip(written.added, added, strict=True)
        ]
        if len(written.texts) == 1:
            values += [value for row in rows for value in row]
            return bool(_postgresql().run_kept(written.texts[0], values).count)
        with connection.cursor() as cursor:
            first, *others = written.texts
            cursor.execute(first, values)
            if not cursor.rowcount:
                return False
            for text, row in zip(others, rows, strict=True):
                cursor.execute(text, row)
        return True

    def _write(self) -> _Written:
        """Write the statements in the database's words, and keep them."""
        texts = [self._update.text()]
        if connection.vendor == "postgresql":
            first = f"changed AS ({texts[0]} RETURNING 1)"
            *others, last = (one.text(" FROM changed") for one in self._inserts)
            parts = [f"part{index} AS ({text})" for index, text in enumerate(others)]
            texts = [f"WITH {', '.join([first, *parts])} {last}"]
            KEPT.update(texts)
        else:
            texts += [one.text() for one in self._inserts]
        written = self._written[connection.vendor] = _Written(
            texts,
            _taken(self._update.fields()),
            _taken(self._update.keys()),
            [_taken(one.fields()) for one in self._inserts],
        )
        return written


def _taken(fields: Sequence[AnyField]) -> list[Taken]:
    is_plain = connection.vendor == "postgresql"
    return [
        (
            field.attname,
            None if is_plain and field.get_internal_type() in _AS_IT_IS else field,
        )
        for field in fields
    ]


def _values(taken: Sequence[Taken], of: Model) -> list[Any]:
    return [
        getattr(of, name)
        if field is None
        else field.get_db_prep_save(getattr(of, name), connection)
        for name, field in taken
    ]


Converters = Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]


class Lookup(Generic[Row]):
    """Reads one row by two keys, with the row that a foreign key of it names."""

    def __init__(
        self, build: Callable[[UUID, UUID], QuerySet[Row]], related: str
    ) -> None:
        """Take how its queryset is made; it selects `related` as well."""
        self._build, self._related = build, related
        self._compiled: dict[str, _Compiled[Row]] = {}

    def first(self, *keys: UUID) -> Row | None:
        """Return the row, None if there is none."""
        compiled = self._compiled.get(connection.vendor) or self._compile()
        adapted = [_KEY.get_db_prep_value(key, connection) for key in keys]
        ordered = [adapted[at] for at in compiled.order]
        if connection.vendor == "postgresql":
            rows = _postgresql().run_kept(compiled.text, ordered).rows
        else:
            with connection.cursor() as cursor:
                cursor.execute(compiled.text, ordered)
                rows = cursor.fetchmany(1)
        if not rows:
            return None
        values = list(rows[0])
        for at, converters, column in compiled.converters:
            for convert in converters:
                values[at] = convert(values[at], column, connection)
        row, related = compiled.objects(values)
        setattr(row, self._related, related)
        return row

    def _compile(self) -> _Compiled[Row]:
        """Let the ORM write it once, for two keys that are found again in it."""
        keys = UUID(int=1), UUID(int=2)
        rows = self._build(*keys)
        compiler = rows.query.get_compiler(connection.alias)
        text, parameters = compiler.as_sql()
        adapted = [_KEY.get_db_prep_value(key, connection) for key in keys]
        columns = [column for column, _sql, _alias in compiler.select]
        converters = compiler.get_converters(columns).items()
        related = rows.model._meta.get_field(self._related).related_model  # noqa: SLF001 - documented
        compiled = _Compiled(
            text,
            [adapted.index(value) for value in parameters],
            [(at, how, column) for at, (how, column) in converters],
            rows.model,
            cast("type[Model]", related),
            _names_of(columns, rows.model),
            _names_of(columns, related),
        )
        self._compiled[connection.vendor] = compiled
        if connection.vendor == "postgresql":
            KEPT.add(text)
        return compiled


@dataclass(frozen=True, slots=True)
class _Compiled(Generic[Row]):
    """A lookup in SQL, and how its row becomes two objects."""

    text: str
    # Which key stands at which place.
    order: Sequence[int]
    converters: Converters
    model: type[Row]
    related: type[Model]
    # The attributes that are read of each, in the order of the columns.
    own: Sequence[str]
    other: Sequence[str]

    def objects(self, values: Sequence[Any]) -> tuple[Row, Model]:
        """Return the row and the related one."""
        alias, width = connection.alias, len(self.own)
        return (
            self.model.from_db(alias, self.own, values[:width]),
            self.related.from_db(alias, self.other, values[width:]),
        )


def _names_of(columns: Sequence[Any], model: Any) -> list[str]:
    return [one.target.attname for one in columns if one.target.model is model]


_KEY: Final[UUIDField[Any, Any]] = UUIDField()
