"""Operations for migrations: what stood in plain text is sealed, and back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db.migrations import RunPython

CHUNK: Final = 500
FORCED: Final = "SELECT relforcerowsecurity FROM pg_class WHERE oid = %s::regclass"


def seal_values(
    app: str, model: str, *, plain: str, sealed: str, indexes: Sequence[str] = ()
) -> RunPython:
    """Return what copies a plain column into a sealed one; empty objects stay NULL.

    The columns are named as they are then: a value is bound to its column's name.
    """

    def forwards(apps: Any, editor: Any) -> None:
        rows = apps.get_model(app, model).objects.exclude(**{f"{plain}__isnull": True})
        with _wall_down(editor, rows.model):
            _copy(rows, plain, sealed, [sealed, *indexes], lambda value: value != {})

    def backwards(apps: Any, editor: Any) -> None:
        rows = apps.get_model(app, model).objects.filter(**{f"{sealed}__isnull": False})
        with _wall_down(editor, rows.model):
            _copy(rows, sealed, plain, [plain], lambda _value: True)

    return RunPython(forwards, backwards)


def _copy(
    rows: Any,
    source: str,
    target: str,
    written: Sequence[str],
    is_kept: Callable[[Any], bool],
) -> None:
    for row in rows.iterator(chunk_size=CHUNK):
        value = getattr(row, source)
        if is_kept(value):
            setattr(row, target, value)
            row.save(update_fields=written)


@contextmanager
def _wall_down(editor: Any, model: Any) -> Iterator[None]:
    """Let the owner of a table see its rows, until the transaction's end at most.

    Other roles are granted what they may do after the last migration only.
    """
    table = editor.quote_name(model._meta.db_table)  # noqa: SLF001 - documented
    is_forced = False
    if editor.connection.vendor == "postgresql":
        with editor.connection.cursor() as cursor:
            cursor.execute(FORCED, [table])
            (is_forced,) = cursor.fetchone()
    if is_forced:
        editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    if is_forced:
        editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
