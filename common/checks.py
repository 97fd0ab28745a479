"""Rules for `manage.py check`: who is kept apart from whom, and what opens fields."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from .encryption.keys import keyring
from .encryption.registry import complaints
from .models import FieldKey
from .tenancy.guard import excess_rights, missing_walls
from .tenancy.tables import unclassified

# The last of the migrations that built the first walls.
BUILT_BY: Final = "0003_row_level_security"


@register(Tags.models)
def every_model_has_a_place(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a model of which nobody said whose its rows are."""
    return [
        Error(
            f"{label} names no organization, and does not stand outside the walls.",
            hint="Give it `organization`, or a reason in config/settings/tenancy.py.",
            id="tenancy.E001",
        )
        for label in unclassified()
    ]


@register(Tags.database)
def walls_stand(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse tables without a policy, and a role that could walk around it.

    Needs ``--database default``. Before the first migration there are no tables.
    """
    if "default" not in (databases or ()) or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        walls = list(missing_walls(cursor)) if _is_migrated(cursor) else []
        rights = list(excess_rights(cursor)) if settings.DATABASE_LOGIN == "app" else []
    hint = "docs/security.md says what roles there are."
    return [
        *(Error(text, id="tenancy.E002") for text in walls),
        *(Error(text, hint=hint, id="tenancy.E003") for text in rights),
    ]


@register()
def field_keys_can_be_read(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse keys for fields that are none."""
    try:
        keyring()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="encryption.E002")]
    return []


@register(Tags.database)
def no_field_key_is_missing(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse to lack a key that something in the database was sealed with.

    Needs ``--database default``. Before the first migration there is nothing.
    """
    if "default" not in (databases or ()):
        return []
    if FieldKey._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001 - documented
        return []
    try:
        found = complaints(keyring())
    except ImproperlyConfigured:
        # The check above tells it.
        return []
    hint = "docs/encryption.md says how keys come and go."
    return [Error(text, hint=hint, id="encryption.E003") for text in found]


def _is_migrated(cursor: Any) -> bool:
    """Say whether the walls were built: `migrate` checks before it builds them."""
    cursor.execute("SELECT to_regclass('django_migrations')")
    if cursor.fetchone() == (None,):
        return False
    cursor.execute(
        "SELECT EXISTS (SELECT FROM django_migrations WHERE name = %s)", [BUILT_BY]
    )
    return bool(cursor.fetchone()[0])
