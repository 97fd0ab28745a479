"""Statements whose text is made once, for the few places where that counts.

The ORM makes a statement anew each time it runs: of the intake's time that was a
third (docs/performance.md). Names of tables and columns still come from the models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model, QuerySet, UUIDField

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Insert:
    """Adds a row, as `save` of a new object would."""

    model: type[Model]

    def fields(self) -> list[Field[Any, Any]]:
        """Return what is written, in its order."""
        return list(self.model._meta.concrete_fields)  # noqa: SLF001 - documented

    def text(self, table: str, columns: Sequence[str]) -> str:
        """Return it in SQL."""
        places = ", ".join(["%s"] * len(columns))
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - our models' names


@dataclass(frozen=True, slots=True)
class Update:
    """Changes some fields of a row, as `save(update_fields=…)` would."""

    model: type[Model]
    names: Sequence[str]

    def fields(self) -> list[Field[Any, Any]]:
        """Return what is written, in its order; the id comes last."""
        find = self.model._meta.get_field  # noqa: SLF001 - documented
        return [cast("Field[Any, Any]", find(name)) for name in (*self.names, "id")]

    def text(self, table: str, columns: Sequence[str]) -> str:
        """Return it in SQL."""
        *changed, key = (f"{column} = %s" for column in columns)
        return f"UPDATE {table} SET {', '.join(changed)} WHERE {key}"  # noqa: S608 - our models' names


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


@dataclass(frozen=True, slots=True)
class _Written:
    """Statements in a database's words, and what each takes of its object.

    A column is an attribute's name, and the field that adapts it unless the driver
    takes it as it is.
    """

    texts: Sequence[str]
    columns: Sequence[Sequence[tuple[str, Field[Any, Any] | None]]]


class Together:
    """Several writes, one object each; PostgreSQL takes them in one round trip.

    There they are parts of one statement, so none of them sees what another one does.
    """

    def __init__(self, *statements: Insert | Update) -> None:
        self._statements = statements
        self._written: dict[str, _Written] = {}

    def run(self, *objects: Model) -> None:
        """Write them in their order."""
        written = self._written.get(connection.vendor) or self._write()
        values = [
            [
                getattr(each, name)
                if field is None
                else field.get_db_prep_save(getattr(each, name), connection)
                for name, field in columns
            ]
            for columns, each in zip(written.columns, objects, strict=True)
        ]
        if len(written.texts) == 1:
            values = [[value for each in values for value in each]]
        with connection.cursor() as cursor:
            for text, each in zip(written.texts, values, strict=True):
                cursor.execute(text, each)

    def _write(self) -> _Written:
        """Write the statements in the database's words, and keep them."""
        quote = connection.ops.quote_name
        is_postgresql = connection.vendor == "postgresql"
        texts, columns = [], []
        for one in self._statements:
            fields = one.fields()
            table = quote(one.model._meta.db_table)  # noqa: SLF001 - documented
            texts.append(
                one.text(table, [quote(str(field.column)) for field in fields])
            )
            columns.append(
                [
                    (
                        field.attname,
                        None
                        if is_postgresql and field.get_internal_type() in _AS_IT_IS
                        else field,
                    )
                    for field in fields
                ]
            )
        if is_postgresql and len(texts) > 1:
            *first, last = texts
            parts = [f"part{index} AS ({text})" for index, text in enumerate(first)]
            texts = [f"WITH {', '.join(parts)} {last}"]
        written = self._written[connection.vendor] = _Written(texts, columns)
        return written


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
        with connection.cursor() as cursor:
            cursor.execute(compiled.text, [adapted[at] for at in compiled.order])
            found = cursor.fetchone()
        if found is None:
            return None
        values = list(found)
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
        )
        self._compiled[connection.vendor] = compiled
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

    def objects(self, values: Sequence[Any]) -> tuple[Row, Model]:
        """Return the row and the related one."""
        own, other = (
            [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - documented
            for model in (self.model, self.related)
        )
        alias, width = connection.alias, len(own)
        return (
            self.model.from_db(alias, own, values[:width]),
            self.related.from_db(alias, other, values[width:]),
        )


_KEY: Final[UUIDField[Any, Any]] = UUIDField()
