"""Which tables belong to organizations: derived from the models, and nothing else."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import Model


def tenant_tables() -> dict[str, str]:
    """Return the tables that have a wall, and the column that says whose a row is."""
    return {
        model._meta.db_table: column  # noqa: SLF001 - documented
        for model in _models()
        if (column := _column(model)) is not None
    }


def unclassified() -> list[str]:
    """Return the models that name no organization and do not stand outside either."""
    return [
        model._meta.label  # noqa: SLF001 - documented
        for model in _models()
        if _column(model) is None and not _is_outside(model)
    ]


def _models() -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:  # noqa: SLF001 - documented
            yield model


def _column(model: type[Model]) -> str | None:
    if _is_outside(model):
        return None
    if model._meta.label == settings.ORGANIZATION_MODEL:  # noqa: SLF001 - documented
        return "id"
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented
    columns = (field.column for field in fields if field.attname == "organization_id")
    return next(columns, None)


def _is_outside(model: type[Model]) -> bool:
    return model._meta.label in settings.OUTSIDE_THE_WALLS  # noqa: SLF001 - documented
